"""Compute the curves in the chosen precision, then train one neuron by gradient descent."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import torch
from torch import Generator, Tensor, nn

from sigviz.experiments.sigmoid_curve.lowest import lowest
from sigviz.experiments.sigmoid_curve.settings import CLUSTER_ROWS, Settings
from sigviz.formulas.activations import ACTIVATIONS
from sigviz.settings import Job
from sigviz.trace import Array, Trace
from sigviz.training import datasets
from sigviz.training.arm import Arm
from sigviz.training.initializers import Initializer, linear_layers
from sigviz.training.loop import train
from sigviz.training.losses import bce_with_logits
from sigviz.training.networks import stacked
from sigviz.training.optimizers import SGD
from sigviz.training.plain import perceptron

CURVE_POINTS, NEURON_POINTS = 401, 121

LEAST_REACH = 10.0
"""The curves are drawn at least from minus this to this."""

CLOSE, FAR, FURTHEST = 33, 12, 200.0
"""Points of the loss surface's grid on either axis, near the descent and on each side of that, and
how far out it goes: a large learning rate throws the neuron a long way."""


def run(job: Job[Settings]) -> Iterator[Trace]:
    """Train `repeats` neurons from the same start; hands out the trace as it grows.

    Series, beside the usual: ``weight``, ``bias`` and ``accuracy`` ``[steps + 1, 1, seeds]``.
    Frames, ``[frames, 1, seeds, …]``: ``curve`` ``[points]``, each neuron's output at ``curve_x``;
    ``row_logit`` and ``row_output``, its logit and output for the first row; ``weight_gradient``
    and ``bias_gradient``.
    Fixed: what `_curves` and `_landscape` return, and ``curve_x``.
    """
    settings = job.settings
    x, y = _data(settings)
    sizes = settings.layer_sizes()
    start = _starting_at(settings.weight, settings.bias)
    stack = stacked(
        [perceptron(linear_layers(sizes, start, seed), "sigmoid") for seed in settings.seeds]
    )
    weight, bias = (stack[0].get_parameter(name) for name in ("weight", "bias"))
    spare = 0.05 * (x.max() - x.min()).item()
    across = torch.linspace(x.min().item() - spare, x.max().item() + spare, NEURON_POINTS)
    read = _probed(settings.probe, getattr(torch, settings.precision))

    def frame() -> dict[str, Tensor]:
        logits = stack.evaluate(across[:, None].expand(settings.repeats, -1, 1))
        row = stack.evaluate(x[:, :1])[:, 0, 0]
        assert weight.grad is not None, "a frame is kept after the backward pass"
        assert bias.grad is not None
        return {
            "curve": torch.sigmoid(logits[:, :, 0]),
            "row_logit": row,
            "row_output": torch.sigmoid(row),
            "weight_gradient": weight.grad[:, 0, 0],
            "bias_gradient": bias.grad[:, 0],
        }

    def metrics(trace: Trace) -> dict[str, float]:
        series = trace.series
        return {
            **read,
            "fitted_weight": float(np.median(series["weight"][-1])),
            "fitted_bias": float(np.median(series["bias"][-1])),
            "initial_loss": float(np.median(series["loss"][0])),
            "final_loss": float(np.median(series["loss"][-1])),
            "accuracy": float(np.median(series["accuracy"][-1])),
        }

    arm = Arm(
        variants=settings.variants,
        model=stack,
        batch=lambda step: (x, y),
        loss=bce_with_logits,
        optimizer=SGD(settings.learning_rate),
        watch={
            "weight": lambda logits, targets: weight[:, 0, 0],
            "bias": lambda logits, targets: bias[:, 0],
            "accuracy": lambda logits, targets: ((logits > 0) == (targets > 0)).mean(
                (1, 2), dtype=torch.float32
            ),
        },
        frame=frame,
    )
    return train(
        [arm],
        steps=settings.steps,
        seeds=settings.repeats,
        dims={"curve": ("variant", "seed", "x")},
        fixed={**_curves(settings), **_landscape(settings, x[0], y[0]), "curve_x": across.numpy()},
        metrics=metrics,
    )


def _data(settings: Settings) -> tuple[Tensor, Tensor]:
    """Inputs and targets of every seed, each ``[seeds, rows, 1]``."""
    if settings.dataset == "tumour-radius":
        pairs = [datasets.tumour_radius()] * settings.repeats
    else:
        pairs = [datasets.two_clusters(CLUSTER_ROWS, seed) for seed in settings.seeds]
    return torch.stack([x for x, _ in pairs]), torch.stack([y[:, None] for _, y in pairs])


def _starting_at(weight: float, bias: float) -> Initializer:
    """An initializer that draws nothing: the learner has chosen the start."""

    def initialize(layer: nn.Linear, _: Generator) -> None:
        nn.init.constant_(layer.weight, weight)
        nn.init.constant_(layer.bias, bias)

    return initialize


def _probed(probe: float, precision: torch.dtype) -> dict[str, float]:
    """The sigmoid and its slope at one input, and where it saturates."""
    z = torch.tensor(probe, dtype=precision, requires_grad=True)
    sigmoid = torch.sigmoid(z)
    (slope,) = torch.autograd.grad(sigmoid, z)
    return {
        "sigmoid": sigmoid.item(),
        "derivative": slope.item(),
        "saturates_at": saturates_at(precision),
    }


@cache
def saturates_at(precision: torch.dtype) -> float:
    """The smallest number whose sigmoid is exactly 1, by halving down to two neighbours."""
    low, high = torch.tensor(0.0, dtype=precision), torch.tensor(100.0, dtype=precision)
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return high.item()
        if torch.sigmoid(middle) == 1:
            high = middle
        else:
            low = middle


def _curves(settings: Settings) -> dict[str, Array]:
    """Curves and, by autograd, their slopes, computed in the chosen precision.

    ``z`` ``[points]``, and for the sigmoid, everything compared and the neuron before it learns:
    ``curve_…`` and ``slope_…`` ``[points]``. The neuron's slope is that in x, weight · σ′.
    """
    around = torch.linspace(-LEAST_REACH, LEAST_REACH, CURVE_POINTS, dtype=torch.float64)
    beyond = torch.linspace(0, 1.1 * settings.probe, CURVE_POINTS // 4, dtype=torch.float64)
    points = torch.cat([around, beyond[beyond.abs() > LEAST_REACH]]).sort().values
    z = points.to(getattr(torch, settings.precision)).requires_grad_()
    heights = {
        name: getattr(torch, ACTIVATIONS[name].function)(z)
        for name in ("sigmoid", *settings.compare)
    }
    heights["neuron"] = torch.sigmoid(settings.weight * z + settings.bias)
    curves = {"z": _recorded(z)}
    for name, height in heights.items():
        (slope,) = torch.autograd.grad(height.sum(), z)
        curves |= {f"curve_{name}": _recorded(height), f"slope_{name}": _recorded(slope)}
    return curves


def _landscape(settings: Settings, x: Tensor, y: Tensor) -> dict[str, Array]:
    """The first seed's data, and the loss over every weight and bias around its descent.

    ``x``, ``y`` ``[rows]``; ``grid_weight`` and ``grid_bias`` ``[points]``; ``grid_loss``
    ``[biases, weights]``; ``lowest`` ``[2]``, the weight and bias of the lowest loss.
    """
    bottom = lowest(x[:, 0].numpy(), y[:, 0].numpy())
    weights = _grid(settings.weight, bottom[0])
    biases = _grid(settings.bias, bottom[1])
    pairs = torch.cartesian_prod(biases, weights)[:, :, None, None]
    losses = bce_with_logits(pairs[:, 1] * x + pairs[:, 0], y)
    return {
        "x": _recorded(x[:, 0]),
        "y": _recorded(y[:, 0]),
        "grid_weight": _recorded(weights),
        "grid_bias": _recorded(biases),
        "grid_loss": _recorded(losses.view(len(biases), len(weights))),
        "lowest": np.array(bottom, np.float32),
    }


def _grid(start: float, lowest: float) -> Tensor:
    """Even points around a start and the lowest loss, and ever wider ones beyond."""
    spare = 1 + 0.3 * abs(start - lowest)
    low, high = min(start, lowest) - spare, max(start, lowest) + spare
    outwards = FURTHEST * torch.linspace(0, 1, FAR + 1)[1:].pow(3)
    return torch.cat([low - outwards.flip(0), torch.linspace(low, high, CLOSE), high + outwards])


def _recorded(values: Tensor) -> Array:
    recorded: Array = values.detach().float().numpy()
    return recorded
