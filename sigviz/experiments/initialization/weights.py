"""The first layer's weights as heatmaps, and each scheme's value in words."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from sigviz.charts.palette import styles
from sigviz.charts.panels import Chart, Panel, axis
from sigviz.experiments.initialization.settings import Settings
from sigviz.settings import Style, metric_name
from sigviz.trace import Trace

UNITS_SHOWN = 32
"""Rows of a heatmap; more would be thinner than a pixel or two, and heavy to send."""

PANEL_HEIGHT, LABEL_LINE = 300, 15
"""Pixels, for the room that the labels over the heatmaps need."""

COLUMN_GAP = 0.06
"""Between two heatmaps, as a part of the panel's width."""


@dataclass(frozen=True)
class Cell:
    """Where heatmap number `number` stands: its corner and size as parts of the panel."""

    number: int
    left: float
    bottom: float
    width: float
    height: float
    first_in_row: bool
    last_in_column: bool

    @property
    def axes(self) -> str:
        """What its axes' names end with."""
        return str(self.number + 1) if self.number else ""


def weights(settings: Settings, trace: Trace) -> Panel:
    """A heatmap for each scheme, side by side or in two rows, each with colours of its own range:
    one range for a constant of 10 and for Xavier would leave Xavier blank."""
    recorded = trace.frames["first_weights"][:, :, 0].swapaxes(2, 3)[:, :, :UNITS_SHOWN]
    shown = recorded if trace.done else recorded[-1:]
    count, (units, features) = len(settings.variants), recorded.shape[2:]
    columns = count if count <= 3 else ceil(count / 2)
    lines = 3 if count > 2 else 2
    margin = LABEL_LINE * lines + 6
    distinct = [trace.metrics[metric_name("distinct_units", name)] for name in settings.variants]
    names = ", ".join(style.label for style in styles(settings))
    panel = Panel(
        "weights",
        f"First layer's weights (seed {settings.seed})",
        "Each weight of the first hidden layer as a coloured cell, one row for each unit, for "
        f"{names}; equal rows are units that do the same. The number of distinct units is "
        f"{spoken(settings, distinct)}, the median over the seeds.",
        {"annotations": [], "margin": {"l": 52, "r": 14, "t": margin, "b": 44}},
    )
    unit = "unit" if units == settings.width else f"unit, first {units}"
    for i, style in enumerate(styles(settings)):
        largest = float(np.abs(recorded[:, i]).max())
        cell = _cell(i, count, columns, margin / (PANEL_HEIGHT - 44 - margin))
        panel.layout.update(_axes(cell, features, units, unit, most=5 if columns < 3 else 3))
        name = style.label.replace(" ", "<br>", lines - 2)
        panel.layout["annotations"].append(_over(cell, f"{name}<br>±{largest:.2g}"))
        lines_between = columns * features <= 40
        panel.add(_heatmap(cell, style, largest or 1.0, gap=lines_between), z=shown[:, i])
    return panel


def _cell(i: int, count: int, columns: int, row_gap: float) -> Cell:
    width = (1 - COLUMN_GAP * (columns - 1)) / columns
    height = 1.0 if columns == count else (1 - row_gap) / 2
    return Cell(
        number=i,
        left=i % columns * (width + COLUMN_GAP),
        bottom=1 - height if i < columns else 0.0,
        width=width,
        height=height,
        first_in_row=i % columns == 0,
        last_in_column=i + columns >= count,
    )


def _axes(cell: Cell, features: int, units: int, unit: str, most: int) -> Chart:
    return {
        f"xaxis{cell.axes}": axis(
            "feature" if cell.last_in_column else "",
            domain=[cell.left, min(cell.left + cell.width, 1)],
            anchor=f"y{cell.axes}",
            range=[0.5, features + 0.5],
            showticklabels=cell.last_in_column,
            showgrid=False,
            **_whole_ticks(features, most),
        ),
        f"yaxis{cell.axes}": axis(
            unit if cell.first_in_row else "",
            domain=[cell.bottom, cell.bottom + cell.height],
            anchor=f"x{cell.axes}",
            range=[units + 0.5, 0.5],
            showticklabels=cell.first_in_row,
            showgrid=False,
            **_whole_ticks(units, 5),
        ),
    }


def _over(cell: Cell, text: str) -> Chart:
    """A label over a heatmap."""
    return {
        "text": text,
        "x": cell.left + cell.width / 2,
        "y": cell.bottom + cell.height,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "center",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11.5},
    }


def _heatmap(cell: Cell, style: Style, largest: float, *, gap: bool) -> Chart:
    chart: Chart = {
        "type": "heatmap",
        "uid": style.name,
        "name": style.label,
        "xaxis": f"x{cell.axes}",
        "yaxis": f"y{cell.axes}",
        "x0": 1,
        "y0": 1,
        "xgap": int(gap),
        "ygap": int(gap),
        "zmin": -largest,
        "zmax": largest,
        "colorscale": [[0, "@vermillion"], [0.5, "@surface"], [1, "@blue"]],
        "showscale": cell.number == 0,
        "hovertemplate": "unit %{y}, feature %{x}: %{z:.4g}",
    }
    if chart["showscale"]:
        chart["colorbar"] = {
            "thickness": 8,
            "len": 1,
            "outlinewidth": 0,
            "tickvals": [-largest, 0, largest],
            "ticktext": ["−", "0", "+"],
        }
    return chart


def _whole_ticks(count: int, most: int) -> Chart:
    """Ticks at whole numbers up to `count`, at most so many."""
    return {"tick0": 0, "dtick": next(by for by in (1, 2, 5, 10, 20, 50) if count / by <= most)}


def spoken(settings: Settings, values: ArrayLike, unit: str = "") -> str:
    """Each scheme with its value, in words."""
    pairs = zip(styles(settings), np.asarray(values), strict=True)
    return ", ".join(f"{value:.3g}{unit} for {style.label}" for style, value in pairs)
