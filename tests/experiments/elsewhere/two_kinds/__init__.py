"""An LSTM beside a batch-normed perceptron, both under Adam: which remembers the first number?"""

from sigviz.experiments.registry import Experiment

from .figures import panels, worked
from .settings import Settings

EXPERIMENT = Experiment(settings=Settings, panels=panels, worked=worked)
