"""The live figure as a Streamlit component: registered once, drawn in every run and tick."""

import streamlit as st

from sigviz.charts.files import text_of
from sigviz.ui.server.assets import url_of

_LOADER = """
// The code itself comes from the app's own address, so that a tick carries none of it.
// Streamlit may clean up after one call when the next has begun already; only the latest counts.
let ready;
const latest = new WeakMap();
export default function (component) {
  const { parentElement } = component;
  const turn = {};
  const isLatest = () => latest.get(parentElement) === turn;
  const whenLatest = (act) => ready.then((figure) => isLatest() && act(figure));
  ready ??= import(new URL("%(figure)s", location.origin));
  latest.set(parentElement, turn);
  whenLatest((figure) => figure.draw(component, "%(plotly)s"));
  return () => setTimeout(() => whenLatest((figure) => figure.unmount(component)));
}
"""

_draw = st.components.v2.component(
    "sigviz_live_figure",
    html=text_of("live_figure.html"),
    css=text_of("live_figure.css"),
    js=_LOADER % {"figure": url_of("live_figure.js"), "plotly": url_of("plotly.min.js")},
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
