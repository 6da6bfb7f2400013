"""The app's own stacked training of a shape: all that this benchmark knows of the engine."""

import torch
from torch import nn

from benchmarks.shapes import NETWORKS, RATE, Shape
from sigviz.training.arm import Arm
from sigviz.training.initializers import linear_layers, matched
from sigviz.training.loop import train
from sigviz.training.losses import cross_entropy, linear_mse
from sigviz.training.networks import stacked
from sigviz.training.optimizers import SGD
from sigviz.training.plain import perceptron


def networks(shape: Shape) -> list[nn.Sequential]:
    """Plain networks, each with first weights of its own."""
    sizes, initialize = shape.sizes, matched("sigmoid")
    return [
        perceptron(linear_layers(sizes, initialize, seed), "sigmoid") for seed in range(NETWORKS)
    ]


def bare(shape: Shape) -> None:
    """Nothing recorded."""
    arm = _arm(shape)
    with torch.no_grad():
        for step in range(shape.steps + 1):
            arm.look(step)
            arm.update()


def recorded(shape: Shape) -> None:
    """As a page has it trained: all recorded at every step, and handed out."""
    for _ in train([_arm(shape)], steps=shape.steps, seeds=NETWORKS):
        pass


def _arm(shape: Shape) -> Arm:
    x, y = (part.expand(NETWORKS, *part.shape).contiguous() for part in shape.data())
    return Arm(
        variants=("sigmoid",),
        model=stacked(networks(shape)),
        batch=lambda step: (x, y),
        loss=linear_mse if shape.regression else cross_entropy,
        optimizer=SGD(RATE),
    )
