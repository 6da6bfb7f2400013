"""Ways to draw a linear layer's first weights, all of them PyTorch's own ``torch.nn.init``."""

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Generator, Tensor, nn

from sigviz.formulas.activations import ACTIVATIONS

Initializer = Callable[[nn.Linear, Generator], None]


def _weights_only(draw: Callable[[Tensor, Generator], object]) -> Initializer:
    """An initializer that draws the weights and leaves every bias at zero."""

    def initialize(layer: nn.Linear, generator: Generator) -> None:
        draw(layer.weight, generator)
        nn.init.zeros_(layer.bias)

    return initialize


def _pytorch_default(layer: nn.Linear, generator: Generator) -> None:
    """What ``nn.Linear.reset_parameters`` does, with a generator of our own: it takes none."""
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(layer.in_features)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


INITIALIZERS: dict[str, Initializer] = {
    "default": _pytorch_default,
    "xavier-uniform": _weights_only(lambda w, g: nn.init.xavier_uniform_(w, generator=g)),
    "xavier-normal": _weights_only(lambda w, g: nn.init.xavier_normal_(w, generator=g)),
    "he-uniform": _weights_only(
        lambda w, g: nn.init.kaiming_uniform_(w, nonlinearity="relu", generator=g)
    ),
    "normal": _weights_only(lambda w, g: nn.init.normal_(w, generator=g)),
    "zeros": _weights_only(lambda w, _: nn.init.zeros_(w)),
}
"""Initializers by name. *Xavier*: Glorot and Bengio 2010, "Understanding the difficulty of
training deep feedforward neural networks". *He*: He et al. 2015, "Delving deep into rectifiers".
``normal`` is N(0, 1); ``default`` is what ``nn.Linear`` does by itself, biases included."""


def constant(value: float) -> Initializer:
    """Every weight *and every bias* at `value`, as in the tutorial "Why isn't my PyTorch linear
    sigmoid network learning?"."""

    def initialize(layer: nn.Linear, _: Generator) -> None:
        nn.init.constant_(layer.weight, value)
        nn.init.constant_(layer.bias, value)

    return initialize


def matched(activation: str) -> Initializer:
    """The initializer made for an activation: He for ReLU, Xavier for sigmoid and tanh."""
    return INITIALIZERS[ACTIVATIONS[activation].matched]


class _Undrawn(nn.Linear):
    """A linear layer whose weights are still to be set.

    (``nn.utils.skip_init`` gives one too, and imports half a second of symbolic algebra.)
    """

    def reset_parameters(self) -> None:
        pass


def linear_layers(
    sizes: list[int], initialize: Initializer, seed: int, gain: float = 1.0
) -> list[nn.Linear]:
    """The linear layers of one network, drawn from one generator.

    Args:
        sizes: Units per layer, from input to output; ``[64, 32, 10]`` gives two layers.
        initialize: Draws one layer.
        seed: Seed of this network's generator. The draw depends on nothing else.
        gain: Every weight (no bias) is multiplied by it after the draw.
    """
    generator = Generator().manual_seed(seed)
    layers: list[nn.Linear] = []
    for inputs, outputs in pairwise(sizes):
        layer = _Undrawn(inputs, outputs)
        with torch.no_grad():
            initialize(layer, generator)
            layer.weight.mul_(gain)
        layers.append(layer)
    return layers
