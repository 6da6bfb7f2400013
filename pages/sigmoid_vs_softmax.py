"""Sigmoid against softmax: probabilities that compete, and probabilities that do not."""

from sigviz import ui
from sigviz.experiments.sigmoid_vs_softmax.figures import panels
from sigviz.experiments.sigmoid_vs_softmax.settings import Settings

page = ui.page("sigmoid-vs-softmax", Settings)
settings = page.controls()
page.train(settings, panels)
