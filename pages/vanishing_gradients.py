"""Vanishing gradients: why the first layers of a deep sigmoid stack stand still."""

from sigviz import ui

ui.page("vanishing-gradients")
