"""Every step of every lesson in Streamlit's own test harness."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sigviz.course.model import Lesson
from sigviz.course.progress import LessonProgress, Progress
from sigviz.course.reader import read_all
from tests.pages.test_pages import APP, PATIENCE, opened, standing, until

pytestmark = pytest.mark.trains

LESSONS = read_all()[0]
every_lesson = pytest.mark.parametrize("name", LESSONS)


def words(app: AppTest) -> str:
    """All that the page says."""
    said = [*app.markdown, *app.caption, *app.info, *app.success, *app.warning]
    return "\n".join(str(element.value) for element in said)


def settled(app: AppTest) -> AppTest:
    """Wait for the run on screen, and look once more at what the lesson says of it."""
    return until(app, "Trained").run()


@every_lesson
def test_every_step_applies_its_preset_and_gives_its_feedback(name: str) -> None:
    lesson: Lesson = LESSONS[name]
    app = settled(opened(name))
    for number, step in enumerate(lesson.steps):
        assert app.header[0].value == step.title
        if step.block.predict:
            choices = step.block.predict.choices
            wrong = (step.block.predict.answer + number % 2) % len(choices)
            app.button(key=f"{name}/choice/{number}/{wrong}").click().run()
            assert app.button(key=f"{name}/choice/{number}/0").disabled, "an answer is taken once"
        if step.preset:
            button = app.button(key=f"{name}/preset/{number}")
            if not button.disabled:
                button.click().run()
            settled(app)
            assert app.session_state[f"{name}/settings"] == step.preset
            for key, text in step.preset.changed().items():
                assert app.query_params[key] == text
        if step.block.predict:
            assert step.block.predict.because in words(app)
        if step.block.goal:
            assert f"({step.block.goal.metric})" in words(app)
        assert not app.exception
        if number + 1 < len(lesson.steps):
            app.button(key=f"{name}/next").click().run()
            settled(app)
            assert app.query_params["step"] == str(number + 2)


def test_the_truth_is_not_told_before_the_answer_nor_before_the_run() -> None:
    name, number = "vanishing-gradients", 2
    because = LESSONS[name].steps[number].block.predict
    assert because is not None
    app = settled(opened(name, step="3"))
    assert because.because not in words(app)
    app.button(key=f"{name}/choice/{number}/0").click().run()
    assert because.because not in words(app), "the run on screen is not yet the step's"
    app.button(key=f"{name}/preset/{number}").click().run()
    settled(app)
    assert because.because in words(app)


def test_a_goal_is_reached_with_any_settings() -> None:
    name = "mse-vs-bce"
    app = settled(opened(name, step="2", losses="mse", start_weight="2", start_bias="2.5"))
    assert "flag" in words(app)
    app.slider(key=f"{name}/start_weight").set_value(4.0).run()
    app.slider(key=f"{name}/start_bias").set_value(4.0).run()
    settled(app)
    assert "Reached." in words(app)


def test_a_link_to_the_first_step_leads_there_from_further_on() -> None:
    name, steps = "initialization", LESSONS["initialization"].steps
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    app.session_state["progress"] = Progress(lessons={name: LessonProgress(at=steps[2].title)})
    app.session_state["progress/session"] = "a session"
    app.run().switch_page(f"pages/{name}.py")
    app.query_params["step"] = "1"
    assert app.run().header[0].value == steps[0].title


def test_a_link_to_a_step_that_is_not_there_is_told() -> None:
    app = opened("mse-vs-bce", step="99")
    assert "step: '99' is not a step of this lesson, a whole number from 1 to 8" in standing(app)


def test_the_home_page_goes_on_where_the_learner_left() -> None:
    app = settled(opened("initialization"))
    app.button(key="initialization/next").click().run()
    app.switch_page("pages/home.py").run()
    assert app.button(key="start").label == "Continue where you left off"
    app.button(key="start").click().run()
    assert app.header[0].value == LESSONS["initialization"].steps[1].title


def test_a_broken_lesson_is_named_and_its_page_still_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.md").write_text("---\ntitle: Mine\n---\n\n## A step\n")
    monkeypatch.setattr(read_all, "__defaults__", (tmp_path,))
    app = settled(opened("mse-vs-bce"))
    assert "mine.md, line 2, experiment: Field required" in app.warning[0].value
    assert app.metric


def test_what_a_stranger_wrote_is_shown_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "---\ntitle: Mine\nexperiment: mse-vs-bce\nminutes: 1\nsummary: Mine.\n---\n"
    (tmp_path / "mine.md").write_text(f"{head}\n## A step\n\n<script>alert(1)</script>\n")
    monkeypatch.setattr(read_all, "__defaults__", (tmp_path,))
    app = settled(opened("mse-vs-bce"))
    (shown,) = [element for element in app.markdown if "alert" in element.value]
    assert not shown.proto.allow_html
