"""The training loop. It knows nothing of display.

It hands out a `Trace` whenever `every` seconds have passed, so that whoever listens can draw while
it trains.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from types import MappingProxyType

import torch

from sigviz.trace import Array, Dims, Trace
from sigviz.training.arm import Arm
from sigviz.training.recorder import Recorder, final_weights

SECONDS_PER_UPDATE = 0.08
"""How often a running training hands out its trace."""

Metrics = Callable[[Trace], dict[str, float]]


def train(
    arms: Sequence[Arm],
    *,
    steps: int,
    seeds: int,
    activations: bool = True,
    end_together: bool = True,
    dims: Mapping[str, Dims] = MappingProxyType({}),
    fixed: Mapping[str, Array] = MappingProxyType({}),
    metrics: Metrics = lambda trace: {},
    every: float = SECONDS_PER_UPDATE,
) -> Iterator[Trace]:
    """Train the arms side by side, handing out what was recorded so far.

    Step t is recorded before update t: its loss, gradients and activations belong to the weights
    after t updates. A run records steps 0 to `steps`.

    A number that is not finite ends its arm: from that step on it has no records (NaN). With
    `end_together` it ends the run, whose trace then ends with the step before.

    Args:
        activations: Record statistics of the activations.
        dims: As in `Recorder`; and those of `fixed`, where they matter.
    """
    recorder = Recorder(arms, steps, seeds, activations=activations, dims=dims)
    running, diverged = list(arms), dict[str, int]()
    checked, due = 0, 0.0

    def trace(step: int) -> Trace:
        series = recorder.series(step)
        for arm in list(running):
            bad = recorder.first_bad(arm, series, checked)
            if bad is not None:
                diverged.update(dict.fromkeys(arm.variants, bad))
                running.remove(arm)
                if not end_together:
                    recorder.forget(arm, bad)
        last, over = step, step == steps
        if diverged and (end_together or not running):
            ends = diverged.values()
            last, over = max((min if end_together else max)(ends) - 1, 0), True
        so_far = Trace(
            steps=steps,
            step=last,
            series={name: rows[: last + 1] for name, rows in series.items()},
            frames=recorder.frames(last),
            dims={**dims, **recorder.dims},
            fixed=dict(fixed),
            weights=final_weights(running, seeds) if last == steps else {},
            diverged=dict(diverged),
            done=over,
        )
        so_far.metrics.update(metrics(so_far))
        return so_far

    for step in range(steps + 1):
        with torch.no_grad():
            if step:
                for arm in running:
                    arm.update()
            for arm in running:
                recorder.record(arm, step, arm.look(step))
            recorder.keep(running, step)
        if step == steps or perf_counter() >= due:
            now = trace(step)
            yield now
            if now.done:
                return
            checked, due = step + 1, perf_counter() + every
