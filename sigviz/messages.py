"""What the web process and a worker say to each other."""

from dataclasses import dataclass

from sigviz.settings import TrainingSettings

READY = "ready"
"""A worker's first message: it has imported all that it needs."""


@dataclass(frozen=True)
class Job:
    """To a worker: a run to do. ``None`` in its place stops the one under way."""

    experiment: str
    settings: TrainingSettings


@dataclass(frozen=True)
class Finished:
    """From a worker: a job's end; complete, stopped on request, or failed with a traceback."""

    error: str | None = None
