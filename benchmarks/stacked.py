"""The app's own stacked training of a shape: all that this benchmark knows of the engine."""

import torch
from torch import Tensor, nn

from benchmarks.shapes import NETWORKS, RATE, Shape
from sigviz.training.initializers import linear_layers, matched
from sigviz.training.loop import train
from sigviz.training.losses import Loss, cross_entropy, linear_mse
from sigviz.training.networks import Stack


def layers(shape: Shape) -> list[list[nn.Linear]]:
    """The first weights of every network."""
    return [linear_layers(shape.sizes, matched("sigmoid"), seed) for seed in range(NETWORKS)]


def bare(shape: Shape) -> None:
    """Nothing recorded."""
    stack, x, y = _stack(shape)
    optimizer = torch.optim.SGD(stack.parameters(), lr=RATE, foreach=False)
    for _ in range(shape.steps + 1):
        logits, _ = stack.forward(x)
        optimizer.zero_grad()
        torch.autograd.backward(_loss(shape)(logits, y), torch.ones(NETWORKS))
        optimizer.step()


def recorded(shape: Shape) -> None:
    """As a page has it trained: all recorded at every step, and handed out."""
    stack, x, y = _stack(shape)
    traces = train(
        stack,
        lambda: (x, y),
        _loss(shape),
        learning_rate=RATE,
        steps=shape.steps,
        variants=1,
        seeds=NETWORKS,
    )
    for _ in traces:
        pass


def _stack(shape: Shape) -> tuple[Stack, Tensor, Tensor]:
    x, y = shape.data()
    stack = Stack(layers(shape), ["sigmoid"] * NETWORKS)
    return stack, x.expand(NETWORKS, -1, -1), y.expand(NETWORKS, *y.shape)


def _loss(shape: Shape) -> Loss:
    return linear_mse if shape.regression else cross_entropy
