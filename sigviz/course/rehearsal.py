"""Runs a lesson before a learner does: every preset is trained, every goal must be reachable."""

from collections.abc import Iterator
from functools import cache

import torch

from sigviz.course.errors import LessonError
from sigviz.course.model import Lesson, Step
from sigviz.experiments.registry import find
from sigviz.settings import Job, TrainingSettings


def rehearse(lesson: Lesson) -> Iterator[LessonError]:
    """What does not hold in a lesson.

    A step's goal must be met by its solution (its own preset, where it names none), and must not
    be met before the learner has done anything, unless the step says ``already: true``.
    """
    torch.set_num_threads(1)

    experiment = find(lesson.head.experiment)

    def job(settings: TrainingSettings) -> Job:
        return Job(experiment.name, settings)

    @cache
    def metrics(settings: TrainingSettings) -> dict[str, float]:
        *_, last = experiment.run(job(settings))
        return last.metrics

    for step in lesson.steps:
        too_long = job(step.starting).refusal
        if too_long:
            yield _complaint(lesson, step, too_long, "set")
            continue
        metrics(step.starting)
        if step.block.goal:
            yield from _goal(lesson, step, metrics(step.arriving), metrics(step.solution))


def _goal(
    lesson: Lesson, step: Step, before: dict[str, float], after: dict[str, float]
) -> Iterator[LessonError]:
    goal = step.block.goal
    assert goal is not None
    if not goal.met(after):
        value = after.get(goal.metric)
        yield _complaint(
            lesson, step, f"the solution does not meet it: {goal.metric} is {value}", "goal"
        )
    if goal.met(before) and not step.block.already:
        yield _complaint(
            lesson,
            step,
            "it is met before the learner has done anything; ask for more, or say already: true",
            "goal",
        )


def _complaint(lesson: Lesson, step: Step, message: str, field: str) -> LessonError:
    return LessonError(lesson.file, step.line, f"step {step.title!r}: {message}", field)
