"""What is drawn: panels, their colours, and the live figure that the browser shows them in."""
