"""The functional optimizers against ``torch.optim``, for each network of a stack by itself."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from sigviz.training.losses import cross_entropy
from sigviz.training.networks import stacked
from sigviz.training.optimizers import SGD, Adam, Optimizer, clip
from tests.training.plain_networks import NETWORKS, backward, data, networks

STEPS = 30

PAIRS: dict[str, tuple[Callable[[], Optimizer], Callable[..., torch.optim.Optimizer]]] = {
    "sgd": (lambda: SGD(0.1), lambda p: torch.optim.SGD(p, 0.1)),
    "momentum": (
        lambda: SGD(0.1, momentum=0.9),
        lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
    ),
    "weight decay": (
        lambda: SGD(0.1, weight_decay=0.1),
        lambda p: torch.optim.SGD(p, 0.1, weight_decay=0.1),
    ),
    "adam": (lambda: Adam(0.01), lambda p: torch.optim.Adam(p, 0.01)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_it_updates_every_network_as_torch_optim_does_to_the_last_bit(name: str) -> None:
    """Given the same gradients: their own last bits are the layers' business."""
    ours, theirs = PAIRS[name][0](), PAIRS[name][1]
    plain = networks("unequal widths", torch.float32)
    values = [
        torch.stack([network.get_parameter(each).detach() for network in plain])
        for each, _ in plain[0].named_parameters()
    ]
    optimizers = [theirs(network.parameters()) for network in plain]
    generator = torch.Generator().manual_seed(0)
    for _ in range(STEPS):
        gradients = [torch.randn(value.shape, generator=generator) for value in values]
        for k, (network, optimizer) in enumerate(zip(plain, optimizers, strict=True)):
            for parameter, gradient in zip(network.parameters(), gradients, strict=True):
                parameter.grad = gradient[k].clone()
            optimizer.step()
        with torch.no_grad():
            ours.step(values, gradients)
    for k, network in enumerate(plain):
        for parameter, value in zip(network.parameters(), values, strict=True):
            assert torch.equal(value[k], parameter)


@pytest.mark.parametrize("largest", [0.05, 1e3])
def test_clipping_looks_at_each_network_by_itself(largest: float) -> None:
    plain, (x, y) = networks("relu", torch.float32), data("relu", torch.float32)
    for k, network in enumerate(plain):
        for value in network.parameters():
            value.data.mul_(1 + 2 * k)
    backward(plain, x, y)
    stack = stacked(plain)
    with torch.no_grad():
        _, gradient = cross_entropy.with_gradient(stack.forward(x), y)
        stack.backward(gradient)
        clip([value.grad for value in stack.parameters() if value.grad is not None], largest)
    for k in range(NETWORKS):
        nn.utils.clip_grad_norm_(plain[k].parameters(), largest)
        for name, value in plain[k].named_parameters():
            found = stack.get_parameter(name).grad
            assert found is not None
            torch.testing.assert_close(found[k], value.grad)
