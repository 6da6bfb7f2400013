"""Learners who speak the app's own websocket protocol with a real server, as a browser does."""
