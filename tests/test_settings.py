"""Links, command lines and messages, from one description of the fields."""

import pytest

from sigviz.experiments.registry import find, names
from sigviz.experiments.vanishing_gradients import EXPERIMENT
from sigviz.experiments.vanishing_gradients.settings import Settings
from sigviz.settings import fields_of


def test_a_link_is_read() -> None:
    texts = {"depth": "20", "activations": "tanh,sigmoid", "gain": "0.37"}
    settings, problems = Settings.read(texts)
    assert not problems
    assert (settings.depth, settings.gain) == (20, 0.37)
    assert settings.activations == ("sigmoid", "tanh"), "in the order of the options"


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("depth", "51", "'51' is not a whole number from 1 to 50"),
        ("depth", "ten", "'ten' is not a whole number from 1 to 50"),
        ("depth", "2.5", "'2.5' is not a whole number from 1 to 50"),
        ("gain", "nan", "'nan' is not a number from 0.1 to 25"),
        ("gain", "inf", "'inf' is not a number from 0.1 to 25"),
        ("gain", "", "'' is not a number from 0.1 to 25"),
        ("activations", "swish", "one or more of sigmoid, tanh, relu, separated by commas"),
        ("activations", ",", "one or more of sigmoid, tanh, relu, separated by commas"),
        ("initializer", "best", "'best' is not one of matched, default,"),
        ("colour", "red", "colour is not a setting here; there are depth, activations,"),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(field: str, text: str, says: str) -> None:
    settings, problems = Settings.read({field: text, "width": "16"})
    assert [problem.field for problem in problems] == [field]
    assert says in problems[0].message
    assert field in problems[0].message
    assert settings == Settings(width=16), "the rest is kept"


def test_a_very_long_value_is_cut_in_the_message() -> None:
    for texts in ({"depth": "9" * 10_000}, {"x" * 10_000: "1"}):
        _, problems = Settings.read(texts)
        assert len(problems[0].message) < 200


def test_only_changed_fields_are_in_a_link() -> None:
    assert Settings().changed() == {}
    assert Settings(depth=3, activations=("relu",)).changed() == {
        "depth": "3",
        "activations": "relu",
    }


def test_equal_settings_are_the_same_run() -> None:
    assert Settings(activations=("tanh", "sigmoid")) == Settings(activations=("sigmoid", "tanh"))
    assert hash(Settings(depth=3)) == hash(Settings(depth=3))


def test_a_run_of_more_than_a_minute_is_refused_with_what_to_lower() -> None:
    refusal = EXPERIMENT.job(depth=50, width=128, steps=5000, repeats=16).refusal
    assert refusal is not None
    for word in ("steps (5000)", "repeats (16)", "depth (50)", "width (128)"):
        assert word in refusal
    assert EXPERIMENT.job().refusal is None


def test_metrics_are_named_for_each_variant() -> None:
    assert "gradient_ratio_relu" in Settings(activations=("relu",)).metrics()
    assert "gradient_ratio_tanh" not in Settings(activations=("relu",)).metrics()


@pytest.mark.parametrize("name", names())
def test_every_field_says_what_it_is(name: str) -> None:
    for field in fields_of(find(name).settings).values():
        assert field.title
        assert field.help.endswith(".")
