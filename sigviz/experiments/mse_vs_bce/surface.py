"""The loss over weight and bias, one map for each loss, with the way that its neuron went."""

from typing import Any

import numpy as np

from sigviz.charts.palette import styles
from sigviz.charts.panels import Panel, axis, line
from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.settings import Style
from sigviz.trace import Array, Trace

POINTS = 61
"""Weights, and biases, at which a map is computed."""

LEAST_LOSS = -3
"""A map's shades end here, in powers of ten."""


def surface(settings: Settings, trace: Trace) -> Panel:
    """Loss over weight and bias, one map for each loss, with the way that its neuron went.

    With the input 1 the logit is weight plus bias, so the maps are the curves of each loss over
    the logit, computed by PyTorch, laid out over the plane.
    """
    weights, biases = trace.frames["weight"][:, :, 0], trace.frames["bias"][:, :, 0]
    x, y = _span(weights), _span(biases)
    logits = np.add.outer(y, x)
    with np.errstate(divide="ignore"):
        curves = np.maximum(np.log10(trace.fixed["loss"]), LEAST_LOSS - 1)
    maps = [np.interp(logits, trace.fixed["logit"], curve) for curve in curves]
    top = max(0, int(np.ceil(max(float(each.max()) for each in maps) - 0.01)))
    looks = styles(settings)
    ends = ", ".join(
        f"{style.label} at weight {weights[-1, i]:.2f} and bias {biases[-1, i]:.2f}"
        for i, style in enumerate(looks)
    )
    panel = Panel(
        "surface",
        "Loss over weight and bias",
        "Maps of each loss over weight and bias, shaded on a logarithmic scale, darker is higher, "
        "with lines of equal loss: where there are none the loss is flat. A line shows the way "
        f"from the start, an open circle; a dot where it is. At step {trace.frame_steps[-1]}: "
        f"{ends}.",
        {**_cells(len(looks), x, y, [style.label for style in looks]), "showlegend": False},
    )
    for i, style in enumerate(looks):
        place = _place(i)
        panel.add(_map(maps[i], x, y, top, bar=i == 0) | place)
        way = line(style, x=weights[:, i], y=biases[:, i], hoverinfo="skip", **place)
        panel.add(way)
        start = dot(style) | {"symbol": "circle", "color": "@surface"}
        start["line"] = {"color": style.colour, "width": 2}
        panel.add(
            line(
                style,
                uid=f"{style.name}-start",
                mode="markers",
                x=weights[:1, i],
                y=biases[:1, i],
                hoverinfo="skip",
                marker=start,
                **place,
            )
        )
        now = line(
            style,
            uid=f"{style.name}-now",
            mode="markers",
            hovertemplate="weight %{x:.2f}, bias %{y:.2f}",
            marker=dot(style),
            **place,
        )
        shown = slice(None) if trace.done else slice(-1, None)
        panel.add(now, x=weights[shown, i, None], y=biases[shown, i, None])
    return panel


def dot(style: Style) -> dict[str, Any]:
    """The marker of where a network is now: larger, and set off from its line.

    BCE with logits, drawn over BCE and mostly in the same place, leaves it to be seen.
    """
    return {
        "symbol": style.symbol,
        "size": 7 if style.name == "bce-with-logits" else 11,
        "color": style.colour,
        "line": {"color": "@surface", "width": 1.5},
    }


def _map(values: Array, x: Array, y: Array, top: int, *, bar: bool) -> dict[str, Any]:
    decade = list(range(LEAST_LOSS, top + 1))
    return {
        "type": "contour",
        "x": x,
        "y": y,
        "z": values,
        "zmin": LEAST_LOSS,
        "zmax": top,
        "colorscale": [[0, "@surface"], [1, "@grey/0.6"]],
        "autocontour": False,
        "contours": {"start": LEAST_LOSS, "end": top, "size": 0.25, "coloring": "heatmap"},
        "line": {"width": 0.5, "color": "@grey/0.8"},
        "hovertemplate": "weight %{x:.1f}, bias %{y:.1f}: loss 10^%{z:.2f}<extra></extra>",
        "showscale": bar,
        "colorbar": {
            "title": {"text": "loss", "font": {"size": 12}},
            "thickness": 8,
            "outlinewidth": 0,
            "tickvals": decade,
            "ticktext": [f"{10.0**power:g}" for power in decade],
        },
    }


def _cells(count: int, x: Array, y: Array, titles: list[str]) -> dict[str, Any]:
    """A layout with a pair of axes for each map, two to a row, and a title above each."""
    columns, rows = min(count, 2), (count + 1) // 2
    gap = {"x": 0.06, "y": 0.14}
    wide, tall = (1 - gap["x"] * (columns - 1)) / columns, (1 - gap["y"] * (rows - 1)) / rows
    cells: dict[str, Any] = {"annotations": []}
    for i, title in enumerate(titles):
        left, bottom = (i % 2) * (wide + gap["x"]), (rows - 1 - i // 2) * (tall + gap["y"])
        lowest = i + 2 >= count
        across = axis("weight" if lowest else "", range=[float(x[0]), float(x[-1])])
        up = axis("" if i % 2 else "bias", range=[float(y[0]), float(y[-1])])
        name = _place(i)
        cells[name["xaxis"].replace("x", "xaxis")] = {
            **across,
            "domain": [left, left + wide],
            "anchor": name["yaxis"],
            "showticklabels": lowest,
            "nticks": 6,
        }
        cells[name["yaxis"].replace("y", "yaxis")] = {
            **up,
            "domain": [bottom, bottom + tall],
            "anchor": name["xaxis"],
            "showticklabels": i % 2 == 0,
            "nticks": 6,
        }
        cells["annotations"].append(
            {
                "text": title,
                "x": left + wide / 2,
                "y": bottom + tall,
                "xanchor": "center",
                "xref": "paper",
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
            }
        )
    return cells


def _place(i: int) -> dict[str, str]:
    """The axes of the map number `i`."""
    number = str(i + 1) if i else ""
    return {"xaxis": f"x{number}", "yaxis": f"y{number}"}


def _span(values: Array) -> Array:
    """Points from below the least of the `values` to above the greatest, 0 ± 4 at least."""
    low, high = min(-4.0, float(values.min())), max(4.0, float(values.max()))
    spare = 0.06 * (high - low)
    return np.linspace(low - spare, high + spare, POINTS, dtype=np.float32)
