"""MSE against BCE: the same wrong neuron, and how fast each loss puts it right."""

from sigviz.experiments.mse_vs_bce.figures import panels
from sigviz.experiments.mse_vs_bce.maths import worked
from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.experiments.registry import Experiment

EXPERIMENT = Experiment(settings=Settings, panels=panels, worked=worked)
