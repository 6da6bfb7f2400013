"""The sigmoid's values, slopes and limits, and the neuron against a plain PyTorch loop."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from sigviz.charts.panels import moments
from sigviz.experiments.sigmoid_curve import EXPERIMENT
from sigviz.experiments.sigmoid_curve.figures import panels
from sigviz.experiments.sigmoid_curve.lowest import lowest
from sigviz.experiments.sigmoid_curve.run import run
from sigviz.experiments.sigmoid_curve.settings import CLUSTER_ROWS, TUMOURS
from sigviz.trace import Trace
from sigviz.training import datasets
from support.runs import finished


def trained(**settings: object) -> Trace:
    return finished(run(EXPERIMENT.job(**settings)))


def metrics(**settings: object) -> dict[str, float]:
    return trained(**settings).metrics


def probed(**settings: object) -> dict[str, float]:
    """The metrics of a run in which the neuron hardly matters."""
    return metrics(dataset="two-clusters", repeats=1, steps=1, **settings)


@pytest.mark.parametrize(
    ("z", "sigmoid"),
    [
        (-5, 0.006693),
        (-2, 0.119203),
        (-1, 0.268941),
        (0, 0.5),
        (1, 0.731059),
        (2, 0.880797),
        (5, 0.993307),
    ],
)
def test_sigmoid_at_the_probe(z: float, sigmoid: float) -> None:
    assert probed(probe=z)["sigmoid"] == pytest.approx(sigmoid, abs=1e-6)


@pytest.mark.parametrize(
    ("z", "slope"), [(0, 0.25), (2, 0.1050), (4, 0.0177), (5, 0.00665), (10, 4.54e-5)]
)
def test_slope_at_the_probe(z: float, slope: float) -> None:
    assert probed(probe=z)["derivative"] == pytest.approx(slope, rel=3e-3)


@pytest.mark.parametrize(
    ("precision", "limit"),
    [("float16", 8.32), ("bfloat16", 6.24), ("float32", 16.64), ("float64", 36.74)],
)
def test_saturation_is_exact_and_depends_on_the_precision(precision: str, limit: float) -> None:
    found = probed(precision=precision)["saturates_at"]
    assert found == pytest.approx(limit, abs=0.011)

    there = probed(precision=precision, probe=found)
    assert there["sigmoid"] == 1
    assert there["derivative"] == 0

    dtype = getattr(torch, precision)
    before = torch.nextafter(torch.tensor(found, dtype=dtype), torch.tensor(0, dtype=dtype))
    just_before = probed(precision=precision, probe=before.item())
    assert just_before["sigmoid"] < 1
    assert just_before["derivative"] > 0


def test_a_negative_probe_keeps_a_slope_where_a_positive_one_has_none() -> None:
    assert probed(probe=50)["derivative"] == 0
    assert probed(probe=-50)["derivative"] > 0


def test_curves_have_the_slopes_of_calculus() -> None:
    fixed = trained(weight=3, bias=-1, compare=("tanh", "relu"), precision="float64", steps=1).fixed
    z = fixed["z"].astype(np.float64)
    sigmoid, neuron = (1 / (1 + np.exp(-at)) for at in (z, 3 * z - 1))
    np.testing.assert_allclose(fixed["curve_neuron"], neuron, atol=1e-6)
    np.testing.assert_allclose(fixed["slope_neuron"], 3 * neuron * (1 - neuron), atol=1e-6)
    np.testing.assert_allclose(fixed["slope_sigmoid"], sigmoid * (1 - sigmoid), atol=1e-6)
    np.testing.assert_allclose(fixed["slope_tanh"], 1 - np.tanh(z) ** 2, atol=1e-6)
    np.testing.assert_array_equal(fixed["slope_relu"], z > 0)
    assert fixed["slope_sigmoid"].max() == 0.25


@pytest.mark.parametrize("probe", [-120, 0, 120])
def test_curves_reach_the_probe(probe: float) -> None:
    z = trained(probe=probe, steps=1, repeats=1, dataset="two-clusters").fixed["z"]
    assert z[0] <= min(probe, -8)
    assert z[-1] >= max(probe, 8)
    assert (np.diff(z) >= 0).all()


@pytest.mark.parametrize("dataset", ["tumour-radius", "two-clusters"])
def test_the_neuron_learns_as_a_plain_loop_does(dataset: str) -> None:
    trace = trained(dataset=dataset, weight=-2, bias=3, steps=60, repeats=2, seed=4)
    for repeat, seed in enumerate([4, 5]):
        x, y = (
            datasets.tumour_radius()
            if dataset == "tumour-radius"
            else datasets.two_clusters(CLUSTER_ROWS, seed)
        )
        neuron = torch.nn.Linear(1, 1)
        torch.nn.init.constant_(neuron.weight, -2)
        torch.nn.init.constant_(neuron.bias, 3)
        optimizer = torch.optim.SGD(neuron.parameters(), lr=0.5)
        for _ in range(60):
            optimizer.zero_grad()
            torch.nn.BCEWithLogitsLoss()(neuron(x)[:, 0], y).backward()
            optimizer.step()
        loss = torch.nn.BCEWithLogitsLoss()(neuron(x)[:, 0], y).item()
        right = ((neuron(x)[:, 0] > 0) == (y == 1)).float().mean().item()
        series = {
            name: rows[-1, 0, repeat] for name, rows in trace.series.items() if rows.ndim == 3
        }
        assert series["weight"] == pytest.approx(neuron.weight.item(), abs=1e-4)
        assert series["bias"] == pytest.approx(neuron.bias.item(), abs=1e-4)
        assert series["loss"] == pytest.approx(loss, abs=1e-4)
        assert series["accuracy"] == pytest.approx(right, abs=1e-6)


def test_it_starts_where_the_learner_says_and_every_seed_sees_the_same_tumours() -> None:
    trace = trained(weight=-3, bias=2, steps=20)
    assert (trace.series["weight"][0] == -3).all()
    assert (trace.series["bias"][0] == 2).all()
    assert np.ptp(trace.series["loss"], axis=-1).max() == 0
    assert np.ptp(trained(dataset="two-clusters", steps=20).series["loss"], axis=-1).min() > 0


def test_descent_ends_at_the_bottom_of_the_loss() -> None:
    x, y = datasets.tumour_radius()
    assert len(x) == TUMOURS
    best = LogisticRegression(C=np.inf, tol=1e-6).fit(x.numpy(), y.numpy())
    trace = trained(learning_rate=5, steps=300, repeats=1)
    assert trace.metrics["fitted_weight"] == pytest.approx(best.coef_.item(), abs=1e-2)
    assert trace.metrics["fitted_bias"] == pytest.approx(best.intercept_.item(), abs=1e-2)
    assert trace.metrics["final_loss"] <= trace.fixed["grid_loss"].min() + 1e-6
    assert trace.metrics["accuracy"] == pytest.approx(best.score(x.numpy(), y.numpy()), abs=0.005)


@pytest.mark.parametrize("seed", range(5))
def test_the_lowest_point_is_where_logistic_regression_ends(seed: int) -> None:
    x, y = datasets.two_clusters(CLUSTER_ROWS, seed)
    best = LogisticRegression(C=np.inf, tol=1e-10).fit(x.double().numpy(), y.numpy())
    expected = best.coef_.item(), best.intercept_.item()
    assert lowest(x[:, 0].numpy(), y.numpy()) == pytest.approx(expected, abs=1e-4)


def test_a_loss_that_falls_for_ever_has_a_lowest_point_far_out() -> None:
    weight, bias = lowest(np.array([-2.0, -1.0, 2.0, 3.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.isfinite([weight, bias]).all()
    assert weight > 10


def test_the_surface_is_the_loss_of_the_path() -> None:
    """Between the grid's points around a step, the surface has that step's loss."""
    trace = trained(repeats=1)
    fixed = trace.fixed
    for step in (0, 50, 200):
        weight, bias = (trace.series[name][step, 0, 0] for name in ("weight", "bias"))
        column = np.abs(fixed["grid_weight"] - weight).argmin()
        row = np.abs(fixed["grid_bias"] - bias).argmin()
        near = fixed["grid_loss"][row - 1 : row + 2, column - 1 : column + 2]
        assert near.min() - 1e-3 <= trace.series["loss"][step, 0, 0] <= near.max()


def test_by_default_most_tumours_are_told_apart() -> None:
    found = metrics(repeats=1)
    assert found["final_loss"] < found["initial_loss"]
    assert 0.85 < found["accuracy"] < 0.92


@pytest.mark.parametrize("learning_rate", [0.0001, 100])
@pytest.mark.parametrize("dataset", ["tumour-radius", "two-clusters"])
def test_panels_move_with_the_playback_and_hold_the_path(
    dataset: str, learning_rate: float
) -> None:
    job = EXPERIMENT.job(
        **{
            "dataset": dataset,
            "learning_rate": learning_rate,
            "weight": -10,
            "steps": 70,
            "repeats": 2,
        }
    )
    traces = list(run(job))
    for trace in (traces[0], traces[-1]):
        drawn = {panel.key: panel for panel in panels(job, trace)}
        assert list(drawn) == ["curve", "slope", "neuron", "path"]
        for panel in drawn.values():
            assert all(len(moving.rows) == len(moments(trace)) for moving in panel.moving)
        low, high = drawn["path"].layout["xaxis"]["range"]
        assert low < trace.series["weight"].min() <= trace.series["weight"].max() < high
    assert drawn["neuron"].moving


def test_a_probe_past_saturation_is_told_in_words() -> None:
    job = EXPERIMENT.job(probe=9, precision="float16", steps=1)
    curve, slope, *_ = panels(job, finished(run(job)))
    assert "exactly 1 in float16" in curve.layout["annotations"][0]["text"]
    assert "exactly 0 here in float16" in slope.layout["annotations"][0]["text"]
