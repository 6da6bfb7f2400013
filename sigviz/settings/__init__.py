"""The base of every experiment's `Settings`, and `Parameter`: one field of it, seen from outside.

Widgets, links, the command line, generated tests and every message about a bad value read the
same `Parameter`s; nothing about a field is written anywhere else than in its `Settings`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo

from sigviz.data.table import Table

Value = int | float | str | tuple[str, ...]

OWN_DATA = "own-data"
"""The option that stands for the learner's own table."""


def number(
    default: float,
    low: float,
    high: float,
    *,
    title: str,
    help: str,
    step: float | None = None,
    log: bool = False,
    more: bool = False,
    needs: Mapping[str, Sequence[str]] | None = None,
) -> Any:
    """A number between `low` and `high`, both allowed.

    Args:
        title: The control's label.
        help: One sentence for someone who meets the word for the first time.
        step: The slider's step; any value between can still be typed or linked.
        log: The control is logarithmic.
        more: The control stands under "More settings".
        needs: The control matters only while each named field has (or holds) one of the values.
    """
    extra: dict[str, Any] = {"step": step, "log": log, "more": more, "needs": needs or {}}
    return Field(default, ge=low, le=high, title=title, description=help, json_schema_extra=extra)


def choice(
    default: str | tuple[str, ...],
    *,
    title: str,
    help: str,
    more: bool = False,
    may_be_empty: bool = False,
    needs: Mapping[str, Sequence[str]] | None = None,
) -> Any:
    """One of the field's ``Literal``s or, for a tuple of them, any of them, each at most once."""
    extra: dict[str, Any] = {"more": more, "needs": needs or {}}
    several = isinstance(default, tuple)
    return Field(
        default,
        min_length=0 if may_be_empty else 1 if several else None,
        title=title,
        description=help,
        json_schema_extra=extra,
    )


@dataclass(frozen=True)
class Parameter:
    """One field of a `Settings`: what a control, a link or a message needs to know of it.

    Attributes:
        kind: ``int``, ``float``, ``choice`` (one of `options`) or ``choices`` (any of them).
        low, high: Bounds of a number, both allowed.
        step: The slider's step, if it has one of its own.
        options: The values of a choice, in the order in which they are shown.
    """

    name: str
    kind: Literal["int", "float", "choice", "choices"]
    default: Value
    title: str
    help: str
    more: bool
    needs: Mapping[str, Sequence[str]]
    low: float = 0
    high: float = 0
    step: float | None = None
    log: bool = False
    options: tuple[str, ...] = ()
    may_be_empty: bool = False

    @property
    def allowed(self) -> str:
        """What a value may be, in words."""
        if self.kind == "int":
            return f"a whole number from {self.low:g} to {self.high:g}"
        if self.kind == "float":
            return f"a number from {self.low:g} to {self.high:g}"
        if self.kind == "choice":
            return f"one of {', '.join(self.options)}"
        least = "any" if self.may_be_empty else "one or more"
        return f"{least} of {', '.join(self.options)}, separated by commas"

    def read(self, text: str) -> str | tuple[str, ...]:
        """A value from a link or a command line, still to be validated."""
        if self.kind != "choices":
            return text.strip()
        return tuple(part.strip() for part in text.split(",") if part.strip())

    def write(self, value: Value) -> str:
        """A value as a link or a command line says it; `read` and validation take it back."""
        if isinstance(value, tuple):
            return ",".join(value)
        return repr(value) if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Problem:
    """One value that was refused, in words for whoever entered it."""

    field: str
    message: str


@dataclass(frozen=True)
class Metric:
    """A named result of a run: the median over its seeds.

    Attributes:
        title: What it is, in two or three words.
        name: With `per_variant`, the name up to the variant: ``final_loss`` for
            ``final_loss_xavier_uniform``.
        help: What it means, in a sentence, with its unit.
        headline: Shown under the figure, not only in the table of numbers.
        percent: A share, shown in per cent.
    """

    name: str
    title: str
    help: str
    per_variant: bool = True
    headline: bool = False
    percent: bool = False

    def names(self, variants: Sequence[str]) -> list[str]:
        return [metric_name(self.name, variant) for variant in variants]


