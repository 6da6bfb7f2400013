"""The figure of a run as one HTML file that needs nothing else: no server, no network."""

import re
import shlex
from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template

import streamlit as st

from sigviz.charts.files import text_of
from sigviz.charts.palette import label
from sigviz.settings import Job, TrainingSettings, Value, fields_of
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


def figure_html(job: Job, payload: bytes) -> bytes:
    """A run's panels with playback, zoom and legends, in light or dark as the viewer likes it.

    Args:
        payload: All of the run, made by `sigviz.charts.payload.pack`.
    """
    words = f"<code>{escape(shlex.join(command(job)))}</code>"
    return (
        Template((_HERE / "export.html").read_text())
        .substitute(
            title=escape(job.settings.TITLE),
            settings=escape(in_words(job.settings)),
            origin=f"Made with sigviz. The same run without a browser: {words}",
            light=_variables("light"),
            dark=_variables("dark"),
            css=text_of("live_figure.css"),
            figure=text_of("live_figure.html"),
            plotly=inline(text_of("plotly.min.js")),
            code=inline(text_of("live_figure.js")),
            payload=b64encode(payload).decode(),
        )
        .encode()
    )


def in_words(settings: TrainingSettings) -> str:
    """The settings that matter, as the page calls them, in one line."""
    return " · ".join(
        f"{field.title}: {_in_words(settings, getattr(settings, name))}"
        for name, field in fields_of(type(settings)).items()
        if settings.matters(name)
    )


def _in_words(settings: TrainingSettings, value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(label(settings, option) for option in value) or "none"
    return label(settings, value) if isinstance(value, str) else f"{value:g}"


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
