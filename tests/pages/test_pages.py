"""Every page in Streamlit's own test harness."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sigviz.experiments.registry import find, names
from sigviz.settings import fields_of
from sigviz.ui.server.engine import runner
from support.runs import end_of

APP = Path(__file__).parents[2] / "app.py"
PATIENCE = 120.0

every_page = pytest.mark.parametrize("name", names())


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Iterator[None]:
    yield
    runner().close()
    runner.cache_clear()


def opened(name: str, **link: str) -> AppTest:
    """The app with an experiment's page opened by a link."""
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE).run()
    app.switch_page(f"pages/{name.replace('-', '_')}.py")
    for key, value in link.items():
        app.query_params[key] = value
    return app.run()


def standing(app: AppTest) -> str:
    """What the page says of its run."""
    words = [*app.caption, *app.warning, *app.error]
    return " ".join(str(word.value) for word in words)


def until(app: AppTest, says: str) -> AppTest:
    """Look again, as a page's ticks do, until it says something."""
    give_up = monotonic() + PATIENCE
    while says not in standing(app):
        assert monotonic() < give_up, standing(app)
        assert not app.exception
        app.run()
    return app


def control(app: AppTest, key: str) -> Any:
    """A control of whatever kind, by its key; of two for one number, the slider."""
    sliders = {slider.key: slider for slider in app.select_slider}
    return sliders.get(f"{key}:slider") or app.get_by_key(key)


def downloads(app: AppTest) -> list[Any]:
    """The buttons with which something is taken home."""
    return list(app.get("download_button"))


def short(name: str, **link: str) -> AppTest:
    """A page opened with few steps, its run complete."""
    return until(opened(name, steps="20", **link), "Trained")


def test_the_home_page_names_every_part() -> None:
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE).run()
    assert not app.exception
    assert len(app.page_link) == len(names())


def test_the_home_page_starts_the_course() -> None:
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE).run()
    app.button[0].click().run()
    assert not app.exception
    assert app.title[0].value == find("sigmoid-curve").title


@pytest.mark.trains
@every_page
def test_it_trains_on_opening(name: str) -> None:
    app = until(opened(name), "Trained")
    assert app.title[0].value == find(name).title
    assert app.metric, "results are shown"
    assert not app.warning


@every_page
def test_its_controls_are_its_fields(name: str) -> None:
    app = short(name)
    settings = find(name).settings(steps=20)
    for field in fields_of(type(settings)):
        if settings.matters(field):
            assert control(app, f"{name}/{field}"), field


@every_page
def test_a_link_sets_it_up_and_what_is_wrong_in_it_is_told(name: str) -> None:
    app = short(name, seed="3", repeats="99", nonsense="1", learning_rate="nan")
    assert control(app, f"{name}/seed").value == 3
    assert control(app, f"{name}/repeats").value == find(name).settings().repeats
    told = app.warning[0].value
    assert "repeats: '99' is not a whole number from 1 to 16" in told
    assert "nonsense is not a setting here" in told
    assert "learning_rate: 'nan'" in told


@every_page
def test_both_ends_of_every_number(name: str) -> None:
    app = short(name)
    settings = find(name).settings()
    for field, known in fields_of(type(settings)).items():
        if known.kind not in ("int", "float") or not settings.matters(field):
            continue
        for end in (known.low, known.high):
            control(app, f"{name}/{field}").set_value(end).run()
            assert not app.exception
            assert getattr(app.session_state[f"{name}/settings"], field) == end, field


def test_a_control_changes_the_link_and_trains_anew() -> None:
    app = short("vanishing-gradients")
    app.slider(key="vanishing-gradients/depth").set_value(3).run()
    until(app, "Trained")
    assert app.query_params["depth"] == "3"
    assert app.query_params["steps"] == "20"


def test_a_typed_value_and_the_logarithmic_slider_keep_step() -> None:
    app = short("vanishing-gradients")
    app.number_input(key="vanishing-gradients/gain").set_value(0.37).run()
    assert app.query_params["gain"] == "0.37"
    assert app.select_slider(key="vanishing-gradients/gain:slider").value == 0.37
    app.select_slider(key="vanishing-gradients/gain:slider").set_value(2.0).run()
    assert app.number_input(key="vanishing-gradients/gain").value == 2
    assert app.query_params["gain"] == "2.0"


