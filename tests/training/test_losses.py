"""Losses of a stack against PyTorch's modules, and gradients by hand against autograd's."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from sigviz.formulas.losses import LOSSES
from sigviz.training import losses
from sigviz.training.losses import Loss

NETWORKS, ROWS, OUTPUTS = 3, 40, 3

Oracle = Callable[[Tensor, Tensor], Tensor]


class Focal(nn.Module):
    """Focal loss, written out for targets of 0 and 1."""

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        p = torch.sigmoid(logits)
        right = torch.where(targets == 1, p, 1 - p)
        weight = torch.where(targets == 1, 0.25, 0.75)
        return (-weight * (1 - right) ** 2 * right.log()).mean()


def oracle(name: str) -> Oracle:
    """PyTorch's own, by the table of losses."""
    known = LOSSES[name]
    if not known.module:
        return Focal()
    loss: nn.Module = getattr(nn, known.module)()
    if not known.after:
        return loss
    before = nn.Softmax(-1) if known.after == "Softmax" else getattr(nn, known.after)()
    return lambda logits, targets: loss(before(logits), targets)


CLASSES = [name for name in LOSSES if LOSSES[name].module == "CrossEntropyLoss"]
ALL: dict[str, Loss] = {**losses.BY_NAME, "focal": losses.focal(0.25, 2.0)}
every_loss = pytest.mark.parametrize("name", LOSSES)


def test_every_loss_that_has_a_name_has_a_value() -> None:
    assert set(ALL) == set(LOSSES)


def drawn(name: str) -> tuple[Tensor, Tensor]:
    """Logits and targets."""
    generator = torch.Generator().manual_seed(7)
    shape = (NETWORKS, ROWS, OUTPUTS)
    logits = 3 * torch.randn(*shape, generator=generator)
    if name in CLASSES:
        return logits, torch.randint(0, OUTPUTS, (NETWORKS, ROWS), generator=generator)
    return logits, torch.randint(0, 2, shape, generator=generator).float()


@every_loss
def test_each_network_has_the_loss_and_the_gradient_of_pytorchs_module(name: str) -> None:
    logits, targets = drawn(name)
    values, gradient = ALL[name].with_gradient(logits, targets)
    for k in range(NETWORKS):
        leaf = logits[k].clone().requires_grad_()
        expected = oracle(name)(leaf, targets[k])
        expected.backward()
        torch.testing.assert_close(values[k], expected.detach())
        torch.testing.assert_close(gradient[k], leaf.grad)


@every_loss
def test_a_gradient_by_hand_is_autograds_to_the_last_bit(name: str) -> None:
    loss, (logits, targets) = ALL[name], drawn(name)
    leaf = logits.clone().requires_grad_()
    (expected,) = torch.autograd.grad(loss(leaf, targets).sum(), leaf)
    assert torch.equal(loss.with_gradient(logits, targets)[1], expected)


def test_cross_entropy_takes_shares_of_classes() -> None:
    logits, _ = drawn("cross-entropy")
    shares = torch.rand(logits.shape, generator=torch.Generator().manual_seed(1)).softmax(-1)
    values, gradient = losses.cross_entropy.with_gradient(logits, shares)
    leaf = logits[1].clone().requires_grad_()
    expected = nn.CrossEntropyLoss()(leaf, shares[1])
    expected.backward()
    torch.testing.assert_close(values[1], expected.detach())
    torch.testing.assert_close(gradient[1], leaf.grad)


def test_networks_of_one_stack_may_have_different_losses() -> None:
    logits, targets = drawn("mse")
    logits, targets = logits.repeat(2, 1, 1), targets.repeat(2, 1, 1)
    both = losses.each_its_own([losses.mse, losses.bce], NETWORKS)
    values, gradient = both.with_gradient(logits, targets)
    for loss, part in ((losses.mse, slice(0, 3)), (losses.bce, slice(3, 6))):
        own, slope = loss.with_gradient(logits[part], targets[part])
        assert torch.equal(values[part], own)
        assert torch.equal(gradient[part], slope)
    assert torch.equal(both(logits, targets), values)


def test_bce_after_a_sigmoid_clamps_and_bce_with_logits_does_not() -> None:
    """A confident wrong answer: logit 20, target 0."""
    for loss, expected, slope in ((losses.bce, 100, 0), (losses.bce_with_logits, 20, 1)):
        value, gradient = loss.with_gradient(torch.full((1, 1, 1), 20.0), torch.zeros(1, 1, 1))
        assert value.item() == pytest.approx(expected)
        assert gradient.item() == pytest.approx(slope)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_focal_loss_has_a_gradient_where_its_power_underflows(gamma: float) -> None:
    logits = torch.tensor([[[-200.0], [-20.0], [0.0], [20.0], [200.0]]])
    _, gradient = losses.focal(0.25, gamma).with_gradient(logits, torch.ones(1, 5, 1))
    assert gradient.isfinite().all()
