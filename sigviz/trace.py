"""Trace: what a run has recorded so far.

A run fills a trace in a worker process; the web process holds a copy that grows by `Update`s.
Rows once recorded never change, so a view of a growing trace needs no copy of its arrays.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
"""All that is recorded is float32, as it is trained."""

SAMPLED_ROWS = 16
"""Activation statistics are taken over the first rows of each batch, at most so many."""

WEIGHT_BYTES = 4_000_000
"""The final weights of so many seeds are kept as fit in; of one seed they are kept in any case."""

PLAYBACK_FRAMES = 60
"""How many moments of a run the playback shows, besides the start."""


def frame_steps(steps: int, count: int = PLAYBACK_FRAMES) -> list[int]:
    """At most ``count + 1`` steps of a run: the start, the end, and evenly between."""
    return sorted({round(i * steps / count) for i in range(count + 1)})


@dataclass(frozen=True)
class Layer:
    """One layer of every network.

    Attributes:
        weights: ``[variants, seeds, inputs, units]``.
        biases: ``[variants, seeds, units]``.
    """

    weights: Array
    biases: Array


@dataclass(frozen=True, eq=False)
class Trace:
    """What a run has recorded after `step` updates; equal to itself alone.

    Attributes:
        steps: Updates asked for.
        step: Updates done so far; records exist for steps 0 to `step`.
        series: One row per step, ``[step + 1, …]``: losses, gradient norms, …
        frames: One row per frame, ``[len(frame_steps), …]``: what is too large, or too slow, to
            keep at every step.
        frame_steps: At which step each of the `frames` was taken.
        frame_count: How many frames the run will have in the end.
        fixed: What does not change during a run: data points, grids, constants.
        layers: The weights after the last update, from the input on; none before, and none of a
            run that was stopped or that diverged. Of the first seeds, if all are too large.
        metrics: Named results so far, medians over the seeds.
        diverged_at: The first step with a loss or gradient that is not finite, if there is one.
        done: No more will come.
    """

    steps: int
    step: int = -1
    series: dict[str, Array] = field(default_factory=dict)
    frames: dict[str, Array] = field(default_factory=dict)
    frame_steps: list[int] = field(default_factory=list)
    frame_count: int = 0
    fixed: dict[str, Array] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()
    metrics: dict[str, float] = field(default_factory=dict)
    diverged_at: int | None = None
    done: bool = False

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays, for bounding what is kept."""
        arrays = [*self.series.values(), *self.frames.values(), *self.fixed.values()]
        arrays += [array for layer in self.layers for array in (layer.weights, layer.biases)]
        return sum(array.nbytes for array in arrays)

    def since(self, earlier: "Trace | None") -> "Trace":
        """What this trace holds beyond an `earlier` view of the same run: an update to send."""
        if earlier is None:
            return self
        row, frame = earlier.step + 1, len(earlier.frame_steps)
        return replace(
            self,
            series={name: rows[row:] for name, rows in self.series.items()},
            frames={name: rows[frame:] for name, rows in self.frames.items()},
            frame_steps=self.frame_steps[frame:],
            fixed={},
        )


class TraceBuilder:
    """A trace put together again from its updates, into arrays allocated once."""

    def __init__(self) -> None:
        self._series: dict[str, Array] = {}
        self._frames: dict[str, Array] = {}
        self.trace: Trace | None = None

    def add(self, update: Trace) -> Trace:
        """Append an update, made with `Trace.since` of the view before; returns the new view."""
        before = self.trace
        frames = (before.frame_steps if before else []) + update.frame_steps
        first, kept = (before.step + 1, len(before.frame_steps)) if before else (0, 0)
        for name, rows in update.series.items():
            whole = _allocated(self._series, name, update.steps + 1, rows)
            whole[first : update.step + 1] = rows
        for name, rows in update.frames.items():
            whole = _allocated(self._frames, name, update.frame_count, rows)
            whole[kept : len(frames)] = rows
        self.trace = replace(
            update,
            series={name: rows[: update.step + 1] for name, rows in self._series.items()},
            frames={name: rows[: len(frames)] for name, rows in self._frames.items()},
            frame_steps=frames,
            fixed=before.fixed if before else update.fixed,
        )
        return self.trace


def _allocated(into: dict[str, Array], name: str, length: int, rows: Array) -> Array:
    if name not in into:
        into[name] = np.empty((length, *rows.shape[1:]), rows.dtype)
    return into[name]
