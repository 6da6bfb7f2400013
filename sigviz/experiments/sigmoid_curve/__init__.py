"""The sigmoid curve: its value, its slope, and one neuron that learns."""

from sigviz.experiments.registry import Experiment
from sigviz.experiments.sigmoid_curve.figures import panels
from sigviz.experiments.sigmoid_curve.maths import worked
from sigviz.experiments.sigmoid_curve.settings import Settings

EXPERIMENT = Experiment(settings=Settings, panels=panels, worked=worked)