@dataclass(frozen=True)
class Recorded:
    """A series that a run records at every step: what it means, and its unit."""

    meaning: str
    unit: str


def metric_name(metric: str, variant: str) -> str:
    """``final_loss`` of ``xavier-uniform`` is called ``final_loss_xavier_uniform``."""
    return f"{metric}_{variant.replace('-', '_')}"


class Settings(BaseModel):
    """Everything a learner can change about an experiment; equal settings are the same run."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    TITLE: ClassVar[str]
    METRICS: ClassVar[tuple[Metric, ...]]
    RECORDED: ClassVar[Mapping[str, Recorded]] = {}
    """The series that a run records beside those of every training."""

    @field_validator("*")
    @classmethod
    def _in_order(cls, value: Any, info: ValidationInfo) -> Any:
        """Chosen options stand in the order of the options, each once."""
        if not isinstance(value, tuple) or info.field_name is None:
            return value
        return tuple(
            option for option in parameters(cls)[info.field_name].options if option in value
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
        known = parameters(cls)
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
        known = parameters(cls)
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
            name: parameter.write(getattr(self, name))
            for name, parameter in parameters(type(self)).items()
            if getattr(self, name) != parameter.default
        }

    def matters(self, name: str) -> bool:
        """Whether a field has any effect, given the others."""
        needs = parameters(type(self))[name].needs
        return all(
            not {getattr(self, other)}.isdisjoint(values)
            if isinstance(getattr(self, other), str)
            else not set(getattr(self, other)).isdisjoint(values)
            for other, values in needs.items()
        )


class TrainingSettings(Settings):
    """What every experiment that trains has in common.

    Fields that a subclass must have: ``learning_rate``, ``steps``, ``repeats`` and ``seed``, made
    with the functions below.
    """

    MAX_SECONDS: ClassVar[float] = 60
    """A run that would take a worker longer than this is refused in the app."""

    ONE_AGAINST_REST: ClassVar[bool] = False
    """With a learner's own data, one class is told from all the others."""

    if TYPE_CHECKING:  # declared here for real, they would stand before the subclass's own
        steps: int = 0
        repeats: int = 0
        seed: int = 0
        learning_rate: float = 0

    _table: Table | None = PrivateAttr(None)

    @property
    def table(self) -> Table | None:
        """The learner's own data, where the experiment is to train on it.

        It is part of the run's identity, as the fields are, but of no link; nobody else may see it.
        """
        return self._table

    def with_table(self, table: Table | None) -> Self:
        """The same settings with a learner's own data."""
        copy = self.model_copy()
        copy._table = table
        return copy

    @classmethod
    def own_data_field(cls) -> str | None:
        """The field that can ask for the learner's own data, if the experiment has one."""
        known = parameters(cls).values()
        return next((field.name for field in known if OWN_DATA in field.options), None)

    @property
    def own_data(self) -> bool:
        """Whether the learner's own data is asked for."""
        field = self.own_data_field()
        return field is not None and getattr(self, field) == OWN_DATA

    def about_data(self) -> str:
        """What is done with the learner's own rows, in a sentence or two."""
        return "Every feature is standardized, and every row is trained on."

    @property
    def seeds(self) -> list[int]:
        """The seed of each repeat; it draws that network's weights and, where drawn, its data."""
        return list(range(self.seed, self.seed + self.repeats))

    @property
    def random(self) -> bool:
        """Whether the seed changes anything: the start or the data is drawn."""
        return True

    def layer_sizes(self) -> list[int]:
        """Units per layer of every network, from input to output."""
        raise NotImplementedError

    def rows(self) -> int:
        """Rows of data in one step."""
        raise NotImplementedError

    def seconds(self) -> float:
        """About how long one worker takes, from the number and the size of the operations.

        A rough model, fitted to this package's own loop on one thread (`make bench` prints it
        beside the measured times): so much for each operation, so much for each number in it.
        """
        sizes = self.layer_sizes()
        networks = len(self.variants) * self.repeats
        products = sum(a * b for a, b in pairwise(sizes))
        for_each_row = 1.4e-10 * products + 5e-10 * sum(sizes[1:])
        if self.own_data:  # so many rows that the losses and what is recorded of them count
            for_each_row += 8e-8 + 3.5e-8 * sizes[-1]
        overhead = 1.2e-4 + 5e-5 * len(sizes)
        return (self.steps + 1) * (overhead + networks * self.rows() * for_each_row)

    def refusal(self) -> str | None:
        """Why the app will not start this run, and what to do about it; None if it will."""
        if self.own_data and self.table is None:
            return (
                "There is no data of yours on this page yet, and a link cannot carry it. Choose a "
                "CSV file above, or paste a table."
            )
        seconds = self.seconds()
        if seconds <= self.MAX_SECONDS:
            return None
        known = parameters(type(self))
        to_lower = [
            f"{known[name].title.lower()} ({getattr(self, name)})"
            for name in ("steps", "repeats", "depth", "width", "batch_size")
            if name in known and getattr(self, name) > known[name].default
        ]
        if self.own_data:
            to_lower.append(f"the number of your rows ({self.rows():,})")
        return (
            f"This run would take about {seconds:.0f} s, and one run may take "
            f"{self.MAX_SECONDS:.0f} s here. Lower {' or '.join(to_lower)}."
        )


