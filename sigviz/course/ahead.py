"""What learners of the course may ask for next, the likeliest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sigviz.course.model import Lesson, Step
from sigviz.experiments.registry import find, names
from sigviz.settings import Job

AROUND = (0, 1, -1, 2)
"""Of the steps around a learner's, the nearest first: this one, the next, …"""


def likely(lessons: Mapping[str, Lesson], places: Iterable[tuple[str, int]]) -> Sequence[Job]:
    """Every page's default run, what the steps around the learners ask for, and then the rest.

    Args:
        lessons: By experiment.
        places: Where learners are: an experiment and the number of the step in its lesson, from 0.
    """
    jobs = (
        *(find(name).job() for name in names()),
        *_around(lessons, places),
        *(job for lesson in lessons.values() for step in lesson.steps for job in _of(lesson, step)),
    )
    return tuple(dict.fromkeys(jobs))


def _around(lessons: Mapping[str, Lesson], places: Iterable[tuple[str, int]]) -> Iterator[Job]:
    for distance in AROUND:
        for name, number in places:
            lesson = lessons.get(name)
            if lesson and 0 <= number + distance < len(lesson.steps):
                yield from _of(lesson, lesson.steps[number + distance])


def _of(lesson: Lesson, step: Step) -> Iterator[Job]:
    """A step's preset and, where it has a goal, the settings that meet it."""
    if step.preset:
        yield Job(lesson.head.experiment, step.preset)
    if step.block.goal:
        yield Job(lesson.head.experiment, step.solution)
