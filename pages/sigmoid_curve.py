"""The sigmoid curve: its value, its slope, and one neuron that learns."""

from sigviz import ui
from sigviz.experiments.sigmoid_curve.figures import panels
from sigviz.experiments.sigmoid_curve.settings import Settings

page = ui.page("sigmoid-curve", Settings)
settings = page.controls()
page.train(settings, panels)
