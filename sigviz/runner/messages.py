"""What the web process and a worker say to each other.

A worker holds runs by number and trains one of them at a time; the others rest until their next
turn. To a worker: `Begin`, `Resume`, `Pause`, `Drop`. From it: `Ready` once, then `Progress`, and
one `Paused` or `Finished` for each `Begin` or `Resume`.
"""

from dataclasses import dataclass

from sigviz.settings import Job
from sigviz.trace import Trace


@dataclass(frozen=True)
class Begin:
    """To a worker at rest: a run to train."""

    number: int
    job: Job


@dataclass(frozen=True)
class Resume:
    """To a worker at rest: train a paused run on."""

    number: int


@dataclass(frozen=True)
class Pause:
    """To a worker: let this run rest after its current step, if it is the one being trained."""

    number: int


@dataclass(frozen=True)
class Drop:
    """To a worker: forget this run, whether it rests or is being trained."""

    number: int


@dataclass(frozen=True)
class Ready:
    """A worker's first message: it has imported what it needs."""


@dataclass(frozen=True)
class Progress:
    """From a worker: what a run has recorded since its last progress (`Trace.since`)."""

    number: int
    update: Trace


@dataclass(frozen=True)
class Paused:
    """From a worker: the run rests, and the worker is free."""

    number: int


@dataclass(frozen=True)
class Finished:
    """From a worker: the run is gone, complete, dropped or failed with a traceback."""

    number: int
    error: str | None = None


Order = Begin | Resume | Pause | Drop
Report = Ready | Progress | Paused | Finished
