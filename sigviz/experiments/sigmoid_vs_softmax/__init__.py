"""Sigmoid against softmax: probabilities that compete, and probabilities that do not."""

from sigviz.experiments.registry import Experiment
from sigviz.experiments.sigmoid_vs_softmax.figures import panels
from sigviz.experiments.sigmoid_vs_softmax.maths import worked
from sigviz.experiments.sigmoid_vs_softmax.settings import Settings

EXPERIMENT = Experiment(settings=Settings, panels=panels, worked=worked)
