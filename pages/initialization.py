"""Initialization: what ten equal units can and cannot learn, and what random ones can."""

from sigviz import ui
from sigviz.experiments.initialization.figures import panels
from sigviz.experiments.initialization.settings import Settings

page = ui.page("initialization", Settings)
settings = page.controls()
page.train(settings, panels)
