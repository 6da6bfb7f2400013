"""A lab's page."""
