"""The maths: the page's formula, worked through with the numbers of the run."""

from sigviz.settings import TrainingSettings
from sigviz.trace import Trace


def maths(name: str, settings: TrainingSettings, trace: Trace) -> None:
    """A fold-out with the formula and, for a step that the learner chooses, its numbers."""
