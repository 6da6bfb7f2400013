"""Losses of a stack of networks: one number for each network, from its logits and its targets.

Every function takes logits ``[K, batch, outputs]`` and returns ``[K]``, the mean over batch and
outputs, which is what PyTorch's loss modules return for a single network.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

Loss = Callable[[Tensor, Tensor], Tensor]


def each_its_own(losses: Sequence[Loss], networks: int) -> Loss:
    """One loss for every `networks` networks of a stack, in order; still one backward for all."""
    if len(losses) == 1:
        return losses[0]

    def loss(logits: Tensor, targets: Tensor) -> Tensor:
        parts = zip(losses, logits.split(networks), targets.split(networks), strict=True)
        return torch.cat([own(part, wanted) for own, part, wanted in parts])

    return loss


def _mean(each: Tensor) -> Tensor:
    return each.flatten(1).mean(1)


def linear_mse(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean squared error of the logits themselves: a linear output."""
    return _mean((logits - targets).square())


def mse(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean squared error of the sigmoid of the logits."""
    return linear_mse(torch.sigmoid(logits), targets)


def bce(logits: Tensor, targets: Tensor) -> Tensor:
    """``BCELoss`` after a sigmoid. PyTorch clamps its logarithms at -100, gradient and all."""
    return _mean(
        F.binary_cross_entropy(torch.sigmoid(logits), targets.expand_as(logits), reduction="none")
    )


def bce_with_logits(logits: Tensor, targets: Tensor) -> Tensor:
    """``BCEWithLogitsLoss``: the same loss, in one stable formula."""
    return _mean(
        F.binary_cross_entropy_with_logits(logits, targets.expand_as(logits), reduction="none")
    )


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

    return loss


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """``CrossEntropyLoss``; `targets` are class numbers ``[K, batch]`` or each class's share
    ``[K, batch, outputs]``."""
    each = F.cross_entropy(logits.flatten(0, 1), targets.flatten(0, 1), reduction="none")
    return each.view(logits.shape[:2]).mean(1)


def softmax_twice(logits: Tensor, targets: Tensor) -> Tensor:
    """The common mistake: a Softmax layer before ``CrossEntropyLoss``, which has one inside."""
    return cross_entropy(logits.softmax(-1), targets)
