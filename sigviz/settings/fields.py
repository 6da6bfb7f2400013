"""A field of a `Settings`: how it is declared, and `FormField`, the same seen from outside.

Widgets, links, the command line, generated tests and every message about a bad value read the
same `FormField`s; nothing about a field is written anywhere else than in its `Settings`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

Value = int | float | str | tuple[str, ...]


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
class FormField:
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


@cache
def fields_of(settings: type[BaseModel]) -> dict[str, FormField]:
    """The fields of a `Settings` class, in the order in which they are shown."""
    return {name: _field(name, info) for name, info in settings.model_fields.items()}


def _field(name: str, info: FieldInfo) -> FormField:
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
        return FormField(kind="choice", options=get_args(info.annotation), **common)
    bounds = {type(rule).__name__: rule for rule in info.metadata}
    if get_origin(info.annotation) is tuple:
        return FormField(
            kind="choices",
            options=get_args(get_args(info.annotation)[0]),
            may_be_empty=bounds["MinLen"].min_length == 0,
            **common,
        )
    kind: Literal["int", "float"] = "int" if info.annotation is int else "float"
    return FormField(kind=kind, low=bounds["Ge"].ge, high=bounds["Le"].le, **common)
