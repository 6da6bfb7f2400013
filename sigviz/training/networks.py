"""Stack: K networks of one shape, held as one and computed as one.

Each linear layer of the K networks is one tensor of weights ``[K, inputs, outputs]``, multiplied
by one ``torch.baddbmm``. The networks share nothing: the gradient of the sum of their losses is,
for each of them, the gradient of its own loss.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, cast

import torch
from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
}


class _Linear(torch.autograd.Function):
    """``baddbmm`` with the gradient of the weights multiplied in the order of ``nn.Linear``.

    Float32 products depend on the order in their last bit, and a training that is sensitive to its
    start (deep ReLUs are) makes something of the last bit. In the same order a network in a stack
    goes the very way of the network by itself.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return torch.baddbmm(bias, x, weight)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor, Tensor]:
        (gradient,) = gradients
        x, weight = ctx.saved_tensors
        of_x = gradient.bmm(weight.transpose(1, 2)) if ctx.needs_input_grad[0] else None
        of_weight = gradient.transpose(1, 2).bmm(x).transpose(1, 2)
        return of_x, of_weight, gradient.sum(1, keepdim=True)


_linear = cast(Callable[[Tensor, Tensor, Tensor], Tensor], _Linear.apply)


class Stack:
    """K fully connected networks of one shape; the last layer's outputs are left as they are.

    Attributes:
        weights: One tensor ``[K, inputs, outputs]`` for each layer, from the input on.
        biases: One tensor ``[K, 1, outputs]`` for each layer.
    """

    def __init__(self, networks: Sequence[Sequence[nn.Linear]], activations: Sequence[str]):
        """Stack the `networks`, each a list of linear layers, with one activation name for each.

        Raises:
            ValueError: The number of activations is not the number of networks.
        """
        if len(networks) != len(activations):
            raise ValueError(f"{len(networks)} networks, but {len(activations)} activations")
        layers = list(zip(*networks, strict=True))
        self.weights = [
            torch.stack([linear.weight.detach() for linear in layer]).transpose(1, 2)
            for layer in layers
        ]
        self.biases = [
            torch.stack([linear.bias.detach()[None] for linear in layer]) for layer in layers
        ]
        for parameter in self.parameters():
            parameter.requires_grad_()
        self._groups = [(name, len(list(group))) for name, group in groupby(activations)]

    def parameters(self) -> list[Tensor]:
        return [*self.weights, *self.biases]

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits ``[K, batch, outputs]`` and the hidden layers' activations ``[K, batch, width]``.

        `x` is ``[K, batch, inputs]``; it may be expanded from one batch for all.
        """
        hidden: list[Tensor] = []
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = self.activate(_linear(x, weight, bias))
            hidden.append(x)
        return _linear(x, self.weights[-1], self.biases[-1]), hidden

    def activate(self, z: Tensor) -> Tensor:
        """Each network's activation on its slice of `z` ``[K, batch, width]``."""
        return self._each(ACTIVATIONS, z)

    def saturated(self, activations: Tensor) -> Tensor:
        """Where the slope is less than a tenth of its largest value, from the activations.

        Args:
            activations: ``[K, ...]``. For a sigmoid the slope is a(1 − a), for tanh 1 − a², for
                ReLU 0 or 1.
        """
        return self._each(_SATURATED, activations)

    def _each(self, functions: dict[str, Callable[[Tensor], Tensor]], x: Tensor) -> Tensor:
        """Each network's function on its slice of `x` ``[K, …]``.

        By ``split``, because its backward joins the slices' gradients in one copy; indexing pads
        each with zeros and adds them up.
        """
        if len(self._groups) == 1:
            return functions[self._groups[0][0]](x)
        parts = x.split([count for _, count in self._groups])
        return torch.cat(
            [functions[name](part) for (name, _), part in zip(self._groups, parts, strict=True)]
        )


_SATURATED: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": lambda a: (a - 0.5).abs() > 0.225**0.5,
    "tanh": lambda a: a.abs() > 0.9**0.5,
    "relu": lambda a: a <= 0,
}
