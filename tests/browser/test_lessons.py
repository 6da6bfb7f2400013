"""A lesson as a learner follows it, in a real Chromium and without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from sigviz.course.model import Step
from sigviz.course.reader import read_all
from support.app import PHONE, Lab
from support.server import PATIENCE, free_port, served

pytestmark = pytest.mark.browser
NAME = "vanishing-gradients"
LESSON = read_all()[0][NAME]
MakeLab = Callable[..., Lab]

# Where the words of the lesson send the learner: which slider, which key, how often.
MOVES = {
    "gradient_ratio_sigmoid": ("Depth", "ArrowRight", 18),
    "accuracy_sigmoid": ("Gain", "ArrowLeft", 3),
}


def button(page: Lab, name: str) -> Locator:
    return page.page.get_by_role("button", name=name, exact=True)


def answer(page: Lab, step: Step, *, rightly: bool) -> None:
    """Predict, set up, run, and read what came of it."""
    predict = step.block.predict
    assert predict is not None
    number = predict.answer if rightly else (predict.answer + 1) % len(predict.choices)
    choice = page.page.locator(f"[class*='choice-{LESSON.steps.index(step)}-{number}'] button")
    choice.press("Enter")
    expect(choice).to_be_disabled()
    if button(page, "Set this up for me").is_enabled():
        run = page.run
        button(page, "Set this up for me").press("Enter")
        page.after(run)
    word = "As you said" if rightly else "The run says"
    expect(page.page.get_by_text(f"{word}: {predict.choices[predict.answer]}")).to_be_visible()


def reach(page: Lab, step: Step) -> None:
    """Move the slider that the words name until the goal is met."""
    assert step.block.goal is not None
    label, key, times = MOVES[step.block.goal.metric]
    slider = page.page.get_by_role("slider", name=label).first
    for _ in range(times):
        slider.press(key)
    expect(page.page.get_by_text("Reached.")).to_be_visible(timeout=PATIENCE * 1000)


def follow(page: Lab) -> None:
    """The whole lesson, from the first step to the last, guessing wrong every other time."""
    for number, step in enumerate(LESSON.steps):
        expect(page.page.get_by_role("heading", name=step.title, exact=True)).to_be_visible()
        if step.block.predict:
            answer(page, step, rightly=number % 2 == 0)
        if step.block.goal:
            reach(page, step)
        if number + 1 < len(LESSON.steps):
            button(page, "Next").press("Enter")


def test_a_lesson_is_followed_to_its_end_and_remembered(tab: Callable[..., Page]) -> None:
    """Without a mouse; then after a reload, and on a server that knows nothing of it."""
    port = free_port()
    with served(port=port) as address:
        page = Lab(tab(), address).open(NAME)
        follow(page)
        expect(page.page.get_by_role("link", name="2 Vanishing gradients ✓")).to_be_visible()
        page.page.reload()
        expect(page.page.get_by_role("link", name="2 Vanishing gradients ✓")).to_be_visible()
        assert page.complaints == []
    with served(port=port) as address:
        page.page.goto(address)
        expect(page.page.get_by_text("8 of 8 steps done")).to_be_visible()
        button(page, "Continue where you left off").press("Enter")
        last = LESSON.steps[-1].title
        expect(page.page.get_by_role("heading", name=last, exact=True)).to_be_visible()


def test_a_step_can_be_linked_to_and_read_on_a_phone(lab: MakeLab) -> None:
    page = lab(width=PHONE).open(NAME, step=3)
    title = LESSON.steps[2].title
    expect(page.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    assert page.overflow() == 0
    page.is_in_order()


@pytest.mark.parametrize(
    "kept",
    ["not json", "[]", '{"lessons": 3}', '{"lessons": {"gone": {"at": "x", "done": ["y"]}}}'],
)
def test_stale_or_broken_progress_is_ignored(lab: MakeLab, kept: str) -> None:
    page = lab()
    page.page.goto(page.address)
    page.page.evaluate("kept => localStorage.setItem('sigviz.progress', kept)", kept)
    page.open(NAME)
    title = LESSON.steps[0].title
    expect(page.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    assert page.complaints == []
