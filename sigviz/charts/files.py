"""The files that a browser needs to draw: Plotly.js and the live figure."""

from pathlib import Path

import plotly

from sigviz.charts.modules import in_one

_LIVE = Path(__file__).parent / "live"
_PLOTLY = Path(plotly.__file__).parent / "package_data"

HTML = (_LIVE / "figure.html").read_text()
CSS = (_LIVE / "figure.css").read_text()


def plotly_js() -> str:
    """Plotly.js, a script that sets ``window.Plotly``."""
    return (_PLOTLY / "plotly.min.js").read_text()


def figure_js() -> str:
    """The live figure as a module; see ``live/figure.js`` for what it exports."""
    return in_one(_LIVE / "figure.js")


def saved_figure_js() -> str:
    """The live figure as a module that draws the payload in its own page."""
    return in_one(_LIVE / "saved.js")
