"""Finished trainings, kept within a bound in bytes; what was asked for least recently goes first.

A run is a pure function of its settings: what is remembered is what training it again would give.
"""

from collections import OrderedDict
from dataclasses import replace

from sigviz.runner.runs import Training
from sigviz.settings import TrainingSettings
from sigviz.trace import Array, Trace

Key = tuple[str, TrainingSettings]

OVERHEAD = 16_384
"""Bytes counted for what a training is besides its arrays."""


class Memory:
    """Remembers trainings up to a number of bytes. Not safe for threads by itself."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._kept: OrderedDict[Key, tuple[Training, int]] = OrderedDict()
        self.nbytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, training: Training) -> None:
        """Remember a training that is complete, in place of an earlier one of the same settings."""
        key = training.key
        if key is None or training.trace is None:
            return
        training.trace = _compact(training.trace)
        size = training.trace.nbytes + OVERHEAD
        self._forget(key)
        if size > self._bound:
            return
        self._kept[key] = training, size
        self.nbytes += size
        while self.nbytes > self._bound:
            self._forget(next(iter(self._kept)))

    def recall(self, key: Key) -> Training | None:
        """The training of these settings, if it is remembered."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def _forget(self, key: Key) -> None:
        _, size = self._kept.pop(key, (None, 0))
        self.nbytes -= size


def _compact(trace: Trace) -> Trace:
    """The same trace without the rows that were set aside and, after a divergence, never filled."""
    if not any(map(_roomy, (*trace.series.values(), *trace.frames.values()))):
        return trace
    return replace(trace, series=_copied(trace.series), frames=_copied(trace.frames))


def _roomy(array: Array) -> bool:
    return bool(getattr(array.base, "nbytes", 0) > array.nbytes)


def _copied(arrays: dict[str, Array]) -> dict[str, Array]:
    return {name: array.copy() for name, array in arrays.items()}
