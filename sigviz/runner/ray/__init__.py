"""Workers in a Ray cluster."""
