"""Finished trainings, kept within a bound in bytes.

What nobody has asked for yet is the first to be forgotten, the newest first: the most likely wish
is trained ahead first. Then goes what was asked for least recently.

A run is a pure function of its job: what is remembered is what training it again would give.
"""

from contextlib import suppress
from dataclasses import replace

from cachetools import Cache, LRUCache

from sigviz.runner.runs import Training
from sigviz.settings import Job
from sigviz.trace import Array, Trace

OVERHEAD = 16_384
"""Bytes counted for what a training is besides its arrays."""


class _Kept(LRUCache[Job, Training]):
    """Forgets what was trained ahead in vain before what was asked for."""

    def popitem(self) -> tuple[Job, Training]:
        """Make room."""
        in_vain = [job for job in self if not self._untouched(job).asked]
        if not in_vain:
            return super().popitem()
        return in_vain[-1], self.pop(in_vain[-1])

    def room_ahead(self) -> float:
        """Bytes that what was asked for leaves."""
        asked = [training for training in map(self._untouched, self) if training.asked]
        return float(self.maxsize) - sum(map(_nbytes, asked))

    def _untouched(self, job: Job) -> Training:
        """A training, without taking this for the wish to see it."""
        training: Training = Cache.__getitem__(self, job)
        return training


class Memory:
    """Remembers trainings up to a number of bytes. Not safe for threads by itself."""

    def __init__(self, bound: int) -> None:
        self._kept = _Kept(bound, getsizeof=_nbytes)

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
        if not training.asked and _nbytes(training) > self._kept.room_ahead():
            return
        self._kept.pop(key, None)
        with suppress(ValueError):  # it alone is larger than the memory
            self._kept[key] = training

    def recall(self, job: Job) -> Training | None:
        """The training of this job, if it is remembered; from now on it counts as asked for."""
        training: Training | None = self._kept.get(job)
        if training:
            training.asked = True
        return training

    def __contains__(self, job: Job) -> bool:
        return job in self._kept


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
