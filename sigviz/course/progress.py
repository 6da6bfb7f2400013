"""How far a learner is: what is kept of it, and what makes a step done."""

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum

from pydantic import BaseModel, ConfigDict, Field

from sigviz.course.model import Lesson, Step


class LessonProgress(BaseModel):
    """How far one lesson is.

    Attributes:
        at: The step that was read last.
        answers: The choice taken, by the title of the step.
        done: The titles of the steps that are done.
    """

    model_config = ConfigDict(extra="ignore")

    at: str = Field(default="", max_length=200)
    answers: dict[str, int] = Field(default_factory=dict, max_length=100)
    done: set[str] = Field(default_factory=set, max_length=100)


class Progress(BaseModel):
    """How far all lessons are, by experiment, and which was read last."""

    model_config = ConfigDict(extra="ignore")

    last: str = Field(default="", max_length=100)
    lessons: dict[str, LessonProgress] = Field(default_factory=dict, max_length=100)

    def of(self, experiment: str) -> LessonProgress:
        """The progress of one lesson, to read and to change."""
        return self.lessons.setdefault(experiment, LessonProgress())


class Deed(Enum):
    """What a learner can do at a step."""

    READ = "read"
    WENT_ON = "went on"
    ANSWERED = "answered"
    REACHED_GOAL = "reached the goal"


def needed(lesson: Lesson, step: Step) -> frozenset[Deed]:
    """What makes a step done: all that it asks for or, where it asks for nothing, leaving it.

    Nothing follows the last step, so there reading is enough.
    """
    asked = {
        Deed.ANSWERED: step.block.predict is not None,
        Deed.REACHED_GOAL: step.block.goal is not None,
    }
    read = Deed.READ if step is lesson.steps[-1] else Deed.WENT_ON
    return frozenset(deed for deed, needs in asked.items() if needs) or frozenset({read})


def note(kept: LessonProgress, lesson: Lesson, step: Step, deeds: Set[Deed]) -> None:
    """Take down that a step is done, if it is after these deeds; once done, it stays so."""
    answered = {Deed.ANSWERED} if step.title in kept.answers else set()
    if needed(lesson, step) <= {*deeds, *answered}:
        kept.done.add(step.title)


def current(kept: LessonProgress, lesson: Lesson) -> int:
    """The number of the step that was read last, from 0; the first where that one is gone."""
    titles = [step.title for step in lesson.steps]
    return titles.index(kept.at) if kept.at in titles else 0


@dataclass(frozen=True)
class HowFar:
    """How many of a lesson's steps are done, and how many there are."""

    done: int
    steps: int

    @property
    def mark(self) -> str:
        """Nothing, "2/8" or a tick."""
        if not self.done:
            return ""
        return "✓" if self.done == self.steps else f"{self.done}/{self.steps}"


def how_far(kept: LessonProgress | None, lesson: Lesson) -> HowFar:
    """How far a learner is in a lesson; steps that are no longer in it do not count."""
    titles = {step.title for step in lesson.steps}
    return HowFar(len(kept.done & titles) if kept else 0, len(titles))
