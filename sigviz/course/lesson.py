"""Reads the lessons in ``lessons/`` and checks them against their experiments.

A lesson is Markdown with a YAML head; every second-level heading is a step, and a fenced
``yaml step`` block in a step says what it does. A lesson is data: no HTML is let through and
nothing is evaluated, so a stranger's lesson is safe to load. One that does not fit its experiment
is refused with file, line and field; the others still load.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sigviz.experiments import settings_of
from sigviz.settings import Problem, TrainingSettings

_INSTALLED = Path(__file__).parents[1] / "lessons"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "lessons"
"""Beside the package in the project's own folder, inside the package where it is installed."""
LARGEST_FILE = 100_000
"""Bytes; the longest lesson of the course has a tenth of it."""

_Path = tuple[int | str, ...]
_Model = TypeVar("_Model", bound="_Data")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Head(_Data):
    """What stands at the top of a lesson."""

    title: str = Field(min_length=1, max_length=80)
    experiment: str
    minutes: int = Field(ge=1, le=120)
    summary: str = Field(min_length=1, max_length=300)


class Prediction(_Data):
    """A question to answer before the run gives the answer.

    Attributes:
        answer: The number of the right choice, from 0.
        because: Shown after the run, to those who were right and to those who were not.
    """

    question: str = Field(min_length=1)
    choices: tuple[str, ...] = Field(min_length=2, max_length=5)
    answer: int = Field(ge=0)
    because: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one_of_the_choices(self) -> Self:
        if self.answer >= len(self.choices):
            raise ValueError(
                f"answer is {self.answer}, but the last choice is number "
                f"{len(self.choices) - 1} (they count from 0)"
            )
        return self


class Goal(_Data):
    """A metric of the learner's own run to bring below or above a number."""

    metric: str
    below: float | None = None
    above: float | None = None

    @model_validator(mode="after")
    def _some_bound(self) -> Self:
        if self.below is None and self.above is None:
            raise ValueError("a goal needs below: or above:, or both")
        return self

    def met(self, metrics: Mapping[str, float]) -> bool:
        """Whether a run's metrics meet the goal; a metric it does not have does not."""
        value = metrics.get(self.metric)
        if value is None:
            return False
        return (self.below is None or value < self.below) and (
            self.above is None or value > self.above
        )


class Block(_Data):
    """What a step does, beside its words."""

    set: dict[str, Any] | None = None
    predict: Prediction | None = None
    goal: Goal | None = None
    solution: dict[str, Any] = Field(default_factory=dict)
    already: bool = False


@dataclass(frozen=True)
class Step:
    """One step of a lesson.

    Attributes:
        words: Markdown.
        preset: The settings that "Set this up for me" applies, if it offers any.
        solution: Settings that meet the goal.
        arriving: The settings with which a learner arrives who did what was offered before.
    """

    title: str
    words: str
    line: int
    block: Block
    preset: TrainingSettings | None
    solution: TrainingSettings
    arriving: TrainingSettings

    @property
    def starting(self) -> TrainingSettings:
        """The settings at which the prediction is decided."""
        return self.preset or self.arriving


@dataclass(frozen=True)
class Lesson:
    """A lesson that fits its experiment."""

    file: Path
    head: Head
    introduction: str
    steps: tuple[Step, ...]


class LessonError(Exception):
    """Why a lesson was refused, with file, line and field."""

    def __init__(self, file: Path, line: int, message: str, field: str = "") -> None:
        at = f"{file.name}, line {line}"
        super().__init__(f"{at}, {field}: {message}" if field else f"{at}: {message}")


def read_all(folder: Path = FOLDER) -> tuple[dict[str, Lesson], dict[str, str]]:
    """The lessons by experiment, and for each file that was refused, why.

    A file is read again when it has changed.
    """
    lessons: dict[str, Lesson] = {}
    refused: dict[str, str] = {}
    for file in sorted(folder.glob("*.md")):
        if file.name == "README.md":
            continue
        lesson = _read_if_changed(file, *_version(file))
        if isinstance(lesson, LessonError):
            refused[file.name] = str(lesson)
        elif (other := lessons.get(lesson.head.experiment)) is not None:
            message = f"{other.file.name} is the lesson of {lesson.head.experiment} already"
            refused[file.name] = str(LessonError(file, 1, message, "experiment"))
        else:
            lessons[lesson.head.experiment] = lesson
    return lessons, refused


def _version(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=64)
def _read_if_changed(file: Path, changed: int, size: int) -> Lesson | LessonError:
    try:
        return read(file)
    except LessonError as error:
        return error


def read(file: Path) -> Lesson:
    """Read and check one lesson.

    Raises:
        LessonError: It cannot be read or does not fit its experiment.
    """
    source = _text(file)
    tokens = MarkdownIt("commonmark").use(front_matter_plugin).parse(source)
    if not tokens or tokens[0].type != "front_matter":
        raise LessonError(file, 1, "a lesson begins with a head between two lines of ---")
    node, values = _yaml(file, tokens[0].content, line=1)
    head = _checked(Head, values, _Place(file, node, line=1))
    try:
        settings = settings_of(head.experiment)
    except ValueError as error:
        raise LessonError(
            file, _line_of(node, ("experiment",), 1), str(error), "experiment"
        ) from None
    introduction, *parts = list(_parts(source, tokens))
    if not parts:
        raise LessonError(file, 1, "a lesson needs steps: headings that begin with ##")
    steps: list[Step] = []
    arriving = settings()
    for part in parts:
        if part.title in {step.title for step in steps}:
            raise LessonError(file, part.line, f"there is a step {part.title!r} already")
        steps.append(_step(file, part, settings, arriving))
        arriving = steps[-1].starting
    return Lesson(file, head, introduction.words, tuple(steps))


