"""Activations: the same for every network of a stack."""

from typing import Any

import torch
from torch import Tensor, nn

from sigviz.formulas.activations import ACTIVATIONS, Activation
from sigviz.training.layers.base import Layer

_BY_MODULE = {getattr(nn, each.module): each for each in ACTIVATIONS.values()}

_aten: Any = torch.ops.aten


def _through_sigmoid(gradient: Tensor, a: Tensor) -> Tensor:
    return _aten.sigmoid_backward.grad_input(gradient, a, grad_input=gradient)  # type: ignore[no-any-return]


def _through_tanh(gradient: Tensor, a: Tensor) -> Tensor:
    return _aten.tanh_backward.grad_input(gradient, a, grad_input=gradient)  # type: ignore[no-any-return]


def _through_relu(gradient: Tensor, a: Tensor) -> Tensor:
    return _aten.threshold_backward.grad_input(gradient, a, 0, grad_input=gradient)  # type: ignore[no-any-return]


_BACK = {"sigmoid": _through_sigmoid, "tanh": _through_tanh, "relu": _through_relu}
"""PyTorch's own kernels for the gradient in z, from the gradient in a and a = φ(z), written over
the former."""


def is_activation(module: nn.Module) -> bool:
    """Whether a plain module is an activation that can be stacked."""
    return type(module) in _BY_MODULE


class Activated(Layer):
    """φ of every number, ``[K, …]``.

    Attributes:
        activation: Which φ.
        outputs: The activations of the last `forward`; the next overwrites them.
    """

    def __init__(self, module: nn.Module, *, in_place: bool = False) -> None:
        """Args:
        in_place: What comes in is nobody's business afterwards and may be written over.
        """
        super().__init__()
        self.activation: Activation = _BY_MODULE[type(module)]
        function = self.activation.function
        self._function = getattr(torch, f"{function}_" if in_place else function)
        self._back = _BACK[function]
        self._latest: list[Tensor] = []  # a list, because PyTorch's modules are slow to set things

    @property
    def outputs(self) -> Tensor:
        return self._latest[0]

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self._function(x)
        self._latest[:] = (outputs,)
        return outputs

    def backward(self, gradient: Tensor, *, wanted: bool = True) -> Tensor | None:
        return self._back(gradient, self._latest[0])
