"""Initialization: what a sigmoid network's first weights decide, from constants to Xavier."""

from sigviz.experiments.initialization.figures import panels
from sigviz.experiments.initialization.maths import worked
from sigviz.experiments.initialization.settings import Settings
from sigviz.experiments.registry import Experiment

EXPERIMENT = Experiment(settings=Settings, panels=panels, worked=worked)