def test_no_variant_at_all_is_refused_and_the_figure_stays() -> None:
    app = short("vanishing-gradients")
    control(app, "vanishing-gradients/activations").set_value([]).run()
    assert "one or more of sigmoid, tanh, relu" in app.warning[0].value
    assert app.metric


def test_divergence_is_explained() -> None:
    app = opened("vanishing-gradients", learning_rate="100", depth="3")
    until(app, "diverged")
    assert "learning rate below 100" in standing(app)


def test_too_large_a_run_is_refused_with_what_to_lower() -> None:
    app = opened("vanishing-gradients", depth="50", width="128", steps="5000")
    assert "Lower steps (5000)" in app.warning[0].value
    assert "vanishing-gradients/run" not in app.session_state
    assert app.button(key="again").disabled


def test_settings_outlive_a_visit_to_another_page() -> None:
    app = short("vanishing-gradients", depth="3")
    app.switch_page("pages/home.py").run()
    app.switch_page("pages/vanishing_gradients.py")
    app.query_params.clear()
    app.run()
    assert app.slider(key="vanishing-gradients/depth").value == 3
    assert app.query_params["depth"] == "3"


@pytest.mark.trains
def test_a_run_is_complete_even_if_every_worker_is_killed_and_can_be_stopped() -> None:
    app = opened("vanishing-gradients", depth="3", steps="1000")
    until(app, "Training 15 networks")
    for process in runner().processes:
        os.kill(process, signal.SIGKILL)
    until(app, "Trained 15 networks just now")
    app.button(key="again").click().run()
    until(app, "Training 15 networks")
    app.button(key="stop").click().run()
    until(app, "Stopped at step")


def test_the_final_weights_of_the_network_and_layer_one_chooses() -> None:
    name = "vanishing-gradients"
    app = short(name, depth="3", repeats="2", seed="7")
    assert not app.dataframe, "made only where it is looked at"
    app.session_state[f"{name}/numbers"] = True
    app.run()
    app.selectbox(key=f"{name}/weights-layer").set_value(4).run()
    app.selectbox(key=f"{name}/weights-seed").set_value(8).run()
    app.selectbox(key=f"{name}/weights-variant").set_value("tanh").run()
    table = app.dataframe[0].value
    run = app.session_state[f"{name}/run"]
    weights = run.trace.weights["tanh"]
    np.testing.assert_array_equal(table["bias"], weights["6.bias"][1])
    np.testing.assert_array_equal(table["input 32"], weights["6.weight"][1, :, 31])
    app.slider(key=f"{name}/depth").set_value(2).run()
    until(app, "Trained 6 networks")
    assert not app.exception
    assert app.selectbox(key=f"{name}/weights-layer").value == 1, "there is no layer 4 any more"


def test_nothing_is_taken_home_before_the_end_and_a_stopped_run_has_no_weights() -> None:
    name = "vanishing-gradients"
    app = opened(name, steps="5000")
    app.session_state[f"{name}/numbers"] = True
    until(app, "They are shown here when the run is complete")
    assert all(button.disabled for button in downloads(app))
    app.button(key="stop").click().run()
    until(app, "this one ended early, at step")
    assert not any(button.disabled for button in downloads(app))
    assert not app.dataframe


def test_a_diverged_run_says_why_it_has_no_weights() -> None:
    name = "vanishing-gradients"
    app = opened(name, learning_rate="100", depth="3")
    app.session_state[f"{name}/numbers"] = True
    until(app, "A run that diverges has none")
    assert not app.dataframe


@pytest.mark.trains
def test_the_page_says_where_its_numbers_come_from() -> None:
    job = find("vanishing-gradients").job(depth=3, steps=1500)
    app = opened("home")
    app.switch_page("pages/vanishing_gradients.py")
    for key, text in job.settings.changed().items():
        app.query_params[key] = text
    with ThreadPoolExecutor() as pool:
        other = pool.submit(end_of, runner().submit(job))
        until(app.run(), "Training 15 networks, with another learner")
        until(app, "you joined a run that another learner had started")
        assert other.result().origin == "trained"
    again = until(opened("vanishing-gradients", **job.settings.changed()), "shown from memory")
    assert "Trained less than a minute ago" in standing(again)
    until(again.button(key="again").click().run(), "Trained 15 networks just now")
