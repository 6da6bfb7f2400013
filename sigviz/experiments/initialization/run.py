"""Train one network from several starts: same data, same seeds, other first weights."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from sigviz.experiments.initialization.settings import FEATURES, ROWS, Settings
from sigviz.metrics import by_variant
from sigviz.settings import Job
from sigviz.trace import Array, Trace
from sigviz.training import datasets, losses
from sigviz.training.arm import Arm
from sigviz.training.initializers import INITIALIZERS, Initializer, constant, linear_layers
from sigviz.training.layers.linear import Linear
from sigviz.training.loop import train
from sigviz.training.networks import Stack, stacked
from sigviz.training.optimizers import SGD
from sigviz.training.plain import perceptron

LOSSES = {"linear-mse": losses.linear_mse, "sigmoid-mse": losses.mse, "sigmoid-bce": losses.bce}

RANK_TOLERANCE = 1e-4
"""Singular values below this part of the largest count as 0. PyTorch's own tolerance is a few
roundings of float32, which equal units do not survive: the same sum may be rounded otherwise in
another column of a matrix product."""


_SQUARES = ("variant", "seed", "layer")

DIMS = {
    "first_weights": ("variant", "seed", "input", "unit"),
    "unit_gradient": ("variant", "seed", "unit"),
    **dict.fromkeys(("weight_square", "bias_square", "sum_square"), _SQUARES),
}


def run(job: Job[Settings]) -> Iterator[Trace]:
    """Train ``schemes × repeats`` networks by full-batch descent; hands out the growing trace.

    Small networks of one shape, so they share a stack.

    Frames, of each network: ``first_weights`` by input and unit, and of the weights that read the
    first feature the gradients, ``unit_gradient``, by unit. By layer, mean squares:
    ``weight_square``, ``bias_square`` and, over all rows, ``sum_square`` of its units' weighted
    sums.
    Fixed: ``target_variance`` ``[seeds]``; ``mean_loss`` ``[seeds]``, the loss of always answering
    with the targets' mean; ``input_square`` ``[seeds]``, the inputs' mean square.
    """
    settings = job.settings
    variants, seeds = settings.variants, settings.seeds
    sizes = settings.layer_sizes()
    x, y = data(settings)
    copies = len(variants)
    inputs, targets = x.repeat(copies, 1, 1), y.repeat(copies, 1, 1)
    stack = stacked(
        [
            perceptron(linear_layers(sizes, _initializer(settings, scheme), seed), "sigmoid")
            for scheme in variants
            for seed in seeds
        ]
    )
    variance = y.var(1, correction=0).squeeze(1)
    fixed = {
        "target_variance": variance.numpy(),
        "mean_loss": _mean_loss(settings, y).numpy(),
        "input_square": x.square().mean((1, 2)).numpy(),
    }

    def frame() -> dict[str, Tensor]:
        first = stack.weighted[0].get_parameter("weight")
        assert first.grad is not None, "a frame is kept after the backward pass"
        return {
            "first_weights": first.transpose(1, 2),
            "unit_gradient": first.grad[:, :, 0],
            **_mean_squares(stack, inputs),
        }

    def metrics(trace: Trace) -> dict[str, float]:
        series = trace.series
        return {
            "target_variance": float(np.median(fixed["target_variance"])),
            **by_variant("initial_loss", variants, series["loss"][0]),
            **by_variant("final_loss", variants, series["loss"][-1]),
            **by_variant("distinct_units", variants, _rank(trace.frames["first_weights"][-1])),
            **by_variant("saturated", variants, series["activation_saturated"][-1].mean(0)),
            **by_variant("first_gradient", variants, series["gradient_norm"][0, 0]),
        }

    arm = Arm(
        variants=variants,
        model=stack,
        batch=lambda step: (inputs, targets),
        loss=LOSSES[settings.output],
        optimizer=SGD(settings.learning_rate),
        frame=frame,
    )
    return train(
        [arm],
        steps=settings.steps,
        seeds=len(seeds),
        dims=DIMS,
        fixed=fixed,
        metrics=metrics,
    )


def data(settings: Settings) -> tuple[Tensor, Tensor]:
    """Inputs ``[seeds, rows, features]`` and targets ``[seeds, rows, 1]``, for each seed its own
    noise, or the same tumours for all."""
    if settings.dataset == "breast-cancer":
        tumours = datasets.breast_cancer()
        each = [(tumours.x, tumours.y)] * settings.repeats
    else:
        each = [
            datasets.noise(
                ROWS["noise"],
                FEATURES["noise"],
                seed,
                coin_flips=settings.output != "linear-mse",
            )
            for seed in settings.seeds
        ]
    return torch.stack([x for x, _ in each]), torch.stack([y for _, y in each]).unsqueeze(2)


def _initializer(settings: Settings, scheme: str) -> Initializer:
    return constant(settings.constant) if scheme == "constant" else INITIALIZERS[scheme]


def _mean_loss(settings: Settings, targets: Tensor) -> Tensor:
    """The loss of always answering with the mean of the `targets`, ``[seeds]``."""
    mean = targets.mean(1, keepdim=True).expand_as(targets)
    if settings.output == "sigmoid-bce":
        return losses.bce(torch.logit(mean), targets)
    return losses.linear_mse(mean, targets)


def _mean_squares(stack: Stack, x: Tensor) -> dict[str, Tensor]:
    """Mean squares of every layer's weights, biases and weighted sums, each ``[K, layers]``."""
    weights, biases, sums = [], [], []
    for layer in stack:
        x = layer.forward(x)
        if isinstance(layer, Linear):
            weights.append(layer.weight)
            biases.append(layer.bias)
            sums.append(x.square().mean((1, 2)))  # before the activation takes its place
    return {
        "weight_square": torch.stack([each.square().mean((1, 2)) for each in weights], dim=1),
        "bias_square": torch.stack([each.square().mean(1) for each in biases], dim=1),
        "sum_square": torch.stack(sums, dim=1),
    }


def _rank(weights: Array) -> Array:
    """The rank of each matrix, NaN where a weight is not finite.

    Args:
        weights: ``[variants, seeds, features, width]``.
    """
    finite = np.isfinite(weights).all((2, 3))
    rank = torch.linalg.matrix_rank(torch.from_numpy(np.nan_to_num(weights)), rtol=RANK_TOLERANCE)
    return np.where(finite, rank.numpy(), np.float32(np.nan)).astype(np.float32)
