"""Which experiments there are; a new folder is found by being there.

An experiment's folder registers it in its ``__init__.py``, once and for all:
``EXPERIMENT = Experiment(settings=Settings, panels=panels, worked=worked)``. Beside that it has
``run.py``, whose ``run`` trains, and ``script.py.jinja``, the same in plain PyTorch.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Generic

from sigviz import experiments
from sigviz.charts.panels import DrawPanels
from sigviz.data.table import Table
from sigviz.settings import Chosen_co, Job
from sigviz.trace import Trace

WorkThrough = Callable[[Job[Any], Trace, int, int], str]
"""The formula worked through for one of a trace's frames and one of the variants, the first seed of
it, as Markdown with LaTeX."""


@dataclass(frozen=True)
class Experiment(Generic[Chosen_co]):
    """One experiment: all that the rest of the app has to know of it.

    Attributes:
        settings: Its `Settings`, in a module of the experiment's folder.
        panels: Draws what a run has recorded.
        worked: Works its formula through with the numbers of a run.
    """

    settings: type[Chosen_co]
    panels: DrawPanels
    worked: WorkThrough

    @property
    def name(self) -> str:
        """Its folder's name with hyphens: ``vanishing-gradients``."""
        return self._package.rpartition(".")[2].replace("_", "-")

    @property
    def title(self) -> str:
        return self.settings.TITLE

    @property
    def about(self) -> str:
        """What it trains, in a sentence."""
        return " ".join((self.settings.__doc__ or "").split())

    @property
    def template(self) -> Path:
        """The template of its script."""
        (folder,) = import_module(self._package).__path__
        return Path(folder) / "script.py.jinja"

    def job(self, table: Table | None = None, /, **fields: Any) -> Job[Chosen_co]:
        """A run of its default settings, some fields of which are changed.

        Raises:
            ValueError: A field may not have such a value, or asks for data that is not there.
        """
        return Job(self.name, self.settings.model_validate(fields), table)

    def run(self, job: Job[Any]) -> Iterator[Trace]:
        """Train; hands out the trace as it grows. Imports torch: for worker processes."""
        return self.load()(job)

    def load(self) -> Callable[[Job[Any]], Iterator[Trace]]:
        """What `run` calls, imported."""
        trains: Callable[[Job[Any]], Iterator[Trace]] = import_module(f"{self._package}.run").run
        return trains

    @property
    def _package(self) -> str:
        return self.settings.__module__.rpartition(".")[0]


def names() -> tuple[str, ...]:
    """The names of all experiments."""
    folders = (module.name for module in iter_modules(experiments.__path__) if module.ispkg)
    return tuple(folder.replace("_", "-") for folder in sorted(folders))


def find(name: str) -> Experiment:
    """The experiment of this name.

    Raises:
        ValueError: There is none.
    """
    if name not in names():
        raise ValueError(f"{name!r} is not an experiment; there are {', '.join(names())}")
    module = import_module(f"{experiments.__name__}.{name.replace('-', '_')}")
    experiment: Experiment = module.EXPERIMENT
    return experiment
