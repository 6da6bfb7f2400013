"""Train the deep stacks: the same digits, the same seeds, one activation beside the other."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from sigviz.experiments.vanishing_gradients.chain import chain
from sigviz.experiments.vanishing_gradients.settings import Settings
from sigviz.metrics import by_variant
from sigviz.settings import Job
from sigviz.trace import Trace
from sigviz.training import datasets
from sigviz.training.initializers import INITIALIZERS, Initializer, linear_layers, matched
from sigviz.training.loop import train
from sigviz.training.losses import cross_entropy
from sigviz.training.networks import Stack

ACCURACY_FRAMES = 20
"""How often the held-out images are read; each time costs as much as several steps."""


def run(job: Job[Settings]) -> Iterator[Trace]:
    """Train ``variants × repeats`` networks; hands out the trace as it grows.

    Frames: ``accuracy`` ``[frames, variants, seeds]``, the share of held-out images read correctly;
    and what `chain` returns of the first seed, on the step's batch, ``[frames, variants, …]``.
    """
    settings, data = job.settings, datasets.digits()
    variants, seeds = settings.variants, settings.seeds
    sizes = settings.layer_sizes()
    stack = Stack(
        [
            linear_layers(sizes, _initializer(settings, activation), seed, settings.gain)
            for activation in variants
            for seed in seeds
        ],
        [activation for activation in variants for _ in seeds],
    )
    chains: list[dict[str, Tensor]] = []
    shown: tuple[Tensor, Tensor]
    order = datasets.BatchOrder(len(data.x), settings.batch_size, seeds)

    def batch() -> tuple[Tensor, Tensor]:
        nonlocal shown
        rows = order.next().repeat(len(variants), 1)
        shown = data.x[rows], data.y[rows]
        return shown

    def frame() -> dict[str, Tensor]:
        chains.append(_chains(settings, stack, *shown))
        logits, _ = stack.forward(data.test_x.expand(len(variants) * len(seeds), -1, -1))
        return {"accuracy": (logits.argmax(2) == data.test_y).mean(1, dtype=torch.float32)}

    def metrics(trace: Trace) -> dict[str, float]:
        norms = trace.series["gradient_norm"][0]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = norms[0] / norms[-1]
        return {
            **by_variant("gradient_ratio", variants, ratio),
            **by_variant("decay_per_layer", variants, ratio ** (1 / settings.depth)),
            **by_variant("final_loss", variants, trace.series["loss"][-1]),
            **by_variant("accuracy", variants, trace.frames["accuracy"][-1]),
            **by_variant("saturated", variants, trace.series["activation_saturated"][-1].mean(0)),
        }

    for trace in train(
        stack,
        batch,
        cross_entropy,
        learning_rate=settings.learning_rate,
        steps=settings.steps,
        variants=len(variants),
        seeds=len(seeds),
        frame=frame,
        frames=ACCURACY_FRAMES,
        metrics=metrics,
    ):
        kept = chains[: len(trace.frame_steps)]
        parts = {name: torch.stack([part[name] for part in kept]).numpy() for name in kept[0]}
        yield replace(trace, frames={**trace.frames, **parts})


def _chains(settings: Settings, stack: Stack, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """The chain rule of each variant's first seed, ``[variants, …]``."""
    each = [
        chain([w[k] for w in stack.weights], [b[k] for b in stack.biases], activation, x[k], y[k])
        for k, activation in zip(range(0, len(x), settings.repeats), settings.variants, strict=True)
    ]
    return {name: torch.stack([part[name] for part in each]) for name in each[0]}


def _initializer(settings: Settings, activation: str) -> Initializer:
    if settings.initializer == "matched":
        return matched(activation)
    return INITIALIZERS[settings.initializer]
