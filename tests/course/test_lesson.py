"""Lessons as files: what is read, and what is refused with which words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sigviz.cli import main
from sigviz.course.errors import LessonError
from sigviz.course.model import Block
from sigviz.course.reader import FOLDER, LARGEST_FILE, read, read_all
from sigviz.course.rehearsal import rehearse
from sigviz.experiments.registry import names

HEAD = """---
title: A lesson
experiment: mse-vs-bce
minutes: 5
summary: Two losses.
---
"""
STEP = """
## First

Some *words*.

```yaml step
set: {start_weight: 3}
predict: {question: Which one, choices: [mse, bce], answer: 1, because: It is so.}
goal: {metric: half_way_mse, below: 50}
solution: {learning_rate: 5}
```

More words.
"""
LESSON = HEAD + "\nHello.\n" + STEP + "\n## Last\n\nGoodbye.\n"


def written(folder: Path, text: str | bytes, name: str = "lesson.md") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(LessonError) as error:
        read(written(folder, text))
    return str(error.value)


def test_the_course_has_a_lesson_for_every_experiment() -> None:
    lessons, refused = read_all()
    assert refused == {}
    assert set(lessons) == set(names())
    for lesson in lessons.values():
        blocks = [step.block for step in lesson.steps]
        assert 5 <= len(lesson.steps) <= 8
        assert 8 <= lesson.head.minutes <= 15
        assert sum(block.predict is not None for block in blocks) >= 3
        assert sum(block.goal is not None for block in blocks) >= 2


def test_a_lesson_is_read(tmp_path: Path) -> None:
    lesson = read(written(tmp_path, LESSON))
    assert lesson.introduction == "Hello."
    first, last = lesson.steps
    assert first.title == "First"
    assert "Some *words*." in first.words
    assert "More words." in first.words
    assert "yaml" not in first.words
    assert first.preset is not None
    assert first.preset.model_dump()["start_weight"] == 3
    assert first.solution.model_dump()["learning_rate"] == 5
    assert last.preset is None
    assert last.arriving == first.preset


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("start_weight: 3", "start_wait: 3", 15, "set.start_wait: start_wait is not a setting"),
        ("start_weight: 3", "start_weight: 99", 15, "'99' is not a number from -20 to 20"),
        ("metric: half_way_mse", "metric: speed", 17, "'speed' is not a metric of this run"),
        ("below: 50", "beneath: 50", 17, "goal.beneath: is not known here"),
        (", below: 50", "", 17, "a goal needs below: or above:"),
        ("answer: 1", "answer: 2", 16, "the last choice is number 1"),
        ("choices: [mse, bce]", "choices: [mse]", 16, "predict.choices"),
        ("goal: {metric", "goal: {{metric", 18, "the YAML is broken"),
        ("solution:", "solved:", 18, "solved: is not known here; there are set, predict"),
        ("minutes: 5", "minutes: soon", 4, "minutes"),
        ("experiment: mse-vs-bce", "experiment: mse", 3, "there are initialization, mse-vs-bce"),
        ("title: A lesson\n", "", 2, "title: Field required"),
        ("## Last", "## First", 23, "there is a step 'First' already"),
        ("set: {start_weight: 3}", "set: &a [*a]", 15, "aliases"),
        ("start_weight: 3", "start_weight: !!bool maybe", 15, "tags (!name) are not allowed"),
        ("minutes: 5", "minutes: !!python/object:os.system 5", 4, "tags (!name) are not allowed"),
        ("below: 50}", "below: 50}\ngoal: {metric: x}", 18, 'found duplicate key "goal"'),
        ("minutes: 5", "minutes: 5\nminutes: 6", 5, 'found duplicate key "minutes"'),
        ("choices: [mse, bce]", "choices: [mse, 3]", 16, "predict.choices.1: Input should be"),
        ("choices: [mse, bce]", "choices: [mse, true]", 16, "predict.choices.1: Input should be"),
        ("start_weight: 3", "1: 3", 15, "set.1"),
        ("set: {start_weight: 3}", "? [set]\n: 3", 15, "Keys should be strings"),
        ("set: {start_weight: 3}", f"set: {'[' * 99}{']' * 99}", 15, "more than 20 values within"),
        ("start_weight: 3", f"start_weight: {'9' * 5000}", 14, "the YAML is broken"),
    ],
)
def test_a_lesson_that_does_not_fit_is_refused_with_line_and_field(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in LESSON
    message = refusal(tmp_path, LESSON.replace(old, new))
    assert message.startswith(f"lesson.md, line {line}"), message
    assert says in message


def test_a_lesson_needs_a_head_and_steps(tmp_path: Path) -> None:
    assert "begins with a head" in refusal(tmp_path, "## First\n\nWords.\n")
    assert "begins with a head" in refusal(tmp_path, "")
    assert "needs steps" in refusal(tmp_path, HEAD + "\nWords only.\n")


def test_two_blocks_in_a_step_are_refused(tmp_path: Path) -> None:
    twice = STEP + "\n```yaml step\nalready: true\n```\n"
    assert "more than one block" in refusal(tmp_path, HEAD + twice)


def test_a_file_that_is_no_lesson_is_refused(tmp_path: Path) -> None:
    assert "bytes; a lesson may have" in refusal(tmp_path, LESSON + "x" * 1_000_000)
    assert "not text in UTF-8" in refusal(tmp_path, bytes(range(256)))
    assert "NUL" in refusal(tmp_path, LESSON + "\0")


def test_nested_aliases_cost_nothing(tmp_path: Path) -> None:
    bomb = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))
    text = HEAD + f"\n## First\n\n```yaml step\na0: &a0 [lol]\n{bomb}\n```\n"
    assert "aliases (*name) are not allowed" in refusal(tmp_path, text)


def test_what_looks_like_a_truth_value_is_a_word(tmp_path: Path) -> None:
    """As in YAML 1.2; only ``true`` and ``false`` are truth values there."""
    text = LESSON.replace("[mse, bce]", "[yes, no, on, off, y]").replace(
        "solution:", "already: yes\nsolution:"
    )
    block = read(written(tmp_path, text)).steps[0].block
    assert block.predict is not None
    assert block.predict.choices == ("yes", "no", "on", "off", "y")
    assert block.already


@pytest.mark.parametrize("text", ["1e1", "1.0e+1", "10.", "010", "10"])
def test_a_number_is_read_as_it_looks(tmp_path: Path, text: str) -> None:
    lesson = read(written(tmp_path, LESSON.replace("start_weight: 3", f"start_weight: {text}")))
    preset = lesson.steps[0].preset
    assert preset is not None
    assert preset.model_dump()["start_weight"] == 10


def test_an_empty_block_does_nothing(tmp_path: Path) -> None:
    (step,) = read(written(tmp_path, HEAD + "\n## First\n\n```yaml step\n```\n")).steps
    assert step.block == Block()


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0c"])
def test_a_character_that_only_looks_like_the_end_of_a_line_moves_nothing(
    tmp_path: Path, mark: str
) -> None:
    text = LESSON.replace("Hello.", f"Hello{mark}there.")
    lesson = read(written(tmp_path, text))
    assert lesson.introduction == f"Hello{mark}there."
    assert lesson.steps[0].words == "Some *words*.\n\n\nMore words."
    assert "line 16" in refusal(tmp_path, text.replace("answer: 1", "answer: 2"))


def test_html_is_only_words(tmp_path: Path) -> None:
    lesson = read(written(tmp_path, HEAD + "\n## First\n\n<script>alert(1)</script>\n"))
    assert lesson.steps[0].words == "<script>alert(1)</script>"


def test_one_broken_lesson_does_not_spoil_the_others(tmp_path: Path) -> None:
    written(tmp_path, LESSON, "good.md")
    written(tmp_path, LESSON.replace("minutes: 5", ""), "bad.md")
    written(tmp_path, LESSON, "second.md")
    written(tmp_path, "Not a lesson.", "README.md")
    lessons, refused = read_all(tmp_path)
    assert lessons["mse-vs-bce"].file.name == "good.md"
    assert set(refused) == {"bad.md", "second.md"}
    assert "good.md is the lesson of mse-vs-bce already" in refused["second.md"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    written(tmp_path, LESSON)
    assert read_all(tmp_path)[0]["mse-vs-bce"].head.title == "A lesson"
    written(tmp_path, LESSON.replace("A lesson", "Another lesson"))
    assert read_all(tmp_path)[0]["mse-vs-bce"].head.title == "Another lesson"


@hypothesis_settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_mangled_lesson_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    source = data.draw(st.sampled_from(sorted(FOLDER.glob("*.md")))).read_bytes()
    start = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 40))
    mangled = source[:start] + data.draw(st.binary(max_size=30)) + source[start + length :]
    file = written(tmp_path_factory.mktemp("mangled"), mangled[: LARGEST_FILE + 10])
    lessons, refused = read_all(file.parent)
    assert len(lessons) + len(refused) == 1
    assert all(message.startswith("lesson.md, line ") for message in refused.values())


@pytest.mark.trains
def test_the_example_in_the_readme_is_a_lesson_that_holds(tmp_path: Path) -> None:
    readme = (FOLDER / "README.md").read_text()
    example = readme.split("````markdown\n")[1].split("````")[0]
    assert list(rehearse(read(written(tmp_path, example)))) == []


@pytest.mark.trains
def test_a_rehearsal_finds_goals_that_cannot_be_met_or_are_met_already(tmp_path: Path) -> None:
    impossible = LESSON.replace("below: 50", "below: -1")
    (found,) = rehearse(read(written(tmp_path, impossible)))
    assert "the solution does not meet it: half_way_mse is" in str(found)
    easy = LESSON.replace("below: 50", "below: 5000")
    (found,) = rehearse(read(written(tmp_path, easy)))
    assert "met before the learner has done anything" in str(found)
    allowed = easy.replace("solution:", "already: true\nsolution:")
    assert list(rehearse(read(written(tmp_path, allowed)))) == []


def test_the_command_names_what_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, LESSON.replace("minutes: 5", "minutes: soon"))
    monkeypatch.setattr(read_all, "__defaults__", (tmp_path,))
    assert main(["lessons"]) == 1
    assert "lesson.md, line 4, minutes" in capsys.readouterr().err
