"""Losses of a stack of networks: one number for each network, and its gradient in the outputs.

Every loss takes outputs ``[K, batch, outputs]`` (logits, where a sigmoid or a softmax belongs to
it) and returns ``[K]``, the mean over batch and outputs, which is what PyTorch's loss modules
return for a single network.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

Function = Callable[[Tensor, Tensor], Tensor]
ByHand = Callable[[Tensor, Tensor], tuple[Tensor, Tensor] | None]

_aten: Any = torch.ops.aten


@dataclass(frozen=True)
class Loss:
    """A loss.

    Attributes:
        function: The K losses, by operations that autograd knows.
        by_hand: The K losses with each one's gradient in its own outputs, where that is written
            down: by the kernels that autograd would use, so that both are the same to the last bit.
            None, also for some targets, where autograd has to find it.
    """

    function: Function
    by_hand: Callable[[Tensor, Tensor], tuple[Tensor, Tensor] | None] = lambda outputs, targets: (
        None
    )

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return self.function(outputs, targets)

    def with_gradient(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The K losses and their gradient in the outputs, ``[K, batch, outputs]``."""
        found = self.by_hand(outputs, targets)
        if found is not None:
            return found
        with torch.enable_grad():
            leaf = outputs.detach().requires_grad_()
            losses = self.function(leaf, targets)
            total = losses.sum()  # given a gradient to begin with, autograd would import sympy
        (gradient,) = torch.autograd.grad(total, leaf)
        return losses.detach(), gradient


@dataclass(frozen=True)
class EachItsOwn(Loss):
    """One loss for every `networks` networks of a stack, in order."""

    parts: tuple[Loss, ...] = ()
    networks: int = 1

    def with_gradient(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        of_each = zip(
            self.parts, outputs.split(self.networks), targets.split(self.networks), strict=True
        )
        found = [loss.with_gradient(part, wanted) for loss, part, wanted in of_each]
        losses, gradients = zip(*found, strict=True)
        return torch.cat(losses), torch.cat(gradients)


def each_its_own(losses: Sequence[Loss], networks: int) -> Loss:
    """One loss for every `networks` networks of a stack, in order."""
    if len(losses) == 1:
        return losses[0]

    def together(outputs: Tensor, targets: Tensor) -> Tensor:
        of_each = zip(losses, outputs.split(networks), targets.split(networks), strict=True)
        return torch.cat([loss(part, wanted) for loss, part, wanted in of_each])

    return EachItsOwn(together, parts=tuple(losses), networks=networks)


def _mean(each: Tensor) -> Tensor:
    return each.flatten(1).mean(1)


def _share(outputs: Tensor) -> float:
    """What one number of a network's outputs counts in the mean."""
    return 1 / (outputs.shape[1] * outputs.shape[2])


def _square(outputs: Tensor, targets: Tensor) -> Tensor:
    return _mean((outputs - targets).square())


def _square_by_hand(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    off = outputs - targets
    return _mean(off.square()), off.mul_(2 * _share(outputs))


def _mse_by_hand(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    outputs = torch.sigmoid(logits)
    losses, slope = _square_by_hand(outputs, targets)
    return losses, _aten.sigmoid_backward(slope, outputs)


def _bce(logits: Tensor, targets: Tensor) -> Tensor:
    each = F.binary_cross_entropy(
        torch.sigmoid(logits), targets.expand_as(logits), reduction="none"
    )
    return _mean(each)


def _bce_with_logits(logits: Tensor, targets: Tensor) -> Tensor:
    each = F.binary_cross_entropy_with_logits(logits, targets.expand_as(logits), reduction="none")
    return _mean(each)


def _bce_with_logits_by_hand(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    slope = (torch.sigmoid(logits) - targets).mul_(_share(logits))
    return _bce_with_logits(logits, targets), slope


def _cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    each = F.cross_entropy(logits.flatten(0, 1), targets.flatten(0, 1), reduction="none")
    return each.view(logits.shape[:2]).mean(1)


def _cross_entropy_by_hand(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor] | None:
    if targets.is_floating_point():
        return None
    logs, chosen = logits.log_softmax(-1), targets.unsqueeze(-1)
    of_logs = torch.zeros_like(logs).scatter_(-1, chosen, -1 / logits.shape[1])
    slope = _aten._log_softmax_backward_data(of_logs, logs, -1, logs.dtype)
    return logs.gather(-1, chosen).neg_().squeeze(-1).mean(1), slope


linear_mse = Loss(_square, _square_by_hand)
"""Mean squared error of the outputs themselves: ``MSELoss`` of a linear output."""

mse = Loss(lambda logits, targets: _square(torch.sigmoid(logits), targets), _mse_by_hand)
"""Mean squared error of the sigmoid of the logits: ``MSELoss`` after ``Sigmoid``."""

bce = Loss(_bce)
"""``BCELoss`` after a sigmoid. PyTorch clamps its logarithms at -100, gradient and all."""

bce_with_logits = Loss(_bce_with_logits, _bce_with_logits_by_hand)
"""``BCEWithLogitsLoss``: the same loss, in one stable formula."""

cross_entropy = Loss(_cross_entropy, _cross_entropy_by_hand)
"""``CrossEntropyLoss``; targets are class numbers ``[K, batch]`` or each class's share
``[K, batch, outputs]``."""

softmax_twice = Loss(lambda logits, targets: _cross_entropy(logits.softmax(-1), targets))
"""The common mistake: a ``Softmax`` layer before ``CrossEntropyLoss``, which has one inside."""


def focal(alpha: float, gamma: float) -> Loss:
    """Focal loss, -αₜ (1 − pₜ)^γ log pₜ (Lin et al. 2017, "Focal loss for dense object
    detection"); αₜ is `alpha` for target 1 and 1 − `alpha` for target 0."""

    def loss(logits: Tensor, targets: Tensor) -> Tensor:
        targets = targets.expand_as(logits)
        cross_entropy = -F.logsigmoid(logits * (2 * targets - 1))
        # (1 − pₜ)^γ by its logarithm: where 1 − pₜ underflows, the power's slope would be NaN.
        missed = torch.exp(gamma * F.logsigmoid(logits * (1 - 2 * targets)))
        weight = alpha * targets + (1 - alpha) * (1 - targets)
        return _mean(weight * missed * cross_entropy)

    return Loss(loss)


BY_NAME: Mapping[str, Loss] = {
    "linear-mse": linear_mse,
    "mse": mse,
    "bce": bce,
    "bce-with-logits": bce_with_logits,
    "cross-entropy": cross_entropy,
    "softmax-twice": softmax_twice,
}
"""By their names in `sigviz.formulas.losses`; not the focal loss, which has numbers of its own."""
