"""The fold-out with the worked maths, as a learner meets it."""

import pytest
from streamlit.testing.v1 import AppTest

from sigviz.experiments.registry import names
from tests.pages.test_pages import _workers, opened, short, until  # noqa: F401

NAME = "vanishing-gradients"


def unfolded(app: AppTest, name: str) -> AppTest:
    """The page with the fold-out open, as after a click on it."""
    app.session_state[f"{name}/maths"] = True
    app.run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    """What is worked through."""
    (found,) = [block.value for block in app.markdown if "begin{aligned}" in block.value]
    return str(found)


@pytest.mark.parametrize("name", names())
def test_the_fold_out_is_worked_out_once_it_is_open(name: str) -> None:
    app = short(name)
    assert not [block for block in app.markdown if "aligned" in block.value]
    unfolded(app, name)
    at_the_end = text(app)
    app.select_slider(key=f"{name}/maths-step").set_value(0).run()
    assert not app.exception
    assert text(app) != at_the_end
    assert app.select_slider(key=f"{name}/maths-step").value == 0


def test_the_learners_step_outlives_a_change_of_the_run() -> None:
    app = unfolded(short(NAME), NAME)
    key = f"{NAME}/maths-step"
    assert app.select_slider(key=key).value == 20
    app.select_slider(key=key).set_value(7).run()
    app.slider(key=f"{NAME}/depth").set_value(3).run()
    until(app, "Trained")
    assert app.select_slider(key=key).value == 7
    assert "step 7," in text(app)
    app.session_state[f"{NAME}/steps"] = 100
    until(app.run(), "Trained")
    assert app.select_slider(key=key).value == 5, "the nearest recorded step"


def test_a_variant_can_be_chosen_and_may_vanish() -> None:
    app = unfolded(short(NAME), NAME)
    assert "Sigmoid" in text(app)
    app.button_group(key=f"{NAME}/maths-variant").set_value("relu").run()
    assert "ReLU" in text(app)
    app.session_state[f"{NAME}/activations"] = ["sigmoid", "tanh"]
    until(app.run(), "Trained")
    assert not app.exception
    assert "Sigmoid" in text(app)


def test_a_run_that_diverged_at_once_has_one_step_to_work_through() -> None:
    app = until(opened(NAME, gain="20", steps="20"), "diverged")
    unfolded(app, NAME)
    assert f"{NAME}/maths-step" not in [slider.key for slider in app.select_slider]
    assert "Step 0, the only one recorded." in [caption.value for caption in app.caption]
    assert "step 0," in text(app)
