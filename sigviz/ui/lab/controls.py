"""Controls made from the fields of a `Settings`, kept in step with the page's link.

A link is read once, when a page is entered: what it says wrongly is noted and left at its default.
From then on the controls are the truth, and the link follows them. The link is written here and
not by the widgets' own ``bind``, which drops a bad value without a word, takes every key
app-wide, and knows no control made of two widgets.
"""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, cast

import streamlit as st
from streamlit.elements.lib.grid_container import GridContainer

from sigviz.charts.palette import label
from sigviz.data.table import Table
from sigviz.settings import FormField, Problem, TrainingSettings, Value, fields_of
from sigviz.text.numbers import setting_value
from sigviz.ui.lab.own_data import own_data
from sigviz.ui.lab.share import share
from sigviz.ui.lab.view import View, view_of

MOST_PILLS_IN_A_CELL = 3
"""More options than this get two cells, and more than twice as many a row of their own."""

COLUMN, COLUMN_PRESENTED = 180, 280
"""Width of a control in pixels, at least; the type on a projector needs more."""

MOST_SLIDER_STOPS = 200
"""A whole number with more values than this is typed, not slid."""


def read_link(
    name: str,
    settings: type[TrainingSettings],
    go_to_step: Callable[[str, str | None], list[Problem]],
) -> list[Problem]:
    """On entering a page, set its controls from the link or, without one, as they were left.

    Args:
        go_to_step: Takes the page's name and the lesson's step that the link names, if it does.

    Returns:
        What the link said that had to be ignored.
    """
    if st.session_state.get("page") == name:
        return cast(list[Problem], st.session_state[f"{name}/problems"])
    st.session_state["page"] = name
    texts = {key: ",".join(st.query_params.get_all(key)) for key in st.query_params}
    is_link = bool(texts)
    problems = go_to_step(name, texts.pop("step", None))
    view, not_seen = View.take(texts, settings)
    problems += not_seen
    if is_link:
        st.session_state[f"{name}/view"] = view
    if texts or f"{name}/settings" not in st.session_state:
        wanted, refused = settings.read(texts)
        problems += refused
        use(name, wanted)
    st.session_state[f"{name}/problems"] = problems
    return problems


def use(name: str, settings: TrainingSettings) -> None:
    """Set a page's controls, before they are drawn or in a callback."""
    st.session_state[f"{name}/settings"] = settings
    for field in fields_of(type(settings)):
        st.session_state.pop(_key(name, field), None)


def controls(name: str, link: Mapping[str, str]) -> tuple[TrainingSettings, Table | None]:
    """Draw the controls, three or four to a row and the rest behind a button.

    Args:
        link: What the page's link says besides the settings.

    Returns:
        The settings that they say, or the last good ones where what they say is refused; and the
        learner's own data, where they ask for it and it is there.
    """
    kept: TrainingSettings = st.session_state[f"{name}/settings"]
    known = fields_of(type(kept))
    values: dict[str, Value] = {field: getattr(kept, field) for field in known}
    view = view_of(name)

    def drawn(field: str) -> bool:
        return kept.matters(field) and view.shows(field)

    def draw(*, more: bool, row: GridContainer | None = None) -> None:
        for field in known.values():
            if field.more is more and drawn(field.name):
                st.session_state.setdefault(_key(name, field.name), values[field.name])
                place = row.cell(column_span=_span(field)) if row else st.container()
                with place:
                    values[field.name] = _control(name, type(kept), field)

    grid = st.grid(
        "auto",
        min_column_width=COLUMN_PRESENTED if view.present else COLUMN,
        gap=("small", "medium"),
        vertical_alignment="bottom",
    )
    draw(more=False, row=grid)
    with grid.cell(column_span=2):
        buttons = st.container(horizontal=True, gap="small")
    if any(field.more and drawn(field.name) for field in known.values()):
        with buttons, st.popover("More settings", icon=":material/tune:"):
            draw(more=True)
    own = st.container()
    chosen, problems = type(kept).read(
        {field: known[field].write(value) for field, value in values.items()}
    )
    for problem in problems:
        st.warning(f"{problem.message}.", icon=":material/rule:")
    if problems:
        chosen = kept
    st.session_state[f"{name}/settings"] = chosen
    table = None
    if chosen.own_data:
        with own:
            table = own_data(name, chosen)
    with buttons:
        share(name, chosen, link, own_data=table is not None)
    whole_link = {**chosen.changed(), **link, **view.link}
    if whole_link != st.query_params.to_dict():
        st.query_params.from_dict(whole_link)
    if any(chosen.matters(field) != kept.matters(field) for field in known):
        st.rerun()
    return chosen, table


def _span(field: FormField) -> int | Literal["all"]:
    """How many cells of the grid a control takes: pills need room to be seen at once."""
    pills = len(field.options) if field.kind == "choices" else 0
    if pills <= MOST_PILLS_IN_A_CELL:
        return 1
    return 2 if pills <= 2 * MOST_PILLS_IN_A_CELL else "all"


def _key(name: str, field: str) -> str:
    return f"{name}/{field}"


def _control(name: str, settings: type[TrainingSettings], field: FormField) -> Value:
    """The widget for one field.

    Its value is in the session under `_key` and, again, among its arguments: a browser that misses
    the run in which the session's value was set would show the widget's own default.
    """
    key = _key(name, field.name)
    value = st.session_state[key]
    common: dict[str, Any] = {"label": field.title, "key": key, "help": field.help}
    called = partial(label, settings)
    if field.kind == "choices":
        return _choices(key, field, called)
    if field.kind == "choice":
        at = field.options.index(value)
        return cast(
            str, st.selectbox(options=field.options, index=at, format_func=called, **common)
        )
    if field.log:
        return _logarithmic(key, field)
    number = int if field.kind == "int" else float
    common |= {"min_value": number(field.low), "max_value": number(field.high)}
    if number is int and field.high - field.low > MOST_SLIDER_STOPS:
        return cast(int, st.number_input(value=value, **common))
    return cast(Value, st.slider(value=value, step=field.step, **common))


def _choices(key: str, field: FormField, called: Callable[[str], str]) -> tuple[str, ...]:
    chosen = st.pills(
        field.title,
        field.options,
        selection_mode="multi",
        default=st.session_state[key],
        format_func=called,
        key=key,
        help=field.help,
        wrap=True,
    )
    return tuple(chosen or ())


def _logarithmic(key: str, field: FormField) -> float:
    """A slider with evenly spaced orders of magnitude beside a field for any value between."""
    slider = f"{key}:slider"
    value = float(st.session_state[key])
    if st.session_state.get(slider) != value:  # a slider that is set cannot be moved meanwhile
        st.session_state[slider] = value
    stops = sorted({*_stops(field.low, field.high), value})

    def follow() -> None:
        st.session_state[key] = st.session_state[slider]

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", wrap=False):
        st.select_slider(
            field.title,
            stops,
            value,
            format_func=setting_value,
            key=slider,
            help=field.help,
            on_change=follow,
        )
        typed = st.number_input(
            f"{field.title}, exact value",
            float(field.low),
            float(field.high),
            value,
            format="%g",
            key=key,
            label_visibility="collapsed",
            width=76,
        )
    return value if typed is None else float(typed)


def _stops(low: float, high: float) -> list[float]:
    """Round numbers from `low` to `high`: 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, …"""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    leading = (1, 1.5, 2, 3, 5, 7)
    stops = [float(f"{first}e{decade}") for decade in decades for first in leading]
    return [low, *[stop for stop in stops if low < stop < high], high]
