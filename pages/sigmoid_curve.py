"""The sigmoid curve: its value, its slope, and one neuron that learns."""

from sigviz import ui

ui.page("sigmoid-curve")
