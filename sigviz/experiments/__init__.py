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

Worked = Callable[[TrainingSettings, Trace, int, int], str]
"""The formula worked through for one of a trace's frames and one of the variants, the first seed of
it, as Markdown with LaTeX."""


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


def worked_of(name: str) -> Worked:
    """The function that works an experiment's formula through with the numbers of a run."""
    worked: Worked = import_module(f"{_package(name)}.maths").worked
    return worked


def _package(name: str) -> str:
    if name not in names():
        raise ValueError(f"{name!r} is not an experiment; there are {', '.join(names())}")
    return f"{__name__}.{name.replace('-', '_')}"
