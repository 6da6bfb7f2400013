"""Sigmoid against softmax: probabilities that compete, and probabilities that do not."""
