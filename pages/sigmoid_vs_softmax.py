"""Sigmoid against softmax: probabilities that compete, and probabilities that do not."""

from sigviz import ui

ui.page("sigmoid-vs-softmax")
