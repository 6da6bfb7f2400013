"""K linear layers as one batched product, with the backward pass by hand."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sigviz.training.layers.base import Layer, same, stacked
from sigviz.training.layers.room import Room, TwoRooms


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
        self._outputs, self._kept = Room(), _Kept()

    def settle(self, rooms: TwoRooms) -> None:
        self._rooms, kept = rooms, self._kept
        kept.weight, kept.weight_gradient = self.weight.detach(), self.weight.grad
        kept.transposed = kept.weight.transpose(1, 2)
        kept.bias, kept.bias_gradient = self.bias.detach().unsqueeze(1), self.bias.grad

    def forward(self, x: Tensor) -> Tensor:
        kept = self._kept
        kept.inputs = x
        out = self._outputs.like(x, kept.bias.shape[2])
        return torch.baddbmm(kept.bias, x, kept.transposed, out=out)

    def backward(self, gradient: Tensor, *, wanted: bool = True) -> Tensor | None:
        kept = self._kept
        if kept.weight_gradient is not None:
            torch.bmm(gradient.transpose(1, 2), kept.inputs, out=kept.weight_gradient)
        if kept.bias_gradient is not None:
            torch.sum(gradient, 1, out=kept.bias_gradient)
        if not wanted:
            return None
        return torch.bmm(gradient, kept.weight, out=self._rooms.beside(gradient, kept.inputs))


class _Kept:
    """What is needed again at every step: PyTorch's modules are slow to look things up in.

    Attributes:
        inputs: Of the last `forward`.
        weight, transposed, bias: The parameters, as the products take them.
        weight_gradient, bias_gradient: Where their gradients go; None for what is frozen.
    """

    inputs: Tensor
    weight: Tensor
    transposed: Tensor
    bias: Tensor
    weight_gradient: Tensor | None
    bias_gradient: Tensor | None
