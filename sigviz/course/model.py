"""A lesson: what stands in its file, checked, and what each step sets up."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sigviz.settings import TrainingSettings


class Written(BaseModel):
    """What an author writes as YAML: known fields with finite numbers, and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Head(Written):
    """What stands at the top of a lesson."""

    title: str = Field(min_length=1, max_length=80)
    experiment: str
    minutes: int = Field(ge=1, le=120)
    summary: str = Field(min_length=1, max_length=300)


class Prediction(Written):
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


class Goal(Written):
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


class Block(Written):
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
