"""What the panels of the sigmoid curve share: a dot at one place, and a number in words."""

import re

import numpy as np

from sigviz.charts.panels import Chart
from sigviz.text.numbers import with_minus


def dot(name: str, x: float, y: float, *, symbol: str = "circle", legend: bool = False) -> Chart:
    """One mark in the colour of text, with an entry in the legend if asked for."""
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": "curve-" + re.sub(r"\W+", "-", name),
        "name": name,
        "showlegend": legend,
        "cliponaxis": False,
        "marker": {"symbol": symbol, "size": 10, "color": "@text"},
        "x": np.array([x], np.float32),
        "y": np.array([y], np.float32),
    }


def number(value: float) -> str:
    """Three digits, with the sign that mathematics writes for minus."""
    return with_minus(f"{value:.3g}".replace("e-0", "e-"))
