"""Vanishing gradients: deep stacks of sigmoids, and of what replaced them."""

from sigviz.experiments.registry import Experiment
from sigviz.experiments.vanishing_gradients.figures import panels
from sigviz.experiments.vanishing_gradients.maths import worked
from sigviz.experiments.vanishing_gradients.settings import Settings

EXPERIMENT = Experiment(settings=Settings, panels=panels, worked=worked)
