"""The deep stacks against the figures measured for them and the claims made about them."""

import pytest

from sigviz.experiments.vanishing_gradients import EXPERIMENT
from sigviz.experiments.vanishing_gradients.run import run
from support.runs import finished


def metrics(**settings: object) -> dict[str, float]:
    return finished(run(EXPERIMENT.job(**settings))).metrics


@pytest.mark.parametrize(
    ("depth", "ratio"), [(2, 1.4e-1), (5, 2e-3), (10, 1.4e-6), (20, 7e-13), (30, 3.5e-19)]
)
def test_sigmoid_gradients_fall_by_about_a_quarter_a_layer(depth: int, ratio: float) -> None:
    """Measured over 16 draws on all training images, to within the spread of five draws."""
    found = metrics(depth=depth, steps=1, repeats=16, activations=("sigmoid",))
    assert ratio / 3 < found["gradient_ratio_sigmoid"] < ratio * 3
    if depth >= 10:
        assert found["decay_per_layer_sigmoid"] == pytest.approx(0.25, abs=0.03)


def test_fifty_sigmoid_layers_leave_next_to_nothing() -> None:
    """About 0.25⁵⁰, in float32's range; a norm summed in float32 would be 0."""
    found = metrics(depth=50, steps=1, activations=("sigmoid", "tanh"))
    assert 1e-33 < found["gradient_ratio_sigmoid"] < 1e-29
    assert found["gradient_ratio_tanh"] > 0.1


def test_with_small_weights_fifty_layers_underflow_to_exactly_nothing() -> None:
    found = metrics(depth=50, steps=1, gain=0.3, activations=("sigmoid",))
    assert found["gradient_ratio_sigmoid"] == 0


def test_tanh_and_relu_keep_their_gradients() -> None:
    found = metrics(depth=30, steps=1)
    assert 0.2 < found["gradient_ratio_tanh"] < 10
    assert 0.1 < found["gradient_ratio_relu"] < 10


def test_normal_weights_suit_a_sigmoid_stack_better_than_xavier() -> None:
    normal = metrics(depth=10, steps=1, initializer="normal", activations=("sigmoid",))
    xavier = metrics(depth=10, steps=1, activations=("sigmoid",))
    assert normal["gradient_ratio_sigmoid"] > 1000 * xavier["gradient_ratio_sigmoid"]


@pytest.mark.trains
def test_a_gain_lets_ten_sigmoid_layers_learn() -> None:
    common = {"activations": ("sigmoid",), "learning_rate": 0.5, "steps": 500, "repeats": 3}
    assert metrics(gain=1, **common)["accuracy_sigmoid"] < 0.15
    assert metrics(gain=6, **common)["accuracy_sigmoid"] > 0.7


@pytest.mark.trains
def test_ten_tanh_layers_learn() -> None:
    assert metrics(activations=("tanh",), repeats=3)["accuracy_tanh"] > 0.9
