"""What makes a step done, and how far a lesson is."""

from pathlib import Path

import pytest

from sigviz.course.model import Lesson
from sigviz.course.progress import Deed, HowFar, LessonProgress, current, how_far, needed, note
from sigviz.course.reader import read

PREDICT = "predict: {question: Which one, choices: [mse, bce], answer: 1, because: It is so.}"
GOAL = "goal: {metric: half_way_mse, below: 50}"


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """Steps named after what they ask for; the last asks for nothing, as the first."""
    blocks = {
        "Words": "",
        "Predict": PREDICT,
        "Goal": GOAL,
        "Both": f"{PREDICT}\n{GOAL}",
        "End": "",
    }
    file = tmp_path / "lesson.md"
    file.write_text(
        "---\ntitle: A lesson\nexperiment: mse-vs-bce\nminutes: 5\nsummary: Two losses.\n---\n"
        + "".join(f"\n## {title}\n\n```yaml step\n{text}\n```\n" for title, text in blocks.items())
    )
    return read(file)


@pytest.mark.parametrize(
    ("number", "deeds"),
    [
        (0, {Deed.WENT_ON}),
        (1, {Deed.ANSWERED}),
        (2, {Deed.REACHED_GOAL}),
        (3, {Deed.ANSWERED, Deed.REACHED_GOAL}),
        (4, {Deed.READ}),
    ],
)
def test_a_step_is_done_after_all_that_it_asks_for_and_not_before(
    lesson: Lesson, number: int, deeds: set[Deed]
) -> None:
    step = lesson.steps[number]
    assert needed(lesson, step) == deeds
    for missing in deeds:
        kept = LessonProgress()
        note(kept, lesson, step, set(Deed) - {missing})
        assert not kept.done
    kept = LessonProgress()
    note(kept, lesson, step, deeds)
    assert kept.done == {step.title}
    note(kept, lesson, step, set())
    assert kept.done == {step.title}, "once done, it stays so"


def test_an_answer_that_was_kept_counts(lesson: Lesson) -> None:
    kept = LessonProgress(answers={"Both": 0})
    note(kept, lesson, lesson.steps[3], {Deed.READ})
    assert not kept.done, "the goal is not reached"
    note(kept, lesson, lesson.steps[3], {Deed.READ, Deed.REACHED_GOAL})
    assert kept.done == {"Both"}


def test_a_lesson_goes_on_where_it_was_left_or_begins_where_that_is_gone(lesson: Lesson) -> None:
    assert current(LessonProgress(at="Goal"), lesson) == 2
    assert current(LessonProgress(at="A step of yesterday"), lesson) == 0
    assert current(LessonProgress(), lesson) == 0


def test_only_the_steps_that_a_lesson_has_count(lesson: Lesson) -> None:
    assert how_far(None, lesson) == HowFar(0, 5)
    assert how_far(LessonProgress(done={"Words", "A step of yesterday"}), lesson) == HowFar(1, 5)
    every = LessonProgress(done={step.title for step in lesson.steps})
    assert [how_far(None, lesson).mark, HowFar(2, 8).mark, how_far(every, lesson).mark] == [
        "",
        "2/8",
        "✓",
    ]
