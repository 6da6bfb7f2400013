"""The training loop, and what it records at every step.

The loop knows nothing of display. It fills preallocated tensors and hands out a `Trace` whenever
`every` seconds have passed, so that whoever listens can draw while it trains.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from time import perf_counter
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor

from sigviz.trace import (
    PLAYBACK_FRAMES,
    SAMPLED_ROWS,
    WEIGHT_BYTES,
    Array,
    Layer,
    Trace,
    frame_steps,
)
from sigviz.training.losses import Loss
from sigviz.training.networks import Stack

SECONDS_PER_UPDATE = 0.08
"""How often a running training hands out its trace."""

SAMPLED_BYTES = 250_000
"""Samples of activations are kept until they are so large, and then summed up together;
much more would leave the processor's cache."""

Batch = Callable[[], tuple[Tensor, Tensor]]
"""Gives the next step's inputs ``[K, batch, features]`` and targets ``[K, batch, …]``."""

Frame = Callable[[], dict[str, Tensor]]
"""What to keep of the networks at a frame: tensors that start with ``K``."""

Watch = Callable[[Tensor, Tensor], Tensor]
"""A number to record at every step for each network, ``[K]``, from its logits and targets."""

Metrics = Callable[[Trace], dict[str, float]]


class Recorder:
    """Preallocated tensors, one row per step, for what every training records.

    The K networks are `variants` × `seeds`; recorded arrays end with these two axes:

    - ``loss`` ``[steps + 1, variants, seeds]``
    - ``gradient_norm`` ``[steps + 1, layers, variants, seeds]``: Frobenius norm of each layer's
      weight gradient, before the update of that step. Its squares are summed in float64: in
      float32 they underflow, and the norm would be 0, from gradients of about 1e-23 on
    - ``activation_mean``, ``activation_spread``, ``activation_saturated``
      ``[steps + 1, hidden layers, variants, seeds]``: mean, standard deviation and share saturated
      over units and the batch's first `SAMPLED_ROWS` rows
    - what the experiment watches besides, ``[steps + 1, variants, seeds]``, under its name
    """

    def __init__(
        self,
        stack: Stack,
        steps: int,
        variants: int,
        seeds: int,
        *,
        frame_count: int,
        activations: bool,
        watch: Mapping[str, Watch],
    ):
        layers, self._networks = len(stack.weights), (variants, seeds)
        shapes: dict[str, tuple[int, ...]] = {"loss": ()}
        if activations and layers > 1:
            for name in ("activation_mean", "activation_spread", "activation_saturated"):
                shapes[name] = (layers - 1,)
        shapes |= dict.fromkeys(watch, ())
        self._stack, self._watch = stack, watch
        self._series = {
            name: torch.empty(steps + 1, *shape, variants * seeds) for name, shape in shapes.items()
        }
        self._norms = torch.empty(steps + 1, layers, variants * seeds, dtype=torch.float64)
        self._samples: list[Tensor] = []
        self._summed_up = 0
        self._frames: dict[str, Array] = {}
        self._frame_count, self._frames_kept = frame_count, 0

    @torch.no_grad()
    def record(
        self, step: int, losses: Tensor, logits: Tensor, targets: Tensor, hidden: list[Tensor]
    ) -> None:
        """Record the losses ``[K]``, the gradients and the activations of one step."""
        self._series["loss"][step] = losses
        for name, watched in self._watch.items():
            self._series[name][step] = watched(logits, targets)
        for layer, weight in enumerate(self._stack.weights):
            torch.linalg.vector_norm(
                weight.grad, dim=(1, 2), dtype=torch.float64, out=self._norms[step, layer]
            )
        if "activation_mean" in self._series:
            sample = torch.stack([layer[:, :SAMPLED_ROWS] for layer in hidden], dim=1)
            self._samples.append(sample)
            if len(self._samples) * sample.nbytes > SAMPLED_BYTES:
                self._sum_up()

    @torch.no_grad()
    def _sum_up(self) -> None:
        """Statistics of the activations sampled since the last time, all steps at once.

        One step at a time, calling the operations would take longer than their work.
        """
        for _, group in groupby(self._samples, key=Tensor.size):
            samples = torch.stack(list(group), dim=1).flatten(3)
            mean = samples.mean(3)
            saturated = self._stack.saturated(samples).mean(3, dtype=torch.float32)
            norm = torch.linalg.vector_norm(samples.sub_(mean.unsqueeze(3)), dim=3)
            first, last = self._summed_up, self._summed_up + samples.shape[1]
            for name, values in (
                ("mean", mean),
                ("saturated", saturated),
                ("spread", norm / samples.shape[3] ** 0.5),
            ):
                self._series[f"activation_{name}"][first:last] = values.permute(1, 2, 0)
            self._summed_up = last
        self._samples.clear()

    def keep_frame(self, frame: dict[str, Tensor]) -> None:
        """Keep the tensors of a frame, each ``[K, …]``, as a row ``[variants, seeds, …]``."""
        for name, values in frame.items():
            rows = values.reshape(*self._networks, *values.shape[1:]).numpy()
            if name not in self._frames:
                self._frames[name] = np.empty((self._frame_count, *rows.shape), rows.dtype)
            self._frames[name][self._frames_kept] = rows
        self._frames_kept += 1

    def series(self, step: int) -> dict[str, Array]:
        """The recorded rows up to `step`."""
        self._sum_up()
        recorded = {**self._series, "gradient_norm": self._norms}
        return {
            name: rows[: step + 1].float().unflatten(-1, self._networks).numpy()
            for name, rows in recorded.items()
        }

    def frames(self, count: int) -> dict[str, Array]:
        """The first `count` frames, without a copy."""
        return {name: rows[:count] for name, rows in self._frames.items()}


