"""What a link can say besides settings, and the seed that a button draws."""

import pytest
from streamlit.testing.v1 import AppTest

from sigviz.experiments.registry import find, names
from sigviz.settings import fields_of
from tests.pages.test_pages import _workers, opened, short, until  # noqa: F401


def controls(app: AppTest) -> set[str]:
    """The labels of the controls on the page."""
    widgets = [*app.slider, *app.select_slider, *app.selectbox, *app.number_input, *app.pills]
    return {widget.label for widget in widgets}


@pytest.mark.parametrize("name", names())
def test_a_link_can_hide_every_control_and_their_values_count(name: str) -> None:
    app = short(name, hide="controls", learning_rate="0.3")
    titles = {field.title for field in fields_of(find(name).settings).values()}
    assert not controls(app) & titles
    assert app.query_params["learning_rate"] == "0.3"
    assert app.query_params["hide"] == "controls"


def test_a_link_can_hide_single_controls() -> None:
    app = short("vanishing-gradients", hide="depth,seed")
    assert "Depth" not in controls(app)
    assert "Seed" not in controls(app)
    assert "Gain" in controls(app)
    assert "Another seed" not in {button.label for button in app.button}


def test_what_a_link_hides_wrongly_is_said() -> None:
    app = opened("mse-vs-bce", hide="weights", present="yes")
    said = " ".join(warning.value for warning in app.warning)
    assert "hide: 'weights' is not one of controls, problem" in said
    assert "present: 'yes' is not 0 or 1" in said
    assert "hide" not in app.query_params


def test_for_a_projector_there_is_nothing_but_the_lab() -> None:
    app = short("initialization", present="1", step="3")
    assert not any("Lesson" in str(element.value) for element in app.caption)
    assert "Next" not in {button.label for button in app.button}
    assert app.metric
    assert app.query_params["present"] == "1"
    assert app.query_params["step"] == "3"


def test_another_seed_is_drawn_and_said_and_train_again_keeps_it() -> None:
    app = short("vanishing-gradients")
    before = [metric.value for metric in app.metric]
    until(app.button(key="another").click().run(), "newly drawn seed")
    until(app, "Trained")
    seed = app.query_params["seed"]
    assert abs(int(seed)) >= find("vanishing-gradients").settings().repeats
    drawn = [metric.value for metric in app.metric]
    assert drawn != before
    until(app.button(key="again").click().run(), "Trained")
    assert app.query_params["seed"] == seed
    assert [metric.value for metric in app.metric] == drawn


def test_where_nothing_is_random_no_other_seed_is_offered() -> None:
    assert short("mse-vs-bce").button(key="another").disabled
