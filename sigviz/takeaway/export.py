"""The figure of a run as one HTML file that needs nothing else: no server, no network."""

import re
import shlex
from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template

import streamlit as st

from sigviz.charts.files import CSS, HTML, plotly_js, saved_figure_js
from sigviz.charts.palette import label
from sigviz.settings import TrainingSettings, Value, parameters
from sigviz.takeaway.command import command

_HERE = Path(__file__).parent

_THEME = (
    "primaryColor",
    "backgroundColor",
    "secondaryBackgroundColor",
    "textColor",
    "borderColor",
    "baseRadius",
    "buttonRadius",
)
"""The options of Streamlit's theme that the live figure uses."""


def figure_html(name: str, settings: TrainingSettings, payload: bytes) -> bytes:
    """A run's panels with playback, zoom and legends, in light or dark as the viewer likes it.

    Args:
        payload: All of the run, made by `sigviz.charts.payload.pack`.
    """
    words = f"<code>{escape(shlex.join(command(name, settings)))}</code>"
    return (
        Template((_HERE / "export.html").read_text())
        .substitute(
            title=escape(settings.TITLE),
            settings=escape(in_words(settings)),
            origin=f"Made with sigviz. The same run without a browser: {words}",
            light=_variables("light"),
            dark=_variables("dark"),
            css=CSS,
            figure=HTML,
            plotly=inline(plotly_js()),
            code=inline(saved_figure_js()),
            payload=b64encode(payload).decode(),
        )
        .encode()
    )


def in_words(settings: TrainingSettings) -> str:
    """The settings that matter, as the page calls them, in one line."""
    return " · ".join(
        f"{parameter.title}: {_in_words(getattr(settings, name))}"
        for name, parameter in parameters(type(settings)).items()
        if settings.matters(name)
    )


def _in_words(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(label, value)) or "none"
    return label(value) if isinstance(value, str) else f"{value:g}"


def _variables(theme: str) -> str:
    """A theme's options as the CSS variables that Streamlit gives to components."""
    values = {
        option: st.get_option(f"theme.{theme}.{option}") or st.get_option(f"theme.{option}")
        for option in _THEME
    }
    values["buttonRadius"] = values["buttonRadius"] or values["baseRadius"]
    return " ".join(
        f"--st-{re.sub('[A-Z]', lambda letter: '-' + letter[0].lower(), option)}: {value};"
        for option, value in values.items()
        if value
    )


def inline(script: str) -> str:
    """A script that can stand inside of HTML: nothing in it looks like the end of it."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)