def train(
    stack: Stack,
    batch: Batch,
    loss: Loss,
    *,
    learning_rate: float,
    steps: int,
    variants: int,
    seeds: int,
    activations: bool = True,
    watch: Mapping[str, Watch] = MappingProxyType({}),
    frame: Frame = dict,
    frames: int = PLAYBACK_FRAMES,
    fixed: dict[str, Array] | None = None,
    metrics: Metrics = lambda trace: {},
    every: float = SECONDS_PER_UPDATE,
) -> Iterator[Trace]:
    """Train a stack by stochastic gradient descent, handing out what was recorded so far.

    Step t is recorded before update t: its loss, gradients and activations belong to the weights
    after t updates. A run records steps 0 to `steps`. A step with a number that is not finite ends
    the run: the last trace then tells it and ends with the step before.
    """
    parameters = stack.parameters()
    frames_at = frame_steps(steps, frames)
    recorder = Recorder(
        stack,
        steps,
        variants,
        seeds,
        frame_count=len(frames_at),
        activations=activations,
        watch=watch,
    )
    kept, checked, due = 0, 0, 0.0

    def trace(step: int) -> Trace:
        series = recorder.series(step)
        bad = _first_not_finite(series, checked)
        last = step if bad is None else max(bad - 1, 0)
        count = sum(at <= last for at in frames_at[:kept])
        over = bad is None and step == steps
        so_far = Trace(
            steps=steps,
            step=last,
            series={name: rows[: last + 1] for name, rows in series.items()},
            frames=recorder.frames(count),
            frame_steps=frames_at[:count],
            frame_count=len(frames_at),
            fixed=fixed or {},
            layers=_layers(stack, variants, seeds) if over else (),
            diverged_at=bad,
            done=bad is not None or over,
        )
        so_far.metrics.update(metrics(so_far))
        return so_far

    for step in range(steps + 1):
        x, y = batch()
        logits, hidden = stack.forward(x)
        losses = loss(logits, y)
        for parameter in parameters:
            parameter.grad = None
        losses.sum().backward()  # given a gradient to begin with, it would import sympy
        recorder.record(step, losses, logits, y, hidden)
        if step == frames_at[kept]:
            with torch.no_grad():
                recorder.keep_frame(frame())
            kept += 1
        if step == steps or perf_counter() >= due:
            now = trace(step)
            yield now
            if now.done:
                return
            checked, due = step + 1, perf_counter() + every
        _descend(parameters, learning_rate)


@torch.no_grad()
def _descend(parameters: list[Tensor], learning_rate: float) -> None:
    """What ``torch.optim.SGD`` does, whose construction would import PyTorch's compiler."""
    for parameter in parameters:
        assert parameter.grad is not None, "an update follows a backward pass"
        parameter.add_(parameter.grad, alpha=-learning_rate)


@torch.no_grad()
def _layers(stack: Stack, variants: int, seeds: int) -> tuple[Layer, ...]:
    """A copy of a stack's weights, of as many seeds as fit in `WEIGHT_BYTES`."""
    parameters = [tensor.unflatten(0, (variants, seeds)) for tensor in stack.parameters()]
    kept = max(1, WEIGHT_BYTES * seeds // sum(tensor.nbytes for tensor in parameters))
    copies = [tensor[:, :kept].clone().numpy() for tensor in parameters]
    half = len(stack.weights)
    return tuple(
        Layer(weights, biases.squeeze(2))
        for weights, biases in zip(copies[:half], copies[half:], strict=True)
    )


def _first_not_finite(series: dict[str, Array], start: int) -> int | None:
    """The first step from `start` on at which anything recorded is NaN or infinite."""
    bad = np.zeros(len(series["loss"]) - start, bool)
    for rows in series.values():
        bad |= ~np.isfinite(rows[start:].reshape(len(bad), -1)).all(1)
    return start + int(bad.argmax()) if bad.any() else None
