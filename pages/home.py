"""The course at a glance."""

from sigviz import ui

ui.home()
