"""Dropout with a stream of random numbers for each network."""

from collections.abc import Sequence

import torch
from torch import Generator, Tensor, nn

from sigviz.training.layers.base import Layer, same


class Dropout(Layer):
    """``nn.Dropout``: in training each number is 0 with probability p, the others are ÷ (1 − p).

    Each network draws its masks from a generator of its own, which belongs to the run: other runs
    in the same process change nothing, and a network draws what it would draw by itself.
    """

    def __init__(self, layers: Sequence[nn.Dropout], generators: Sequence[Generator]) -> None:
        super().__init__()
        same(layers, "p")
        self._keep, self._generators = 1 - layers[0].p, generators
        self._mask: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            self._mask = None
            return x
        mask = torch.empty_like(x)
        for part, generator in zip(mask, self._generators, strict=True):
            part.bernoulli_(self._keep, generator=generator)
        self._mask = mask.div_(self._keep)
        return x * self._mask

    def backward(self, gradient: Tensor, *, wanted: bool = True) -> Tensor | None:
        return gradient if self._mask is None else gradient * self._mask
