"""A class at once: learners who speak the app's own websocket protocol with a real server."""
