"""Panels: Plotly charts as plain dicts, with what moves in them during playback.

Plain dicts, because building ``plotly.graph_objects`` costs far more than the numbers in them;
tests hand every panel to ``graph_objects`` once, which checks it.
"""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sigviz.settings import Job, Style
from sigviz.trace import Array, Trace, frame_steps

Chart = dict[str, Any]

MAX_POINTS = 300
"""A line over the steps has at most so many points; more would not be seen."""


@dataclass(frozen=True)
class Moving:
    """A property of a trace that changes in playback: one row for each frame."""

    trace: int
    name: str
    rows: Array


@dataclass(frozen=True)
class Panel:
    """One chart of a page.

    Attributes:
        key: Tells this panel from the others of its page.
        title: What the chart shows, as a heading.
        alt: The same for someone who does not see it, in a sentence or two.
        layout: Plotly's layout.
        traces: Plotly's traces, as they are at the newest step.
        moving: What changes in playback.
    """

    key: str
    title: str
    alt: str
    layout: Chart
    traces: list[Chart] = field(default_factory=list)
    moving: list[Moving] = field(default_factory=list)

    def add(self, trace: Chart, **moving: ArrayLike) -> None:
        """Add a trace; each `moving` property has one row for each of `moments(trace)`."""
        for name, values in moving.items():
            rows = np.asarray(values)
            trace[name] = rows[-1]
            if len(rows) > 1:
                self.moving.append(Moving(len(self.traces), name, rows))
        self.traces.append(trace)


DrawPanels = Callable[[Job[Any], Trace], list[Panel]]
"""A job's panels, from what it has recorded so far."""


def moments(trace: Trace) -> list[int]:
    """The steps that a page shows: the newest while it trains, all frames when it is done."""
    if not trace.done:
        return [trace.step]
    return [step for step in frame_steps(trace.steps) if step <= trace.step]


def at_moments(trace: Trace, name: str) -> Array:
    """The frames of all `moments`: the newest while it trains, every one when it is done."""
    rows = trace.frames[name]
    return rows if trace.done else rows[-1:]


def axis(title: str, *, log: bool = False, **more: Any) -> Chart:
    """An axis with a title, which names the unit or the scale."""
    return {"title": {"text": title}, **({"type": "log"} if log else {}), **more}


def layout(x: Chart, y: Chart, **more: Any) -> Chart:
    return {"xaxis": x, "yaxis": y, **more}


def line(style: Style, **more: Any) -> Chart:
    """A line in the look of a variant."""
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": style.name,
        "name": style.label,
        "legendgroup": style.name,
        "line": {"color": style.colour, "dash": style.dash, "width": 2},
        "marker": {"symbol": style.symbol, "size": 7, "color": style.colour},
        **more,
    }


def literal(text: str) -> str:
    """A name of somebody else's for a chart, in which Plotly would take ``<b>`` for bold."""
    return html.escape(text, quote=False)


def reference(name: str, **more: Any) -> Chart:
    """A thin grey line to compare with."""
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": "reference-" + re.sub(r"\W+", "-", name),
        "name": name,
        "line": {"color": "@grey", "dash": "dot", "width": 1.5},
        **more,
    }


def add_spread(panel: Panel, style: Style, x: ArrayLike, values: Array, **look: Any) -> None:
    """Add the median over the seeds as a line and their range as a band.

    Args:
        x: ``[points]``.
        values: ``[moments, points, seeds]``.
    """
    if values.shape[-1] > 1:
        add_band(panel, style, x, values.min(-1), values.max(-1))
    across = np.asarray(x, np.float32)
    panel.add({**line(style, **look), "x": across}, y=np.median(values, axis=-1))


def add_band(panel: Panel, style: Style, x: ArrayLike, low: Array, high: Array) -> None:
    """Add a filled band in the look of a variant, hidden with its line in the legend.

    Args:
        x: ``[points]``.
        low, high: ``[moments, points]``.
    """
    across = np.asarray(x, np.float32)
    outline = {
        "type": "scatter",
        "mode": "lines",
        "uid": f"{style.name}-range",
        "legendgroup": style.name,
        "showlegend": False,
        "hoverinfo": "skip",
        "fill": "toself",
        "fillcolor": f"{style.colour}/0.18",
        "line": {"width": 0},
        "x": np.concatenate([across, across[::-1]]),
    }
    panel.add(outline, y=np.concatenate([low, high[:, ::-1]], axis=1))


def add_cursor(panel: Panel, at: Iterable[int], low: float, high: float) -> None:
    """Add the upright line that shows, on a chart over the steps, where the playback stands."""
    cursor = {
        "type": "scatter",
        "mode": "lines",
        "uid": "cursor",
        "showlegend": False,
        "hoverinfo": "skip",
        "line": {"color": "@grey/0.7", "width": 1},
        "y": np.array([low, high], np.float32),
    }
    panel.add(cursor, x=np.array([[step, step] for step in at], np.float32))


def thinned(count: int) -> NDArray[np.intp]:
    """At most `MAX_POINTS` row numbers from 0 to ``count - 1``, evenly, both ends included."""
    return np.unique(np.linspace(0, count - 1, min(count, MAX_POINTS)).round().astype(np.intp))


def decades(values: Array, *, least: float = 1.0) -> tuple[float, float]:
    """The range of a log axis around the positive `values`, in powers of ten.

    Args:
        least: How many powers of ten the range spans at least.
    """
    positive = values[np.isfinite(values) & (values > 0)]
    if not positive.size:
        return -1.0, 0.0
    low, high = float(np.log10(positive.min())), float(np.log10(positive.max()))
    spare = max(least - (high - low), 0) / 2 + 0.04 * (high - low) + 0.05
    return low - spare, high + spare
