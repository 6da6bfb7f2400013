"""Optimizers of stacked parameters, by the functional kernels behind ``torch.optim``.

The classes there import PyTorch's compiler when they are made, which takes seconds in every worker.
An update looks at each number by itself, so that a stack's is that of each of its networks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor
from torch.optim.adam import adam
from torch.optim.sgd import sgd


class Optimizer(Protocol):
    """Updates parameters in place, from their gradients; it belongs to one run."""

    def step(self, values: list[Tensor], gradients: list[Tensor]) -> None:
        """Update all parameters' `values` in place; the same parameters at every step."""


@dataclass
class SGD:
    """``torch.optim.SGD``, to the last bit."""

    learning_rate: float
    momentum: float = 0.0
    weight_decay: float = 0.0
    _velocity: list[Tensor | None] = field(default_factory=list, init=False, repr=False)

    def step(self, values: list[Tensor], gradients: list[Tensor]) -> None:
        if not self.momentum and not self.weight_decay:
            torch._foreach_add_(values, gradients, alpha=-self.learning_rate)
            return
        if not self._velocity:
            self._velocity = [None] * len(values)
        sgd(
            values,
            gradients,
            self._velocity,
            foreach=True,
            weight_decay=self.weight_decay,
            momentum=self.momentum,
            lr=self.learning_rate,
            dampening=0,
            nesterov=False,
            maximize=False,
        )


@dataclass
class Adam:
    """``torch.optim.Adam``, to the last bit of its default form. Kingma and Ba 2015, "Adam".

    In PyTorch's ``foreach`` form: with the fused one a network in a stack and the network by itself
    part in the last bit.
    """

    learning_rate: float
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    _moments: tuple[list[Tensor], list[Tensor], list[Tensor]] | None = field(
        default=None, init=False, repr=False
    )

    def step(self, values: list[Tensor], gradients: list[Tensor]) -> None:
        if self._moments is None:
            self._moments = (
                [torch.zeros_like(value) for value in values],
                [torch.zeros_like(value) for value in values],
                [torch.tensor(0.0) for _ in values],
            )
        first, second, steps = self._moments
        adam(
            values,
            gradients,
            first,
            second,
            [],
            steps,
            foreach=True,
            amsgrad=False,
            beta1=self.betas[0],
            beta2=self.betas[1],
            lr=self.learning_rate,
            weight_decay=0.0,
            eps=self.epsilon,
            maximize=False,
        )


def clip(gradients: Sequence[Tensor], largest: float) -> None:
    """Scale each network's gradient down to the norm `largest` where it is larger.

    What ``torch.nn.utils.clip_grad_norm_`` does, for each of the K networks by itself.
    """
    each = [torch.linalg.vector_norm(value.flatten(1), dim=1) for value in gradients]
    norm = torch.linalg.vector_norm(torch.stack(each), dim=0)
    factor = (largest / (norm + 1e-6)).clamp(max=1.0)
    for value in gradients:
        value.mul_(factor.view(-1, *[1] * (value.dim() - 1)))