def learning_rate_field(default: float) -> Any:
    return number(
        default,
        0.0001,
        100,
        log=True,
        title="Learning rate",
        help="How far each step follows the gradient.",
    )


def steps_field(default: int) -> Any:
    return number(
        default, 1, 5000, title="Steps", help="How often the weights are updated.", more=True
    )


def repeats_field() -> Any:
    return number(
        5,
        1,
        16,
        title="Repeats",
        help="How many seeds of each variant are trained. Lines show the median, bands the range.",
        more=True,
    )


def seed_field() -> Any:
    return number(
        0,
        0,
        999_999,
        title="Seed",
        help="Where the random numbers start. The same seed repeats the same run exactly.",
        more=True,
    )


@cache
def parameters(settings: type[Settings]) -> dict[str, Parameter]:
    """The fields of a `Settings` class, in the order in which they are shown."""
    return {name: _parameter(name, info) for name, info in settings.model_fields.items()}


def _parameter(name: str, info: FieldInfo) -> Parameter:
    extra = info.json_schema_extra
    assert isinstance(extra, dict), name
    common: dict[str, Any] = {
        "name": name,
        "default": info.default,
        "title": info.title,
        "help": info.description,
        **extra,
    }
    if get_origin(info.annotation) is Literal:
        return Parameter(kind="choice", options=get_args(info.annotation), **common)
    bounds = {type(rule).__name__: rule for rule in info.metadata}
    if get_origin(info.annotation) is tuple:
        return Parameter(
            kind="choices",
            options=get_args(get_args(info.annotation)[0]),
            may_be_empty=bounds["MinLen"].min_length == 0,
            **common,
        )
    kind: Literal["int", "float"] = "int" if info.annotation is int else "float"
    return Parameter(kind=kind, low=bounds["Ge"].ge, high=bounds["Le"].le, **common)


def _unknown(name: str, known: Sequence[str]) -> Problem:
    short = _short(name)
    return Problem(short, f"{short} is not a setting here; there are {', '.join(known)}")


def _refused(parameter: Parameter, value: object) -> Problem:
    text = value if isinstance(value, str) else str(value)
    return Problem(parameter.name, f"{parameter.name}: {_short(text)!r} is not {parameter.allowed}")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
