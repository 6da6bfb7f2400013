"""What belongs to the server and not to a page."""
