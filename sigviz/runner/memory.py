"""Finished trainings, kept within a bound in bytes; what was asked for least recently goes first.

A run is a pure function of its job: what is remembered is what training it again would give.
"""

from contextlib import suppress
from dataclasses import replace

from cachetools import LRUCache

from sigviz.runner.runs import Training
from sigviz.settings import Job
from sigviz.trace import Array, Trace

OVERHEAD = 16_384
"""Bytes counted for what a training is besides its arrays."""


class Memory:
    """Remembers trainings up to a number of bytes. Not safe for threads by itself."""

    def __init__(self, bound: int) -> None:
        self._kept: LRUCache[Job, Training] = LRUCache(bound, getsizeof=_nbytes)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def nbytes(self) -> int:
        """Bytes of all that is remembered."""
        return int(self._kept.currsize)

    def keep(self, training: Training) -> None:
        """Remember a training that is complete, in place of an earlier one of the same job."""
        key = training.job.key
        if key is None or training.trace is None:
            return
        training.trace = _compact(training.trace)
        self._kept.pop(key, None)
        with suppress(ValueError):  # it alone is larger than the memory
            self._kept[key] = training

    def recall(self, job: Job) -> Training | None:
        """The training of this job, if it is remembered."""
        return self._kept.get(job)


def _nbytes(training: Training) -> int:
    return OVERHEAD + (training.trace.nbytes if training.trace else 0)


def _compact(trace: Trace) -> Trace:
    """The same trace without the rows that were set aside and, after a divergence, never filled."""
    if not any(map(_roomy, (*trace.series.values(), *trace.frames.values()))):
        return trace
    return replace(trace, series=_copied(trace.series), frames=_copied(trace.frames))


def _roomy(array: Array) -> bool:
    return bool(getattr(array.base, "nbytes", 0) > array.nbytes)


def _copied(arrays: dict[str, Array]) -> dict[str, Array]:
    return {name: array.copy() for name, array in arrays.items()}
