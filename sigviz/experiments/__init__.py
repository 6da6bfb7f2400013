"""The experiments, one folder each; a new folder is found by being there.

An experiment is called by its folder's name with hyphens: ``vanishing-gradients``.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from sigviz.settings import TrainingSettings
from sigviz.trace import Trace

Run = Callable[[TrainingSettings], Iterator[Trace]]


@cache
def names() -> tuple[str, ...]:
    """The names of all experiments."""
    folders = sorted(path.parent for path in Path(__file__).parent.glob("*/settings.py"))
    return tuple(folder.name.replace("_", "-") for folder in folders)


def settings_of(name: str) -> type[TrainingSettings]:
    """The `Settings` class of an experiment.

    Raises:
        ValueError: There is no experiment of that name.
    """
    settings: type[TrainingSettings] = import_module(f"{_package(name)}.settings").Settings
    return settings


def run_of(name: str) -> Run:
    """The function that runs an experiment. Imports torch: for worker processes."""
    run: Run = import_module(f"{_package(name)}.run").run
    return run


def _package(name: str) -> str:
    if name not in names():
        raise ValueError(f"{name!r} is not an experiment; there are {', '.join(names())}")
    return f"{__name__}.{name.replace('-', '_')}"
