"""The output heads against PyTorch's own modules, and the figures measured for them."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sigviz.experiments.sigmoid_vs_softmax import EXPERIMENT
from sigviz.experiments.sigmoid_vs_softmax.figures import panels
from sigviz.experiments.sigmoid_vs_softmax.run import run, softmax_floor
from sigviz.trace import Trace
from sigviz.training import datasets
from sigviz.training.initializers import INITIALIZERS, linear_layers
from support.runs import finished

ALL = ("softmax", "sigmoid", "softmax-twice")


def trained(**settings: object) -> Trace:
    return finished(run(EXPERIMENT.job(**settings)))


@pytest.fixture(scope="module")
def iris() -> dict[str, float]:
    """The metrics of a thousand steps on the irises."""
    return trained(heads=ALL, steps=1000).metrics


def four(function: str, **settings: object) -> list[float]:
    found = trained(steps=1, repeats=1, **settings).metrics
    return [found[f"{function}_{i}"] for i in range(1, 5)]


def test_four_logits_give_the_published_softmax() -> None:
    """Nielsen, "Neural Networks and Deep Learning", chapter 3: the softmax widget."""
    assert four("softmax") == pytest.approx([0.3145, 0.0095, 0.6334, 0.0426], abs=5e-5)


@pytest.mark.parametrize("temperature", [0.1, 1.0, 4.0])
def test_temperature_divides_the_logits_of_both(temperature: float) -> None:
    logits = torch.tensor([2.5, -1.0, 3.2, 0.5])
    assert four("softmax", temperature=temperature) == pytest.approx(
        nn.Softmax(0)(logits / temperature).tolist(), abs=1e-6
    )
    assert four("sigmoid", temperature=temperature) == pytest.approx(
        nn.Sigmoid()(logits / temperature).tolist(), abs=1e-6
    )


@pytest.mark.parametrize("z1", [-3.0, 0.0, 1.5, 8.0])
def test_softmax_of_two_logits_is_a_sigmoid_of_their_difference(z1: float) -> None:
    """At a low temperature the other two logits, at the bottom, have no share left."""
    first, second, *rest = four("softmax", z1=z1, z2=0.4, z3=-10, z4=-10, temperature=0.3)
    assert rest == pytest.approx([0, 0], abs=1e-8)
    assert first == pytest.approx(1 / (1 + math.exp(-(z1 - 0.4) / 0.3)), abs=1e-6)
    assert first + second == pytest.approx(1, abs=1e-6)


def test_raising_one_logit_takes_from_the_others_only_under_softmax() -> None:
    assert four("softmax", z3=6)[0] < four("softmax")[0] / 2
    assert four("sigmoid", z3=6)[0] == four("sigmoid")[0]


@pytest.mark.parametrize("head", ALL)
def test_each_head_trains_like_a_plain_loop(head: str) -> None:
    x, y = datasets.iris()
    trace = trained(heads=ALL, steps=60, repeats=2, seed=3)
    layer = linear_layers([4, 3], INITIALIZERS["xavier-uniform"], 4)[0]
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)

    def loss() -> Tensor:
        if head == "sigmoid":
            return F.binary_cross_entropy_with_logits(layer(x), F.one_hot(y, 3).float())
        logits = F.softmax(layer(x), 1) if head == "softmax-twice" else layer(x)
        return F.cross_entropy(logits, y)

    expected = []
    for _ in range(61):
        value = loss()
        expected.append(value.item())
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    np.testing.assert_allclose(trace.series["loss"][:, ALL.index(head), 1], expected, rtol=1e-4)


@pytest.mark.trains
def test_iris_shows_the_mistake_in_the_loss_and_hides_it_in_the_accuracy(
    iris: dict[str, float],
) -> None:
    assert iris["final_loss_softmax"] == pytest.approx(0.066, rel=0.1)
    assert iris["final_loss_softmax_twice"] == pytest.approx(0.599, rel=0.1)
    assert iris["final_loss_softmax_twice"] > iris["loss_floor"]
    assert iris["accuracy_softmax"] == pytest.approx(0.973, abs=0.01)
    assert iris["accuracy_softmax_twice"] == pytest.approx(iris["accuracy_softmax"], abs=0.01)
    assert iris["accuracy_sigmoid"] == pytest.approx(0.953, abs=0.01)


@pytest.mark.trains
def test_only_the_sigmoids_sums_stray_from_one(iris: dict[str, float]) -> None:
    for head in ("softmax", "softmax_twice"):
        assert iris[f"sum_low_{head}"] == pytest.approx(1, abs=1e-6)
        assert iris[f"sum_high_{head}"] == pytest.approx(1, abs=1e-6)
    assert iris["sum_low_sigmoid"] == pytest.approx(0.38, abs=0.04)
    assert iris["sum_high_sigmoid"] == pytest.approx(1.72, abs=0.04)


def test_softmax_twice_has_a_floor_that_nothing_gets_under() -> None:
    found = trained(steps=1, repeats=1).metrics["loss_floor"]
    assert found == pytest.approx(math.log(1 + 2 / math.e), abs=1e-6)
    assert found == pytest.approx(0.5514, abs=1e-4)


@pytest.mark.parametrize("shares", [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]])
def test_no_probabilities_at_all_get_under_the_floor(shares: list[float]) -> None:
    """Every distribution over three classes on a fine grid, each a Softmax layer's output."""
    grid = torch.cartesian_prod(torch.linspace(0, 1, 61), torch.linspace(0, 1, 61))
    inside = grid[grid.sum(1) <= 1]
    outputs = torch.cat([inside, 1 - inside.sum(1, keepdim=True)], 1)
    target = torch.tensor(shares)
    lowest = F.cross_entropy(outputs, target.expand_as(outputs), reduction="none").min()
    assert softmax_floor(target[None, None]).item() == pytest.approx(lowest.item(), abs=1e-5)


@pytest.mark.trains
def test_softmax_cannot_name_two_labels_and_sigmoids_can() -> None:
    trace = trained(dataset="multi-label", heads=ALL, repeats=3)
    found = trace.metrics
    assert found["accuracy_sigmoid"] > 0.9
    assert found["accuracy_softmax"] < 0.3
    named = dict(zip(ALL, trace.frames["regions"][-1], strict=True))
    assert named["softmax"].max() == 1
    assert named["sigmoid"].max() == 3
    answers = dict(zip(ALL, trace.frames["answers"][-1, :, 0], strict=True))
    assert (answers["sigmoid"] > 0.5).all()
    assert (answers["softmax"] < 0.5).all()


def test_the_regions_are_the_winning_class_at_its_probability() -> None:
    """The corner of the plane with the shortest, narrowest petals belongs to the setosas."""
    trace = trained(repeats=2)
    corner = trace.frames["regions"][-1, :, 0, 0]
    assert ((corner > 0.9) & (corner < 1)).all()
    assert (trace.frames["regions"][-1, :, -1, -1] > 2.5).all()


@pytest.mark.parametrize("dataset", ["blobs", "multi-label"])
def test_each_seed_draws_its_own_data(dataset: str) -> None:
    first, other = (
        trained(dataset=dataset, steps=1, repeats=1, seed=seed).fixed["points"] for seed in (0, 1)
    )
    assert not np.array_equal(first, other)


def test_the_floor_is_drawn_only_beside_what_it_bounds() -> None:
    for heads in (("softmax",), ALL):
        job = EXPERIMENT.job(heads=heads, steps=2, repeats=1)
        loss = panels(job, finished(run(job)))[1]
        floors = [chart for chart in loss.traces if "floor" in chart.get("name", "")]
        assert len(floors) == ("softmax-twice" in heads)
