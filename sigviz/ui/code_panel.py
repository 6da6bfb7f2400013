"""The code: a plain PyTorch script of what is on screen, to copy or to download."""

from sigviz.settings import TrainingSettings


def code(name: str, settings: TrainingSettings) -> None:
    """A fold-out with the script of a run."""
