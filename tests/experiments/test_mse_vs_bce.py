"""The two losses against Nielsen's table, PyTorch's own modules and the measured patients."""

import numpy as np
import pytest
import torch
from torch import nn

from sigviz.experiments.mse_vs_bce import EXPERIMENT
from sigviz.experiments.mse_vs_bce.run import run
from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.trace import Trace
from sigviz.training.datasets import breast_cancer
from support.runs import finished

EVERY_LOSS = ("mse", "bce", "bce-with-logits", "focal")


def trained(**settings: object) -> Trace:
    return finished(run(EXPERIMENT.job(**{"repeats": 2, **settings})))


def curve(trace: Trace, name: str, logit: float) -> np.ndarray:
    """Each loss, or its gradient, at one of the logits of the curves."""
    (at,) = np.flatnonzero(np.isclose(trace.fixed["logit"], logit))
    return trace.fixed[name][:, at]


@pytest.mark.parametrize(
    ("weight", "bias", "loss", "learning_rate", "outputs"),
    [
        (0.6, 0.9, "mse", 0.075, [0.82, 0.387, 0.211, 0.153, 0.094]),
        (2, 2, "mse", 0.075, [0.98, 0.976, 0.964, 0.933, 0.203]),
        (0.6, 0.9, "bce", 0.15, [0.82, 0.079, 0.037, 0.024, 0.012]),
        (2, 2, "bce", 0.15, [0.98, 0.099, 0.041, 0.026, 0.012]),
    ],
)
def test_one_neuron_learns_as_in_the_book(
    weight: float, bias: float, loss: str, learning_rate: float, outputs: list[float]
) -> None:
    """Nielsen, "Neural Networks and Deep Learning", ch. 3; his quadratic cost is half of MSE."""
    trace = trained(
        start_weight=weight, start_bias=bias, losses=(loss,), learning_rate=learning_rate
    )
    found = trace.series["output"][[0, 50, 100, 150, 300], 0]
    np.testing.assert_allclose(found, np.transpose([outputs] * 2), atol=0.01)
    assert trace.metrics[f"final_output_{loss}"] == pytest.approx(outputs[-1], abs=0.001)


@pytest.mark.parametrize(("logit", "ratio"), [(0, 2), (2, 4.76), (4, 28.3), (8, 1491)])
def test_bce_pulls_harder_the_more_wrong_the_output(logit: float, ratio: float) -> None:
    mse, bce = curve(trained(steps=1), "gradient", logit)
    assert bce == pytest.approx(1 / (1 + np.exp(-logit)), rel=1e-4)
    assert bce / mse == pytest.approx(ratio, rel=0.005)


def test_bce_after_a_saturated_sigmoid_is_clamped_and_gives_no_gradient() -> None:
    trace = trained(losses=("bce", "bce-with-logits"), start_weight=10, start_bias=10)
    assert curve(trace, "loss", 20) == pytest.approx([100, 20])
    assert curve(trace, "gradient", 20) == pytest.approx([0, 1], abs=1e-7)
    assert (trace.series["loss"][:, 0] == 100).all()
    assert (trace.series["gradient_norm"][:, :, 0] == 0).all()
    assert trace.metrics["final_accuracy_bce"] == 0
    assert trace.metrics["final_accuracy_bce_with_logits"] == 1


@pytest.mark.trains
def test_half_way_is_the_first_step_within_a_half_of_the_target() -> None:
    trace = trained(losses=EVERY_LOSS)
    outputs = trace.series["output"][:, :, 0]
    for i, name in enumerate(["mse", "bce", "bce_with_logits", "focal"]):
        step = int(trace.metrics[f"half_way_{name}"])
        assert outputs[step, i] < 0.5 <= outputs[step - 1, i]
    assert trace.metrics["half_way_bce"] < trace.metrics["half_way_mse"] / 4
    assert trained(steps=20).metrics["half_way_mse"] == 20
    assert trained(target=1).metrics["half_way_mse"] == 0