@dataclass(frozen=True)
class _Part:
    """The introduction or a step as it stands in the file."""

    title: str
    line: int
    words: str
    blocks: tuple[Token, ...]


def _parts(source: str, tokens: list[Token]) -> Iterator[_Part]:
    """What stands before the first second-level heading, and then heading by heading."""
    lines = source.splitlines()
    marks = [
        (token.map[0], token.map[1], tokens[i + 1].content)
        for i, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map
    ]
    head_ends = tokens[0].map[1] if tokens[0].map else 0
    starts = [(0, head_ends, ""), *marks]
    ends = [start for start, _, _ in marks] + [len(lines)]
    for (line, first, title), end in zip(starts, ends, strict=True):
        blocks = tuple(
            token
            for token in tokens
            if token.type == "fence"
            and token.info.split() == ["yaml", "step"]
            and token.map
            and first <= token.map[0] < end
        )
        hidden = {n for block in blocks if block.map for n in range(*block.map)}
        words = "\n".join(lines[n] for n in range(first, end) if n not in hidden)
        yield _Part(title, line + 1, words.strip(), blocks)


def _step(
    file: Path, part: _Part, settings: type[TrainingSettings], arriving: TrainingSettings
) -> Step:
    if len(part.blocks) > 1:
        raise LessonError(file, part.line, f"the step {part.title!r} has more than one block")
    if not part.blocks:
        return Step(part.title, part.words, part.line, Block(), None, arriving, arriving)
    (fence,) = part.blocks
    line = (fence.map[0] if fence.map else part.line) + 1
    node, values = _yaml(file, fence.content, line)
    place = _Place(file, node, line)
    block = _checked(Block, values, place)
    preset = None if block.set is None else _preset(settings, block.set, place, "set")
    start = preset or arriving
    own = block.set if preset else {name: getattr(start, name) for name in settings.model_fields}
    solution = _preset(settings, {**(own or {}), **block.solution}, place, "solution")
    if block.goal and block.goal.metric not in solution.metrics():
        known = ", ".join(solution.metrics())
        message = f"{block.goal.metric!r} is not a metric of this run; there are {known}"
        raise place.error(("goal", "metric"), message)
    return Step(part.title, part.words, part.line, block, preset, solution, arriving)


def _preset(
    settings: type[TrainingSettings], values: Mapping[str, Any], place: "_Place", field: str
) -> TrainingSettings:
    """The experiment's defaults with some fields changed."""
    for name, value in values.items():
        problem = settings.check(str(name), value)
        if isinstance(problem, Problem):
            raise place.error((field, str(name)), problem.message)
    preset = settings.model_validate(values)
    if preset.own_data:
        message = "a lesson cannot carry data; choose one of the other options"
        raise place.error((field, settings.own_data_field() or ""), message)
    return preset


@dataclass(frozen=True)
class _Place:
    """A piece of YAML in a file, to tell in which line a field stands."""

    file: Path
    node: yaml.Node | None
    line: int

    def error(self, path: _Path, message: str) -> LessonError:
        line = _line_of(self.node, path, self.line)
        return LessonError(self.file, line, message, ".".join(map(str, path)))


def _line_of(node: yaml.Node | None, path: _Path, line: int) -> int:
    """The line of the deepest field of `path` that is there; YAML begins below line `line`."""
    found = node
    for name in path:
        if isinstance(found, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in found.value}
            if name not in pairs:
                break
            line_node, found = pairs[str(name)]
            node = line_node
        elif isinstance(found, yaml.SequenceNode) and isinstance(name, int):
            node = found = found.value[min(name, len(found.value) - 1)]
        else:
            break
    return line if node is None else line + 1 + int(node.start_mark.line)


class _NoAliases(yaml.SafeLoader):
    """Plain values only: a few nested aliases can stand for billions of values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not allowed", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)


def _yaml(file: Path, text: str, line: int) -> tuple[yaml.Node | None, Any]:
    """YAML as nodes, which know their lines, and as values."""
    try:
        node = yaml.compose(text, Loader=_NoAliases)
        return node, yaml.load(text, Loader=_NoAliases)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = line + 1 + (mark.line if mark else 0)
        raise LessonError(file, at, f"the YAML is broken: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise LessonError(file, line, f"the YAML is broken: {error}") from None


def _checked(model: type[_Model], values: Any, place: _Place) -> _Model:
    try:
        return model.model_validate(values or {})
    except ValidationError as error:
        first = error.errors()[0]
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = f"is not known here; there are {', '.join(model.model_fields)}"
        raise place.error(first["loc"], message) from None


def _text(file: Path) -> str:
    """The file's text.

    Raises:
        LessonError: It is too large, or not text.
    """
    size = file.stat().st_size
    if size > LARGEST_FILE:
        raise LessonError(file, 1, f"{size:,} bytes; a lesson may have {LARGEST_FILE:,}")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LessonError(file, 1, f"not text in UTF-8 (byte {error.start})") from None
    if "\0" in text:
        raise LessonError(file, 1, "not text: it holds a NUL character")
    return text
