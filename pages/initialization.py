"""Initialization: what ten equal units can and cannot learn, and what random ones can."""

from sigviz import ui

ui.page("initialization")
