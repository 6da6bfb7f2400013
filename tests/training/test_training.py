"""The stacked training against plain PyTorch loops: same weights, same data, same numbers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sigviz.trace import Trace, frame_steps
from sigviz.training import losses
from sigviz.training.initializers import INITIALIZERS, Initializer, constant, linear_layers, matched
from sigviz.training.loop import Recorder, train
from sigviz.training.losses import Loss
from sigviz.training.networks import Stack
from support.runs import finished

SIZES, ROWS, STEPS, RATE = [5, 8, 8, 3], 40, 100, 0.1
MODULES = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
Oracle = Callable[[Tensor, Tensor], Tensor]


class Focal(nn.Module):
    """Focal loss, written out for targets of 0 and 1."""

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        p = torch.sigmoid(logits)
        right = torch.where(targets == 1, p, 1 - p)
        weight = torch.where(targets == 1, 0.25, 0.75)
        return (-weight * (1 - right) ** 2 * right.log()).mean()


def after_sigmoid(loss: nn.Module) -> Oracle:
    return lambda logits, targets: loss(torch.sigmoid(logits), targets)


BINARY: dict[str, tuple[Loss, Oracle]] = {
    "linear-mse": (losses.linear_mse, nn.MSELoss()),
    "mse": (losses.mse, after_sigmoid(nn.MSELoss())),
    "bce": (losses.bce, after_sigmoid(nn.BCELoss())),
    "bce-with-logits": (losses.bce_with_logits, nn.BCEWithLogitsLoss()),
    "focal": (losses.focal(0.25, 2.0), Focal()),
}
CLASSES: dict[str, tuple[Loss, Oracle]] = {
    "cross-entropy": (losses.cross_entropy, nn.CrossEntropyLoss()),
    "softmax-twice": (
        losses.softmax_twice,
        lambda logits, targets: nn.CrossEntropyLoss()(nn.Softmax(-1)(logits), targets),
    ),
}


def data(*, classes: bool) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)
    x = torch.randn(ROWS, SIZES[0], generator=generator)
    if classes:
        return x, torch.randint(0, SIZES[-1], (ROWS,), generator=generator)
    return x, torch.randint(0, 2, (ROWS, SIZES[-1]), generator=generator).float()


def plain(
    layers: list[nn.Linear], activation: str, oracle: Oracle, x: Tensor, y: Tensor
) -> tuple[list[float], list[list[float]]]:
    """Losses and gradient norms of one network, trained as in any tutorial."""
    modules: list[nn.Module] = [layers[0]]
    for layer in layers[1:]:
        modules += [MODULES[activation](), layer]
    network = nn.Sequential(*modules)
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
    seen, norms = [], []
    for _ in range(STEPS + 1):
        loss = oracle(network(x), y)
        optimizer.zero_grad()
        loss.backward()
        seen.append(loss.item())
        norms.append([layer.weight.grad.norm().item() for layer in layers])  # type: ignore[union-attr]
        optimizer.step()
    return seen, norms


def stacked(
    activations: list[str], initialize: list[Initializer], loss: Loss, x: Tensor, y: Tensor
) -> Trace:
    """The same networks at once, two seeds of each."""
    networks = [linear_layers(SIZES, init, seed) for init in initialize for seed in (0, 1)]
    stack = Stack(networks, [name for name in activations for _ in (0, 1)])
    count = len(networks)
    batch = x.expand(count, -1, -1), y.expand(count, *y.shape)
    return finished(
        train(
            stack,
            lambda: batch,
            loss,
            learning_rate=RATE,
            steps=STEPS,
            variants=len(activations),
            seeds=2,
        )
    )


def check(
    trace: Trace, variant: int, seed: int, loss: list[float], norms: list[list[float]]
) -> None:
    np.testing.assert_allclose(trace.series["loss"][:, variant, seed], loss, rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(
        trace.series["gradient_norm"][:, :, variant, seed], norms, rtol=1e-4, atol=1e-7
    )


def test_every_activation_agrees_within_one_mixed_stack() -> None:
    x, y = data(classes=True)
    names = list(MODULES)
    loss, oracle = CLASSES["cross-entropy"]
    trace = stacked(names, [matched(name) for name in names], loss, x, y)
    for variant, name in enumerate(names):
        for seed in (0, 1):
            layers = linear_layers(SIZES, matched(name), seed)
            check(trace, variant, seed, *plain(layers, name, oracle, x, y))


@pytest.mark.parametrize("name", BINARY | CLASSES)
def test_every_loss_agrees(name: str) -> None:
    loss, oracle = (BINARY | CLASSES)[name]
    x, y = data(classes=name in CLASSES)
    trace = stacked(["sigmoid"], [matched("sigmoid")], loss, x, y)
    for seed in (0, 1):
        layers = linear_layers(SIZES, matched("sigmoid"), seed)
        check(trace, 0, seed, *plain(layers, "sigmoid", oracle, x, y))


def test_different_losses_in_one_stack_agree() -> None:
    x, y = data(classes=False)
    mine = losses.each_its_own([loss for loss, _ in BINARY.values()], 2)
    trace = stacked(["sigmoid"] * len(BINARY), [matched("sigmoid")] * len(BINARY), mine, x, y)
    for variant, (_, oracle) in enumerate(BINARY.values()):
        layers = linear_layers(SIZES, matched("sigmoid"), 1)
        check(trace, variant, 1, *plain(layers, "sigmoid", oracle, x, y))


def test_bce_after_a_sigmoid_clamps_and_bce_with_logits_does_not() -> None:
    """A confident wrong answer: logit 20, target 0."""
    for loss, expected, slope in ((losses.bce, 100, 0), (losses.bce_with_logits, 20, 1)):
        logit = torch.full((1, 1, 1), 20.0, requires_grad=True)
        value = loss(logit, torch.zeros(1, 1, 1))
        value.sum().backward()
        assert value.item() == pytest.approx(expected)
        assert logit.grad is not None
        assert logit.grad.item() == pytest.approx(slope)


def test_activation_statistics_are_those_of_the_sampled_rows() -> None:
    x, y = data(classes=True)
    stack = Stack([linear_layers(SIZES, matched("tanh"), 0)], ["tanh"])
    recorder = Recorder(stack, 0, 1, 1, frame_count=1, activations=True, watch={})
    logits, hidden = stack.forward(x[None])
    each = losses.cross_entropy(logits, y[None])
    each.sum().backward()
    recorder.record(0, each, logits, y[None], hidden)
    series = recorder.series(0)
    for layer, activation in enumerate(hidden):
        seen = activation[0, :16]
        found = [
            series[f"activation_{name}"][0, layer, 0, 0] for name in ("mean", "spread", "saturated")
        ]
        share = (1 - seen**2 < 0.1).float().mean()
        expected = [seen.mean(), seen.std(correction=0), share]
        np.testing.assert_allclose(found, [value.item() for value in expected], rtol=1e-5)


def diverging(steps: int = 200) -> list[Trace]:
    """Linear regression with a learning rate a thousand times too large."""
    stack = Stack([linear_layers([1, 1], constant(1.0), 0)], ["sigmoid"])
    x, y = torch.ones(1, 4, 1) * 3, torch.zeros(1, 4, 1)
    return list(
        train(
            stack,
            lambda: (x, y),
            losses.linear_mse,
            learning_rate=5.0,
            steps=steps,
            variants=1,
            seeds=1,
        )
    )


def test_divergence_ends_a_run_and_is_told() -> None:
    last = diverging()[-1]
    assert last.done
    assert last.diverged_at is not None
    assert last.step == last.diverged_at - 1
    assert np.isfinite(last.series["loss"]).all()
    assert len(last.series["loss"]) == last.diverged_at


def test_the_final_weights_are_those_of_a_plain_loop() -> None:
    x, y = data(classes=True)
    loss, oracle = CLASSES["cross-entropy"]
    trace = stacked(["relu", "tanh"], [INITIALIZERS["he-uniform"], matched("tanh")], loss, x, y)
    layers = linear_layers(SIZES, matched("tanh"), 1)
    network = nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2])
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
    for _ in range(STEPS):
        optimizer.zero_grad()
        oracle(network(x), y).backward()
        optimizer.step()
    assert len(trace.layers) == len(layers)
    for layer, linear in zip(trace.layers, layers, strict=True):
        weight, bias = linear.weight.detach().T, linear.bias.detach()
        np.testing.assert_allclose(layer.weights[1, 1], weight, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(layer.biases[1, 1], bias, rtol=1e-4, atol=1e-6)


def test_final_weights_are_kept_of_as_many_seeds_as_fit() -> None:
    stack = Stack([linear_layers([1000, 300], matched("relu"), s) for s in range(5)], ["relu"] * 5)
    x, y = torch.zeros(5, 1, 1000), torch.zeros(5, 1, 300)
    *earlier, last = train(
        stack,
        lambda: (x, y),
        losses.linear_mse,
        learning_rate=RATE,
        steps=1,
        variants=1,
        seeds=5,
        every=0.0,
    )
    (layer,) = last.layers
    assert layer.weights.shape == (1, 3, 1000, 300)
    assert last.nbytes > layer.weights.nbytes
    np.testing.assert_array_equal(layer.weights[0, 2], stack.weights[0][2].detach())
    assert not any(trace.layers for trace in [*earlier, *diverging()]), "they are not final"


def test_traces_grow_and_the_rows_stay() -> None:
    x, y = data(classes=True)
    stack = Stack([linear_layers(SIZES, matched("tanh"), 0)], ["tanh"])
    traces = list(
        train(
            stack,
            lambda: (x[None], y[None]),
            losses.cross_entropy,
            learning_rate=RATE,
            steps=30,
            variants=1,
            seeds=1,
            frame=lambda: {"weights": stack.weights[0].detach()},
            every=0.0,
        )
    )
    assert [trace.step for trace in traces] == list(range(31))
    assert [trace.done for trace in traces] == [False] * 30 + [True]
    for trace in traces:
        whole = traces[-1].series["loss"][: trace.step + 1]
        np.testing.assert_array_equal(trace.series["loss"], whole)
        assert len(trace.frames["weights"]) == len(trace.frame_steps)
    assert traces[-1].frame_steps == frame_steps(30)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_focal_loss_has_a_gradient_where_its_power_underflows(gamma: float) -> None:
    logits = torch.tensor([[[-200.0], [-20.0], [0.0], [20.0], [200.0]]], requires_grad=True)
    losses.focal(0.25, gamma)(logits, torch.ones(1, 5, 1)).sum().backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()
