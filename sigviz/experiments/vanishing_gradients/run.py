"""Train the deep stacks: the same digits, the same seeds, one activation beside the other."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from sigviz.experiments.vanishing_gradients.chain import chain
from sigviz.experiments.vanishing_gradients.settings import Settings
from sigviz.metrics import by_variant
from sigviz.settings import Job
from sigviz.trace import Trace
from sigviz.training import datasets
from sigviz.training.arm import Arm
from sigviz.training.initializers import INITIALIZERS, Initializer, linear_layers, matched
from sigviz.training.loop import train
from sigviz.training.losses import cross_entropy
from sigviz.training.networks import stacked
from sigviz.training.optimizers import SGD
from sigviz.training.plain import perceptron

CHAIN = ("delta", "weight_factor", "slope_factor", "mean_slope")


def run(job: Job[Settings]) -> Iterator[Trace]:
    """Train ``variants × repeats`` networks; hands out the trace as it grows.

    Checkpoints: ``accuracy``, the share of held-out images read correctly, for each network; and
    what `chain` returns of the first seed, on the step's batch, for each variant and layer.
    """
    settings, data = job.settings, datasets.digits()
    batches = datasets.Batches(data.x, data.y, settings.batch_size, settings.seeds)
    arms = [_arm(settings, activation, data, batches) for activation in settings.variants]

    def metrics(trace: Trace) -> dict[str, float]:
        variants, norms = settings.variants, trace.series["gradient_norm"][0]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = norms[0] / norms[-1]
        return {
            **by_variant("gradient_ratio", variants, ratio),
            **by_variant("decay_per_layer", variants, ratio ** (1 / settings.depth)),
            **by_variant("final_loss", variants, trace.series["loss"][-1]),
            **by_variant("accuracy", variants, trace.frames["accuracy"][-1]),
            **by_variant("saturated", variants, trace.series["activation_saturated"][-1].mean(0)),
        }

    return train(
        arms,
        steps=settings.steps,
        seeds=settings.repeats,
        dims=dict.fromkeys(CHAIN, ("variant", "layer")),
        metrics=metrics,
    )


def _arm(
    settings: Settings, activation: str, data: datasets.Dataset, batches: datasets.Batches
) -> Arm:
    sizes, initialize = settings.layer_sizes(), _initializer(settings, activation)
    model = stacked(
        [
            perceptron(linear_layers(sizes, initialize, seed, settings.gain), activation)
            for seed in settings.seeds
        ]
    )
    held_out = data.test_x.expand(settings.repeats, -1, -1)

    def checkpoint() -> dict[str, Tensor]:
        x, y = batches.latest
        parts = chain(model, activation, x[0], y[0])  # of the pass that was; now comes another
        right = model.evaluate(held_out).argmax(2) == data.test_y
        return {**parts, "accuracy": right.mean(1, dtype=torch.float32)}

    return Arm(
        variants=(activation,),
        model=model,
        batch=batches,
        loss=cross_entropy,
        optimizer=SGD(settings.learning_rate),
        checkpoint=checkpoint,
    )


def _initializer(settings: Settings, activation: str) -> Initializer:
    if settings.initializer == "matched":
        return matched(activation)
    return INITIALIZERS[settings.initializer]
