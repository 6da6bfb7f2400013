"""Vanishing gradients: why the first layers of a deep sigmoid stack stand still."""

from sigviz import ui
from sigviz.experiments.vanishing_gradients.figures import panels
from sigviz.experiments.vanishing_gradients.settings import Settings

page = ui.page("vanishing-gradients", Settings)
settings = page.controls()
page.train(settings, panels)
