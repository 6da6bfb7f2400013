"""Every stacked layer against its namesake in ``torch.nn``, each of the K networks by itself."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from sigviz.training.losses import cross_entropy
from sigviz.training.networks import Stack, stacked
from sigviz.training.plain import LastState
from tests.training.plain_networks import (
    CLASSES,
    FEATURES,
    KINDS,
    NETWORKS,
    ROWS,
    backward,
    data,
    networks,
)

every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(autouse=True)
def _no_graph() -> Iterator[None]:
    """As in the training loop."""
    with torch.no_grad():
        yield


def pass_through(stack: Stack, x: Tensor, y: Tensor) -> Tensor:
    """Forward and backward; the outputs."""
    outputs = stack.forward(x)
    _, gradient = cross_entropy.with_gradient(outputs, y)
    stack.backward(gradient)
    return outputs


@every_kind
def test_outputs_and_gradients_are_those_of_each_network(kind: str) -> None:
    plain, (x, y) = networks(kind), data(kind)
    stack = stacked(plain)
    for _ in range(2):  # what is kept from one pass must not change the next
        outputs = pass_through(stack, x, y)
        with torch.enable_grad():
            backward(plain, x, y)
    for k, network in enumerate(plain):
        torch.testing.assert_close(outputs[k], network(x[k]))
        for name, value in network.named_parameters():
            found = stack.get_parameter(name).grad
            assert found is not None
            assert value.grad is not None
            torch.testing.assert_close(found[k], value.grad, rtol=1e-10, atol=1e-13)


@every_kind
def test_it_has_the_state_of_its_networks(kind: str) -> None:
    plain = networks(kind)
    state = stacked(plain).state_dict()
    for k, network in enumerate(plain):
        assert list(state) == list(network.state_dict())
        for name, value in network.state_dict().items():
            assert torch.equal(state[name][k], value)


@pytest.mark.parametrize("kind", ["linear", "unequal widths", "relu", "residual"])
def test_in_float32_gradients_agree_up_to_rounding(kind: str) -> None:
    plain, (x, y) = networks(kind, torch.float32), data(kind, torch.float32)
    stack = stacked(plain)
    pass_through(stack, x, y)
    with torch.enable_grad():
        backward(plain, x, y)
    for k, network in enumerate(plain):
        for name, value in network.named_parameters():
            found = stack.get_parameter(name).grad
            assert found is not None
            torch.testing.assert_close(found[k], value.grad, rtol=1e-6, atol=1e-8)


def test_batch_norm_evaluates_by_running_statistics() -> None:
    plain, (x, y) = networks("batch norm"), data("batch norm")
    stack = stacked(plain)
    for part in x.split(6, dim=1):
        pass_through(stack, part, y[:, : part.shape[1]])
        for network, rows in zip(plain, part, strict=True):
            network(rows)
    evaluated = stack.evaluate(x)
    assert stack.training, "to evaluate is not to leave training"
    for k, network in enumerate(plain):
        torch.testing.assert_close(evaluated[k], network.eval()(x[k]))
        for name, value in network.named_buffers():
            torch.testing.assert_close(stack.get_buffer(name)[k], value)


def test_batch_norm_refuses_a_batch_of_one_row() -> None:
    x, _ = data("batch norm")
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        stacked(networks("batch norm")).forward(x[:, :1])


def dropouts() -> list[nn.Sequential]:
    return [
        nn.Sequential(nn.Linear(FEATURES, 8), nn.Dropout(0.3), nn.Linear(8, CLASSES))
        for _ in range(NETWORKS)
    ]


def test_each_network_drops_what_it_would_drop_by_itself() -> None:
    plain, (x, y) = dropouts(), data("linear", torch.float32)
    generators = [torch.Generator().manual_seed(seed) for seed in range(NETWORKS)]
    stack = stacked(plain, generators)
    before = torch.random.get_rng_state()
    outputs = pass_through(stack, x, y)
    assert torch.equal(torch.random.get_rng_state(), before), "its generators are its own"
    for k, network in enumerate(plain):
        torch.manual_seed(k)
        with torch.enable_grad():
            expected = network(x[k])
            nn.functional.cross_entropy(expected, y[k]).backward()
        torch.testing.assert_close(outputs[k], expected)
        for name, value in network.named_parameters():
            found = stack.get_parameter(name).grad
            assert found is not None
            torch.testing.assert_close(found[k], value.grad)


def test_dropout_drops_nothing_when_evaluated() -> None:
    plain, (x, _) = dropouts(), data("linear", torch.float32)
    generators = [torch.Generator().manual_seed(seed) for seed in range(NETWORKS)]
    evaluated = stacked(plain, generators).evaluate(x)
    for k, network in enumerate(plain):
        torch.testing.assert_close(evaluated[k], network.eval()(x[k]))


def test_frozen_layers_keep_their_weights_and_pass_gradients_on() -> None:
    plain, (x, y) = networks("unequal widths"), data("unequal widths")
    for network in plain:
        network[2].requires_grad_(False)
    stack = stacked(plain)
    pass_through(stack, x, y)
    with torch.enable_grad():
        backward(plain, x, y)
    assert stack[2].get_parameter("weight").grad is None
    assert len(stack.trained) == 4
    for k, network in enumerate(plain):
        first = stack[0].get_parameter("weight").grad
        assert first is not None
        torch.testing.assert_close(first[k], network[0].weight.grad)


def test_with_a_frozen_beginning_nothing_is_passed_further_back() -> None:
    plain, (x, y) = networks("unequal widths"), data("unequal widths")
    for network in plain:
        network[0].requires_grad_(False)
    stack = stacked(plain)
    assert stack.forward(x).shape == (NETWORKS, ROWS, CLASSES)
    _, gradient = cross_entropy.with_gradient(stack.forward(x), y)
    assert stack.backward(gradient) is None


@pytest.mark.parametrize(
    ("plain", "complaint"),
    [
        ([nn.Sequential(nn.Linear(2, 2)), nn.Sequential(nn.Linear(3, 2))], "in_features"),
        ([nn.Sequential(nn.Linear(2, 2)), nn.Sequential(nn.Tanh())], "different kinds"),
        ([nn.Sequential(nn.Linear(2, 2), nn.Tanh()), nn.Sequential(nn.Linear(2, 2))], "number of"),
        ([nn.Sequential(nn.Dropout(0.5))], "generator"),
        ([nn.Sequential(nn.Conv2d(1, 1, 1))], "Conv2d cannot be stacked"),
        ([nn.Sequential(nn.LSTM(2, 2, num_layers=2), LastState())], "one layer"),
        ([], "one at least"),
    ],
)
def test_what_cannot_be_stacked_is_told(plain: list[nn.Sequential], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        stacked(plain)


@pytest.mark.parametrize("scale", [0.0, 1.0])
def test_an_lstm_without_recurrence_passes_back_the_product_of_its_forget_gates(
    scale: float,
) -> None:
    """∂c_T/∂c_0 = ∏ f_t where nothing flows through the recurrent weights; else it does not."""
    time, hidden = 6, 4
    torch.manual_seed(0)
    cell = nn.LSTM(FEATURES, hidden, batch_first=True).double()
    cell.get_parameter("weight_hh_l0").mul_(scale)
    x = torch.randn(ROWS, time, FEATURES, dtype=torch.float64)
    with torch.enable_grad():
        start = torch.zeros(1, ROWS, hidden, dtype=torch.float64, requires_grad=True)
        _, (_, last) = cell(x, (torch.zeros_like(start), start))
        (passed,) = torch.autograd.grad(last.sum(), start)
    (stack,) = stacked([nn.Sequential(cell)])
    sums = (
        torch.baddbmm(
            stack.get_parameter("bias_ih_l0")[:, None],
            x.reshape(1, -1, FEATURES),
            stack.get_parameter("weight_ih_l0").transpose(1, 2),
        )
        + stack.get_parameter("bias_hh_l0")[:, None]
    )
    forget = torch.sigmoid(sums.view(ROWS, time, 4, hidden)[:, :, 1])
    assert torch.allclose(passed[0], forget.prod(1)) == (scale == 0)
