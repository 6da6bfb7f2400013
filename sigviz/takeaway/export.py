"""The figure of a run as one HTML file that needs nothing else: no server, no network."""

import re
import shlex
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from sigviz.charts.files import CSS, HTML, plotly_js, saved_figure_js
from sigviz.charts.palette import label
from sigviz.settings import Job, TrainingSettings, Value, fields_of
from sigviz.takeaway.command import command
from sigviz.text.numbers import setting_value

_HERE = Path(__file__).parent


def figure_html(
    job: Job, payload: bytes, *, light: Mapping[str, str], dark: Mapping[str, str]
) -> bytes:
    """A run's panels with playback, zoom and legends, in light or dark as the viewer likes it.

    Args:
        payload: All of the run, made by `sigviz.charts.payload.pack`.
        light, dark: The CSS variables of either theme, with their values.
    """
    words = f"<code>{escape(shlex.join(command(job)))}</code>"
    return (
        Template((_HERE / "export.html").read_text())
        .substitute(
            title=escape(job.settings.TITLE),
            settings=escape(in_words(job.settings)),
            origin=f"Made with sigviz. The same run without a browser: {words}",
            light=_declared(light),
            dark=_declared(dark),
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
        f"{field.title}: {_in_words(settings, getattr(settings, name))}"
        for name, field in fields_of(type(settings)).items()
        if settings.matters(name)
    )


def _in_words(settings: TrainingSettings, value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(label(settings, option) for option in value) or "none"
    return label(settings, value) if isinstance(value, str) else setting_value(value)


def _declared(variables: Mapping[str, str]) -> str:
    return " ".join(f"{name}: {value};" for name, value in variables.items())


def inline(script: str) -> str:
    """A script that can stand inside of HTML: nothing in it looks like the end of it."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)
