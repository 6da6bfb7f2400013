"""Reads the lessons in ``lessons/``.

A lesson is Markdown with a YAML head; every second-level heading is a step, and a fenced
``yaml step`` block in a step says what it does. A lesson is data: no HTML is let through and
nothing is evaluated, so a stranger's lesson is safe to load. One that does not fit its experiment
is refused with file, line and field; the others still load.
"""

from functools import lru_cache
from pathlib import Path

from sigviz.course.checks import checked_head, checked_step
from sigviz.course.errors import LessonError
from sigviz.course.markdown import taken_apart
from sigviz.course.model import Lesson, Step
from sigviz.course.plain_yaml import plain_yaml

_INSTALLED = Path(__file__).parents[1] / "lessons"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "lessons"
"""Beside the package in the project's own folder, inside the package where it is installed."""
LARGEST_FILE = 100_000
"""Bytes; the longest lesson of the course has a tenth of it."""


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
    snippet, parts = taken_apart(_text(file))
    if snippet is None:
        raise LessonError(file, 1, "a lesson begins with a head between two lines of ---")
    head, settings = checked_head(plain_yaml(file, snippet))
    introduction, *rest = parts
    if not rest:
        raise LessonError(file, 1, "a lesson needs steps: headings that begin with ##")
    steps: list[Step] = []
    arriving = settings()
    for part in rest:
        if part.title in {step.title for step in steps}:
            raise LessonError(file, part.line, f"there is a step {part.title!r} already")
        steps.append(checked_step(file, part, settings, arriving))
        arriving = steps[-1].starting
    return Lesson(file, head, introduction.words, tuple(steps))


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
