"""First weights: the draws of ``torch.nn.init``, with the moments that their authors wrote down."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import init

from sigviz.training.initializers import INITIALIZERS, Initializer, constant, linear_layers, matched

INPUTS, OUTPUTS = 300, 200
UNIFORM, NORMAL = 9 / 5, 3.0
"""The kurtosis of the two distributions: the fourth moment over the square of the second."""

SPREADS: dict[str, tuple[float, float]] = {
    "default": (math.sqrt(1 / (3 * INPUTS)), UNIFORM),
    "xavier-uniform": (math.sqrt(2 / (INPUTS + OUTPUTS)), UNIFORM),
    "xavier-normal": (math.sqrt(2 / (INPUTS + OUTPUTS)), NORMAL),
    "he-uniform": (math.sqrt(2 / INPUTS), UNIFORM),
    "normal": (1.0, NORMAL),
    "zeros": (0.0, math.nan),
}
"""Standard deviation and kurtosis. Glorot and Bengio 2010, equation 12 and 16; He et al. 2015,
equation 10; PyTorch's page on ``nn.Linear``: uniform within one over the root of the inputs."""

BY_HAND: dict[str, Callable[[Tensor], Tensor]] = {
    "xavier-uniform": init.xavier_uniform_,
    "xavier-normal": init.xavier_normal_,
    "he-uniform": lambda weight: init.kaiming_uniform_(weight, nonlinearity="relu"),
    "normal": init.normal_,
    "zeros": init.zeros_,
}


def drawn(initialize: Initializer, seed: int = 0, gain: float = 1.0) -> nn.Linear:
    (layer,) = linear_layers([INPUTS, OUTPUTS], initialize, seed, gain)
    return layer


def test_there_is_a_figure_for_each() -> None:
    assert set(SPREADS) == set(INITIALIZERS) == {*BY_HAND, "default"}


@pytest.mark.parametrize("name", SPREADS)
@pytest.mark.parametrize("gain", [1.0, 6.0])
def test_weights_have_the_moments_of_their_distribution(name: str, gain: float) -> None:
    """Of 60 000 draws: to five standard errors of each moment, about."""
    spread, kurtosis = SPREADS[name]
    weights = drawn(INITIALIZERS[name], seed=7, gain=gain).weight.detach().double()
    assert weights.mean().item() == pytest.approx(0, abs=5 * gain * spread / math.sqrt(60_000))
    assert weights.std().item() == pytest.approx(gain * spread, rel=0.02)
    if spread:
        fourth = weights.pow(4).mean() / weights.square().mean() ** 2
        assert fourth.item() == pytest.approx(kurtosis, rel=0.04)
    if kurtosis == UNIFORM:
        assert weights.abs().max().item() <= gain * spread * math.sqrt(3) * (1 + 1e-6)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_layer_is_drawn_as_by_hand_and_has_no_bias(name: str) -> None:
    """By hand, the draw comes from the generator that all of PyTorch shares."""
    layer = drawn(INITIALIZERS[name], seed=3)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        wanted = BY_HAND[name](torch.empty(OUTPUTS, INPUTS))
    assert torch.equal(layer.weight, wanted)
    assert not layer.bias.any()


def test_the_default_is_what_nn_linear_does() -> None:
    layer = drawn(INITIALIZERS["default"], seed=3)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        wanted = nn.Linear(INPUTS, OUTPUTS)
    assert torch.equal(layer.weight, wanted.weight)
    assert torch.equal(layer.bias, wanted.bias)
    assert layer.bias.any()


def test_a_constant_is_in_every_weight_and_every_bias() -> None:
    layer = drawn(constant(0.3))
    assert torch.equal(layer.weight, torch.full((OUTPUTS, INPUTS), 0.3))
    assert torch.equal(layer.bias, torch.full((OUTPUTS,), 0.3))


def test_a_gain_leaves_the_biases_as_they_are() -> None:
    once, often = (drawn(INITIALIZERS["default"], gain=gain) for gain in (1.0, 4.0))
    assert torch.equal(often.weight, 4 * once.weight)
    assert torch.equal(often.bias, once.bias)


@pytest.mark.parametrize(
    ("activation", "name"),
    [("relu", "he-uniform"), ("tanh", "xavier-uniform"), ("sigmoid", "xavier-uniform")],
)
def test_each_activation_is_matched_by_what_was_made_for_it(activation: str, name: str) -> None:
    assert torch.equal(drawn(matched(activation)).weight, drawn(INITIALIZERS[name]).weight)


def test_the_layers_of_a_network_and_other_seeds_draw_other_numbers() -> None:
    first, second = linear_layers([20, 20, 20], INITIALIZERS["normal"], seed=1)
    other, _ = linear_layers([20, 20, 20], INITIALIZERS["normal"], seed=2)
    for layer in (second, other):
        together = torch.stack([first.weight.flatten(), layer.weight.flatten()])
        assert abs(torch.corrcoef(together)[0, 1].item()) < 0.2
