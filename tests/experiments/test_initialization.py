"""The first weights against what was measured for them, and against plain PyTorch."""

import numpy as np
import pytest
import torch
from torch import nn

from sigviz.experiments.initialization import EXPERIMENT
from sigviz.experiments.initialization.figures import panels
from sigviz.experiments.initialization.run import data, run
from sigviz.experiments.initialization.settings import FEATURES, ROWS, Settings
from sigviz.trace import Trace
from sigviz.training import datasets
from sigviz.training.initializers import INITIALIZERS, linear_layers
from support.runs import finished

ALL = ("zeros", "constant", "normal", "default", "xavier-uniform", "xavier-normal", "he-uniform")


def trained(**settings: object) -> Trace:
    return finished(run(EXPERIMENT.job(**settings)))


@pytest.mark.trains
def test_a_constant_of_ten_learns_little_more_than_the_mean() -> None:
    found = trained().metrics
    assert found["initial_loss_constant"] > 2000
    assert 0.95 < found["final_loss_constant"] / found["target_variance"] < 1.03


@pytest.mark.trains
def test_xavier_goes_on_below_the_variance() -> None:
    trace = trained(repeats=8)
    assert trace.metrics["final_loss_xavier_uniform"] < 0.95 * trace.metrics["target_variance"]
    constant, xavier = trace.series["loss"][-1]
    assert (xavier < constant).all()


def test_equal_units_stay_equal_and_drawn_ones_stay_distinct() -> None:
    trace = trained(schemes=ALL, steps=300, repeats=2)
    for scheme in ("normal", "default", "xavier_uniform", "xavier_normal", "he_uniform"):
        assert trace.metrics[f"distinct_units_{scheme}"] == 10
    constant = trace.frames["first_weights"][-1, ALL.index("constant")]
    np.testing.assert_allclose(constant, np.broadcast_to(constant[..., :1], constant.shape), 1e-5)
    assert trace.metrics["distinct_units_constant"] == 1


def test_zeros_have_no_gradient_in_front_until_the_last_layer_has_moved() -> None:
    """Rank 0 at the start; then all units move as one, and the rank is 1 for good."""
    first, *_, last = run(EXPERIMENT.job(schemes=("zeros",), steps=300, repeats=2))
    assert first.metrics["first_gradient_zeros"] == 0
    assert first.metrics["distinct_units_zeros"] == 0
    assert (first.series["gradient_norm"][0, 1] > 0).all()
    assert last.metrics["distinct_units_zeros"] == 1


@pytest.mark.trains
def test_squared_error_behind_a_saturated_sigmoid_freezes_at_the_share_of_zeros() -> None:
    job = EXPERIMENT.job(schemes=("constant",), output="sigmoid-mse", repeats=3)
    trace = finished(run(job))
    _, labels = data(job.settings)
    losses = trace.series["loss"][:, 0]
    assert np.abs(losses - losses[0]).max() < 1e-4
    np.testing.assert_allclose(losses[-1], 1 - labels.mean((1, 2)).numpy(), atol=2e-3)
    assert trace.series["gradient_norm"].max() < 2e-5


@pytest.mark.trains
def test_cross_entropy_there_moves_but_hardly_falls() -> None:
    found = trained(schemes=("constant",), output="sigmoid-bce").metrics
    assert 20 < found["final_loss_constant"] < found["initial_loss_constant"] - 0.1 < 45


def test_the_reference_of_cross_entropy_is_the_entropy_of_the_labels() -> None:
    trace = trained(output="sigmoid-bce", dataset="breast-cancer", steps=1, repeats=2)
    share = datasets.breast_cancer().y.mean(dtype=torch.float64).item()
    entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
    np.testing.assert_allclose(trace.fixed["mean_loss"], entropy, rtol=1e-5)
    assert trace.metrics["target_variance"] == pytest.approx(share * (1 - share), rel=1e-5)


@pytest.mark.trains
def test_ten_units_of_a_kind_do_learn_tumours_but_worse() -> None:
    """On real data one unit's worth of network is worth something."""
    found = trained(dataset="breast-cancer", steps=500, repeats=3).metrics
    assert found["final_loss_xavier_uniform"] < 0.08
    assert found["final_loss_xavier_uniform"] < 0.7 * found["final_loss_constant"]
    assert found["final_loss_constant"] < 0.7 * found["target_variance"]


def test_the_same_training_in_plain_pytorch() -> None:
    job = EXPERIMENT.job(schemes=("constant", "xavier-normal"), depth=2, steps=200, repeats=2)
    found = finished(run(job)).series["loss"][:, 1, 1]
    x, y = (part[1] for part in data(job.settings))
    first, second, third = linear_layers([10, 10, 10, 1], INITIALIZERS["xavier-normal"], seed=1)
    network = nn.Sequential(first, nn.Sigmoid(), second, nn.Sigmoid(), third)
    optimizer = torch.optim.SGD(network.parameters(), lr=job.settings.learning_rate)
    expected = []
    for _ in range(job.settings.steps + 1):
        loss = nn.MSELoss()(network(x), y)
        expected.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_no_network_starts_from_its_own_data() -> None:
    """A generator seeded alike would draw N(0, 1) weights equal to the first rows of the data."""
    job = EXPERIMENT.job(schemes=("normal",), steps=1, repeats=1)
    drawn = next(run(job)).frames["first_weights"][0, 0, 0].T
    rows = data(job.settings)[0][0, :10].numpy()
    assert np.abs(np.corrcoef(drawn.ravel(), rows.ravel())[0, 1]) < 0.3
    assert not (drawn == rows).any()


@pytest.mark.parametrize("dataset", ["noise", "breast-cancer"])
def test_the_data_has_the_size_that_the_settings_say(dataset: str) -> None:
    x, y = data(Settings.model_validate({"dataset": dataset, "repeats": 2}))
    assert x.shape == (2, ROWS[dataset], FEATURES[dataset])
    assert y.shape == (2, ROWS[dataset], 1)


def test_gradients_of_exactly_nothing_are_marked() -> None:
    job = EXPERIMENT.job(schemes=("zeros", "xavier-uniform"), steps=60, repeats=2)
    gradients = next(panel for panel in panels(job, finished(run(job))) if panel.key == "gradients")
    (number,) = [i for i, drawn in enumerate(gradients.traces) if drawn["uid"] == "zeros-zero"]
    marks = next(moving.rows for moving in gradients.moving if moving.trace == number)
    assert np.isfinite(marks[0, 0])
    assert np.isnan(marks[1:]).all()
    assert "0" in gradients.layout["yaxis"]["ticktext"]


def test_heatmaps_play_back_the_rows_of_units() -> None:
    job = EXPERIMENT.job(schemes=ALL, steps=60, repeats=1, dataset="breast-cancer", width=5)
    trace = finished(run(job))
    heatmaps = next(panel for panel in panels(job, trace) if panel.key == "weights")
    for moving in heatmaps.moving:
        assert moving.rows.shape == (61, 5, 30)
        drawn = trace.frames["first_weights"][:, moving.trace, 0].swapaxes(1, 2)
        np.testing.assert_array_equal(moving.rows, drawn)
        assert heatmaps.traces[moving.trace]["zmax"] >= np.abs(drawn).max()