def test_the_other_target_is_the_mirror_image() -> None:
    down = trained(losses=EVERY_LOSS, focal_alpha=0.5, steps=50)
    up = trained(
        losses=EVERY_LOSS, focal_alpha=0.5, steps=50, target=1, start_weight=-2, start_bias=-2
    )
    np.testing.assert_allclose(up.series["output"], 1 - down.series["output"], atol=1e-5)
    np.testing.assert_allclose(up.fixed["gradient"][0], -down.fixed["gradient"][0, ::-1], atol=1e-6)


def test_focal_loss_without_focus_is_half_of_bce() -> None:
    trace = trained(losses=("bce-with-logits", "focal"), focal_alpha=0.5, focal_gamma=0, steps=1)
    for name in ("loss", "gradient"):
        whole, half = trace.fixed[name]
        # PyTorch's BCE with logits rounds what is small; what focal makes of it does not.
        np.testing.assert_allclose(half, whole / 2, rtol=1e-5, atol=5e-7)


def test_the_dots_are_where_the_networks_are() -> None:
    """With the input 1, the gradient of the weight is the gradient in the logit."""
    trace = trained(losses=EVERY_LOSS, steps=40)
    dots = np.abs(trace.frames["gradient"][..., 1])
    np.testing.assert_allclose(dots, trace.series["gradient_norm"][trace.frame_steps, 0], rtol=1e-5)
    logits = trace.frames["weight"] + trace.frames["bias"]
    np.testing.assert_allclose(trace.frames["logit"][..., 1], logits, rtol=1e-5)


@pytest.mark.parametrize(("name", "module"), [("mse", nn.MSELoss()), ("bce", nn.BCELoss())])
def test_patients_train_as_in_a_plain_loop(name: str, module: nn.Module) -> None:
    trace = trained(problem="breast-cancer", losses=("bce-with-logits", name), steps=30, seed=7)
    data = breast_cancer()
    linear = nn.Linear(30, 1)
    neuron = nn.Sequential(linear, nn.Sigmoid(), nn.Flatten(0))
    with torch.no_grad():
        nn.init.normal_(linear.weight, generator=torch.Generator().manual_seed(8)).mul_(3)
        nn.init.zeros_(linear.bias)
    optimizer = torch.optim.SGD(neuron.parameters(), lr=0.15)
    at = Settings.model_validate({"losses": ("bce-with-logits", name)}).losses.index(name)
    for step in range(31):
        loss = module(neuron(data.x), data.y)
        assert trace.series["loss"][step, at, 1] == pytest.approx(loss.item(), rel=1e-3)
        if step < 30:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        outputs = neuron(data.test_x)
    right = ((outputs > 0.5) == (data.test_y == 1)).float().mean().item()
    assert trace.frames["accuracy"][-1, at, 1] == pytest.approx(right, abs=1e-6)
    benign = outputs[data.test_y == 1].mean().item()
    assert trace.frames["tested_output"][-1, at, 1] == pytest.approx(benign, abs=1e-3)


@pytest.mark.trains
@pytest.mark.parametrize(
    ("steps", "mse", "bce", "within"), [(20, 0.67, 0.87, 0.1), (300, 0.9, 0.97, 0.03)]
)
def test_bce_wins_where_patients_start_saturated(
    steps: int, mse: float, bce: float, within: float
) -> None:
    """Measured on all patients and five other draws; here on the held-out ones."""
    found = trained(problem="breast-cancer", learning_rate=0.5, steps=steps, repeats=16).metrics
    assert found["final_accuracy_mse"] == pytest.approx(mse, abs=within)
    assert found["final_accuracy_bce"] == pytest.approx(bce, abs=within)
    assert found["final_accuracy_bce"] > found["final_accuracy_mse"] + 0.03


@pytest.mark.trains
def test_from_a_good_start_the_losses_nearly_tie() -> None:
    found = trained(problem="breast-cancer", learning_rate=0.5, start_scale=0.1, repeats=5).metrics
    assert found["final_accuracy_mse"] == pytest.approx(0.986, abs=0.02)
    assert found["final_accuracy_bce"] == pytest.approx(0.988, abs=0.02)
