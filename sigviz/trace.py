"""Trace: what a run has recorded so far.

A run fills a trace in a worker process; the web process holds a copy that grows by updates. Rows
once recorded never change, so a view of a growing trace needs no copy of its arrays.

Every array's dimensions have names (`Trace.dims`). The first is one of the run's three grids:

- ``step``: every step from 0 on, before its update
- ``frame``: the moments that playback shows, at most `PLAYBACK_FRAMES` and the start
- ``checkpoint``: some of the frames, for what takes long to find out
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
"""All that is recorded is float32, as it is trained."""

Dims = tuple[str, ...]
"""Names of an array's dimensions: step, layer, unit, time, variant, seed, …"""

SAMPLED_ROWS = 16
"""Activation statistics are taken over the first rows of each batch, at most so many."""

WEIGHT_BYTES = 4_000_000
"""The final weights of so many seeds are kept as fit in; of one seed they are kept in any case."""

PLAYBACK_FRAMES, CHECKPOINTS = 60, 20
"""How many frames and checkpoints a run has at most, besides the start."""


def frame_steps(steps: int, count: int = PLAYBACK_FRAMES) -> list[int]:
    """At most ``count + 1`` steps of a run: the start, the end, and evenly between."""
    return sorted({round(i * steps / count) for i in range(count + 1)})


def checkpoint_steps(steps: int) -> list[int]:
    """The steps of a run's checkpoints; each is a frame, too."""
    return frame_steps(steps, CHECKPOINTS)


def grid(dims: Dims, steps: int) -> Sequence[int]:
    """At which steps of a run of so many the rows of an array with these dimensions are recorded.

    Raises:
        KeyError: Its first dimension is no grid.
    """
    return {"step": _every_step, "frame": frame_steps, "checkpoint": checkpoint_steps}[dims[0]](
        steps
    )


def _every_step(steps: int) -> Sequence[int]:
    return range(steps + 1)


@dataclass(frozen=True, eq=False)
class Trace:
    """What a run has recorded after `step` updates; equal to itself alone.

    Attributes:
        steps: Updates asked for.
        step: Updates done so far; records exist for steps 0 to `step`.
        series: One row per step: losses, gradient norms, …
        frames: One row per frame or per checkpoint: what is too large, or too slow, to keep at
            every step.
        dims: The names of the dimensions of all these arrays and, where they have any to speak of,
            of the `fixed` ones.
        fixed: What does not change during a run: data points, grids, constants.
        weights: The parameters after the last update, by variant and by PyTorch's name,
            ``[seeds, …]``; none before, and none of a run that was stopped or that diverged. Of the
            first seeds, if all are too large.
        metrics: Named results so far, medians over the seeds.
        diverged: For each variant that met a number that is not finite, at which step.
        done: No more will come.
    """

    steps: int
    step: int = -1
    series: dict[str, Array] = field(default_factory=dict)
    frames: dict[str, Array] = field(default_factory=dict)
    dims: Mapping[str, Dims] = field(default_factory=dict)
    fixed: dict[str, Array] = field(default_factory=dict)
    weights: dict[str, dict[str, Array]] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    diverged: dict[str, int] = field(default_factory=dict)
    done: bool = False

    @property
    def diverged_at(self) -> int | None:
        """The first step with a number that is not finite, if there is one."""
        return min(self.diverged.values(), default=None)

    @property
    def frame_steps(self) -> list[int]:
        """The steps of the frames that there are so far."""
        return self._so_far(frame_steps(self.steps))

    @property
    def worked_steps(self) -> list[int]:
        """The steps of which everything has been recorded: the checkpoints, if there are any."""
        names = [name for name in self.frames if self.dims[name][0] == "checkpoint"]
        return self.steps_of(names[0]) if names else self.frame_steps

    def steps_of(self, name: str) -> list[int]:
        """The steps at which the rows of a series or of frames were recorded."""
        return self._so_far(grid(self.dims[name], self.steps))

    def _so_far(self, steps: Sequence[int]) -> list[int]:
        return [step for step in steps if step <= self.step]

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays, for bounding what is kept."""
        arrays = [*self.series.values(), *self.frames.values(), *self.fixed.values()]
        arrays += [array for named in self.weights.values() for array in named.values()]
        return sum(array.nbytes for array in arrays)

    def since(self, earlier: "Trace | None") -> "Trace":
        """What this trace holds beyond an `earlier` view of the same run: an update to send."""
        if earlier is None:
            return self
        return replace(
            self,
            series={name: rows[earlier.step + 1 :] for name, rows in self.series.items()},
            frames={name: rows[len(earlier.frames[name]) :] for name, rows in self.frames.items()},
            dims={},
            fixed={},
        )


def layers_of(weights: Mapping[str, Array]) -> dict[str, dict[str, Array]]:
    """A variant's parameters by layer, from the input on.

    ``{"0.weight": w, "0.bias": b, "2.weight": …}`` to ``{"0": {"weight": w, "bias": b}, "2": …}``.
    """
    layers: dict[str, dict[str, Array]] = {}
    for name, values in weights.items():
        layer, _, parameter = name.rpartition(".")
        layers.setdefault(layer, {})[parameter] = values
    return layers


class TraceBuilder:
    """A trace put together again from its updates, into arrays allocated once."""

    def __init__(self) -> None:
        self._series: dict[str, Array] = {}
        self._frames: dict[str, Array] = {}
        self.trace: Trace | None = None

    def add(self, update: Trace) -> Trace:
        """Append an update, made with `Trace.since` of the view before; returns the new view."""
        before = self.trace
        whole = replace(
            update,
            dims=before.dims if before else update.dims,
            fixed=before.fixed if before else update.fixed,
        )
        first = before.step + 1 if before else 0
        for name, rows in update.series.items():
            all_rows = _allocated(self._series, name, update.steps + 1, rows)
            all_rows[first : update.step + 1] = rows
        for name, rows in update.frames.items():
            count = len(whole.steps_of(name))
            length = len(grid(whole.dims[name], update.steps))
            all_rows = _allocated(self._frames, name, length, rows)
            all_rows[count - len(rows) : count] = rows
        self.trace = replace(
            whole,
            series={name: rows[: update.step + 1] for name, rows in self._series.items()},
            frames={name: rows[: len(whole.steps_of(name))] for name, rows in self._frames.items()},
        )
        return self.trace


def _allocated(into: dict[str, Array], name: str, length: int, rows: Array) -> Array:
    if name not in into:
        into[name] = np.empty((length, *rows.shape[1:]), rows.dtype)
    return into[name]
