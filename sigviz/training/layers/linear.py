"""K linear layers as one batched product, with the backward pass by hand."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sigviz.training.layers.base import Layer, same, stacked
from sigviz.training.layers.room import Room


class Linear(Layer):
    """``nn.Linear``: y = x Wᵀ + b, ``[K, rows, inputs]`` to ``[K, rows, outputs]``.

    The products are multiplied in the order of ``nn.Linear``: float32 products depend on it in
    their last bit, and a training that is sensitive to its start (deep ReLUs are) makes something
    of the last bit. In the same order a network in a stack goes the very way of the network alone.

    Attributes:
        weight: ``[K, outputs, inputs]``.
        bias: ``[K, outputs]``.
    """

    weight: nn.Parameter
    bias: nn.Parameter

    def __init__(self, layers: Sequence[nn.Linear]) -> None:
        super().__init__()
        same(layers, "in_features", "out_features")
        self.weight, self.bias = stacked(layers, "weight"), stacked(layers, "bias")
        self._outputs, self._gradient = Room(), Room()

    def forward(self, x: Tensor) -> Tensor:
        self._inputs = x
        out = self._outputs.like(x, self.weight.shape[1])
        return torch.baddbmm(self.bias.unsqueeze(1), x, self.weight.transpose(1, 2), out=out)

    def backward(self, gradient: Tensor, *, wanted: bool = True) -> Tensor | None:
        if self.weight.requires_grad:
            # For as long as nobody has taken it away, the gradient stays where it was.
            if self.weight.grad is None:
                self.weight.grad = torch.empty_like(self.weight)
            torch.bmm(gradient.transpose(1, 2), self._inputs, out=self.weight.grad)
        if self.bias.requires_grad:
            self.bias.grad = gradient.sum(1)
        if not wanted:
            return None
        return torch.bmm(gradient, self.weight, out=self._gradient.like(self._inputs))
