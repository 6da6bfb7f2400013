"""Train one sigmoid neuron with each loss, from the same start, on all rows at every step."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Generator, Tensor, nn

from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.formulas.activations import ACTIVATIONS
from sigviz.metrics import by_variant
from sigviz.settings import Job
from sigviz.trace import Array, Trace
from sigviz.training import losses
from sigviz.training.arm import Arm
from sigviz.training.datasets import Dataset, breast_cancer, one_against_the_rest
from sigviz.training.initializers import INITIALIZERS, linear_layers
from sigviz.training.loop import train
from sigviz.training.losses import Loss
from sigviz.training.networks import Stack, stacked
from sigviz.training.optimizers import SGD
from sigviz.training.plain import perceptron

QUANTILES = torch.tensor([0.1, 0.5, 0.9])
"""Which of the shown rows stand for all of them: nearly the lowest logit, the median, …"""


def run(job: Job[Settings]) -> Iterator[Trace]:
    """Train ``losses × repeats`` neurons; hands out the trace as it grows.

    Series, besides the usual: ``output``, the mean output; ``error``, the mean distance of output
    and target; ``stuck``, the share of rows on the wrong side and saturated.

    Frames, of each network: ``logit`` and ``gradient`` (three quantiles of the logits of the rows
    with the shown target, and the loss's gradient there), ``tested_output`` (mean, of held-out rows
    with the shown target), ``accuracy`` (of all held-out rows); ``weight``, the first one, ``bias``
    and their gradients, ``weight_gradient`` and ``bias_gradient``.

    Fixed: ``logit`` ``[points]``, and over it each loss and its gradient ``[variants, points]``,
    for the shown target.
    """
    settings, data = job.settings, _data(job)
    own_losses, seeds = _losses(settings), settings.seeds
    networks = len(own_losses) * len(seeds)
    stack = _stack(job)
    x, y = data.x.expand(networks, -1, -1), data.y[:, None].expand(networks, -1, -1)
    shown, test_shown = (rows == settings.shown_target for rows in (data.y, data.test_y))
    grid = _logits_to_show()
    curves = [_curve(loss, grid, settings.shown_target) for loss in own_losses]

    def stuck(logits: Tensor, targets: Tensor) -> Tensor:
        outputs = torch.sigmoid(logits)
        wrong = (outputs > 0.5) != (targets > 0.5)
        saturated = ACTIVATIONS["sigmoid"].saturated(outputs)
        share: Tensor = (wrong & saturated).mean((1, 2), dtype=torch.float32)
        return share

    def frame() -> dict[str, Tensor]:
        logits = stack.evaluate(x[:, shown]).squeeze(2).quantile(QUANTILES, dim=1).T
        parts = zip(own_losses, logits.split(len(seeds)), strict=True)
        slopes = [_curve(loss, part, settings.shown_target)[1] for loss, part in parts]
        test = stack.evaluate(data.test_x.expand(networks, -1, -1)).squeeze(2)
        weight, bias = (stack[0].get_parameter(name) for name in ("weight", "bias"))
        assert weight.grad is not None, "a frame is kept after the backward pass"
        assert bias.grad is not None
        return {
            "logit": logits,
            "gradient": torch.cat(slopes),
            "tested_output": torch.sigmoid(test[:, test_shown]).mean(1),
            "accuracy": ((test > 0) == (data.test_y > 0.5)).mean(1, dtype=torch.float32),
            "weight": weight[:, 0, 0],
            "bias": bias[:, 0],
            "weight_gradient": weight.grad[:, 0, 0],
            "bias_gradient": bias.grad[:, 0],
        }

    def metrics(trace: Trace) -> dict[str, float]:
        return {
            **by_variant("final_output", settings.variants, trace.frames["tested_output"][-1]),
            **by_variant("half_way", settings.variants, _half_way(trace)),
            **by_variant("final_accuracy", settings.variants, trace.frames["accuracy"][-1]),
            **by_variant("final_loss", settings.variants, trace.series["loss"][-1]),
        }

    arm = Arm(
        variants=settings.variants,
        model=stack,
        batch=lambda step: (x, y),
        loss=losses.each_its_own(own_losses, len(seeds)),
        optimizer=SGD(settings.learning_rate),
        watch={
            "output": lambda logits, _: torch.sigmoid(logits).mean((1, 2)),
            "error": lambda logits, targets: (torch.sigmoid(logits) - targets).abs().mean((1, 2)),
            "stuck": stuck,
        },
        frame=frame,
    )
    return train(
        [arm],
        steps=settings.steps,
        seeds=len(seeds),
        dims=dict.fromkeys(("logit", "gradient"), ("variant", "seed", "quantile")),
        fixed={
            "logit": grid.numpy(),
            "loss": torch.stack([values for values, _ in curves]).numpy(),
            "gradient": torch.stack([slopes for _, slopes in curves]).numpy(),
        },
        metrics=metrics,
    )


def _losses(settings: Settings) -> list[Loss]:
    focal = losses.focal(settings.focal_alpha, settings.focal_gamma)
    by_name = {**losses.BY_NAME, "focal": focal}
    return [by_name[name] for name in settings.losses]


def _stack(job: Job[Settings]) -> Stack:
    """The neurons at their start, the same for every loss."""

    settings, sizes = job.settings, job.layer_sizes

    def chosen(layer: nn.Linear, _: Generator) -> None:
        nn.init.constant_(layer.weight, settings.start_weight)
        nn.init.constant_(layer.bias, settings.start_bias)

    drawn = INITIALIZERS["normal"]
    networks = [
        perceptron(
            linear_layers(sizes, chosen, seed)
            if settings.single
            else linear_layers(sizes, drawn, seed, gain=settings.start_scale),
            "sigmoid",
        )
        for _ in settings.variants
        for seed in settings.seeds
    ]
    return stacked(networks)


def _data(job: Job[Settings]) -> Dataset:
    settings = job.settings
    if job.table is not None:
        return one_against_the_rest(job.table, held_out=settings.held_out(job.table))
    return _one_row(settings.target) if settings.single else breast_cancer()


def _one_row(target: int) -> Dataset:
    """The input 1 and its target, to train on and to look at."""
    x, y = torch.ones(1, 1), torch.tensor([float(target)])
    return Dataset(x, y, x, y)


def _logits_to_show() -> Tensor:
    """Where the curves are computed: densely around 0, sparsely where they are straight."""
    right = torch.cat([torch.arange(0, 200) / 10, torch.arange(20, 50), torch.logspace(1.7, 5, 60)])
    return torch.cat([-right[1:].flip(0), right])


@torch.enable_grad()  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _curve(loss: Loss, logits: Tensor, target: int) -> tuple[Tensor, Tensor]:
    """A loss and its gradient in the logit, at each of the `logits` by itself."""
    z = logits.detach().reshape(-1, 1, 1).requires_grad_()
    values = loss(z, torch.full_like(z, target))
    (slopes,) = torch.autograd.grad(values.sum(), z)
    return values.detach().view_as(logits), slopes.view_as(logits)


def _half_way(trace: Trace) -> Array:
    """The first step with a mean distance from the target below 0.5, ``[variants, seeds]``."""
    near = trace.series["error"] < 0.5
    return np.where(near.any(0), near.argmax(0), trace.steps).astype(np.float32)
