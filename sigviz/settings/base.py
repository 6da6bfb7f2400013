"""The base of every experiment's `Settings`: reading, checking and writing them as texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from sigviz.settings.fields import FormField, fields_of
from sigviz.settings.metric import Metric, Recorded
from sigviz.settings.style import Style


@dataclass(frozen=True)
class Problem:
    """One value that was refused, in words for whoever entered it."""

    field: str
    message: str


class Settings(BaseModel):
    """Everything a learner can change about an experiment; equal settings are the same run."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    TITLE: ClassVar[str]
    METRICS: ClassVar[tuple[Metric, ...]]
    RECORDED: ClassVar[Mapping[str, Recorded]] = {}
    """The series that a run records beside those of every training."""
    STYLES: ClassVar[tuple[Style, ...]] = ()
    """How options look that are this experiment's own, or look otherwise here than elsewhere."""

    @field_validator("*")
    @classmethod
    def _in_order(cls, value: Any, info: ValidationInfo) -> Any:
        """Chosen options stand in the order of the options, each once."""
        if not isinstance(value, tuple) or info.field_name is None:
            return value
        return tuple(
            option for option in fields_of(cls)[info.field_name].options if option in value
        )

    @property
    def variants(self) -> tuple[str, ...]:
        """What the experiment compares: one network of each, for each seed."""
        raise NotImplementedError

    def metrics(self) -> dict[str, Metric]:
        """The metrics that a run of these settings will have, by their full names."""
        return {
            name: metric
            for metric in self.METRICS
            for name in (metric.names(self.variants) if metric.per_variant else [metric.name])
        }

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> tuple[Self, list[Problem]]:
        """Settings from the texts of a link or a command line, and what was refused.

        A refused value leaves its field at the default.
        """
        known = fields_of(cls)
        problems = [_unknown(name, list(known)) for name in texts if name not in known]
        values = {name: known[name].read(text) for name, text in texts.items() if name in known}
        try:
            return cls.model_validate(values), problems
        except ValidationError as error:
            for name in dict.fromkeys(str(detail["loc"][0]) for detail in error.errors()):
                problems.append(_refused(known[name], texts[name]))
                del values[name]
        return cls.model_validate(values), problems

    @classmethod
    def check(cls, name: str, value: object) -> Problem | None:
        """What is wrong with one field's value, if anything is."""
        known = fields_of(cls)
        if name not in known:
            return _unknown(name, list(known))
        try:
            cls.model_validate({name: value})
        except ValidationError:
            return _refused(known[name], value)
        return None

    def changed(self) -> dict[str, str]:
        """The fields that are not at their defaults, as texts that `read` takes back."""
        return {
            name: field.write(getattr(self, name))
            for name, field in fields_of(type(self)).items()
            if getattr(self, name) != field.default
        }

    def matters(self, name: str) -> bool:
        """Whether a field has any effect, given the others."""
        needs = fields_of(type(self))[name].needs
        return all(
            not {getattr(self, other)}.isdisjoint(values)
            if isinstance(getattr(self, other), str)
            else not set(getattr(self, other)).isdisjoint(values)
            for other, values in needs.items()
        )


def _unknown(name: str, known: Sequence[str]) -> Problem:
    short = _short(name)
    return Problem(short, f"{short} is not a setting here; there are {', '.join(known)}")


def _refused(field: FormField, value: object) -> Problem:
    text = value if isinstance(value, str) else str(value)
    return Problem(field.name, f"{field.name}: {_short(text)!r} is not {field.allowed}")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
