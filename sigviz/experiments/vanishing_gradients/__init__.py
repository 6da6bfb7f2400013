"""Vanishing gradients: deep stacks of sigmoids, and of what replaced them."""
