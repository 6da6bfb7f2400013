"""The live figure as a Streamlit component: registered once, drawn in every run and tick."""

from pathlib import Path

import streamlit as st

from sigviz.charts.files import CSS, HTML
from sigviz.ui.server.assets import url_of

# The browser may fetch both at once, before it has read any of the code.
_SCRIPTS = f"""
<link class="sv-live-figure" rel="modulepreload" href="{url_of("live_figure.js")}" />
<link class="sv-plotly" rel="preload" as="script" href="{url_of("plotly.min.js")}" />
"""

_draw = st.components.v2.component(
    "sigviz_live_figure",
    html=HTML + _SCRIPTS,
    css=CSS,
    js=Path(__file__).with_suffix(".js").read_text(),
    isolate_styles=False,
)


def live_figure(payload: bytes, key: str) -> None:
    """Draw the panels in `payload`, made by `sigviz.charts.payload.pack`.

    A figure stays mounted as long as it is drawn, under its `key`, in every run and tick. While
    the payload asks for ticks, the figure reruns the fragment it is drawn in once it has painted;
    so it cannot be asked to draw faster than it can. (``run_every`` ticks whether or not the
    browser has what came before, and under load that breaks the page: Streamlit then drops the
    fragment's own container from what it has not sent yet.)
    """
    _draw(data=payload, key=key, on_tick_change=_nothing)


def _nothing() -> None:
    """A tick needs no callback: that it reruns the fragment is all."""
