"""The loss over weight and bias, and the way that the neuron takes over it."""

import numpy as np

from sigviz.charts.palette import style_of
from sigviz.charts.panels import Chart, Panel, axis, layout, line, moments, thinned
from sigviz.experiments.sigmoid_curve.marks import dot, number
from sigviz.experiments.sigmoid_curve.settings import Settings
from sigviz.trace import Array, Trace


def path_panel(settings: Settings, trace: Trace) -> Panel:
    """The loss for every weight and bias in view, and the way of the neuron down it."""
    fixed, at, rows = trace.fixed, moments(trace), thinned(trace.step + 1)
    weights, biases = trace.series["weight"][:, 0], trace.series["bias"][:, 0]
    sigmoid = style_of(settings, "sigmoid")
    across = _around(weights, fixed["lowest"][0])
    upwards = _around(biases, fixed["lowest"][1])
    panel = Panel(
        "path",
        "Its path over the loss",
        "The loss for every weight and bias, greyer where it is higher, and the way of the neuron "
        f"from weight {number(settings.weight)} and bias {number(settings.bias)} to weight "
        f"{number(weights[-1, 0])} and bias {number(biases[-1, 0])} at step {trace.step}. A star "
        f"marks the lowest loss, at weight {number(fixed['lowest'][0])} and bias "
        f"{number(fixed['lowest'][1])}. The surface belongs to the first seed's data.",
        layout(axis("weight", range=across), axis("bias", range=upwards)),
    )
    panel.add(_surface(fixed, across, upwards))
    if settings.dataset == "two-clusters" and settings.repeats > 1:
        gap = np.full((1, settings.repeats - 1), np.nan, np.float32)
        panel.add(
            line(
                sigmoid,
                uid="others",
                legendgroup="others",
                name="other seeds",
                line={"color": f"{sigmoid.colour}/0.45", "dash": "dot", "width": 1},
                hoverinfo="skip",
                x=np.concatenate([weights[rows, 1:], gap]).T.ravel(),
                y=np.concatenate([biases[rows, 1:], gap]).T.ravel(),
            )
        )
    panel.add(line(sigmoid, name="path", hoverinfo="skip", x=weights[rows, 0], y=biases[rows, 0]))
    panel.add(dot("start", weights[0, 0], biases[0, 0], symbol="circle-open", legend=True))
    panel.add(dot("lowest loss", *fixed["lowest"], symbol="star", legend=True))
    now = dot("neuron", 0, 0)
    now["marker"] |= {"color": sigmoid.colour, "size": 11}
    panel.add(now, x=weights[at, :1], y=biases[at, :1])
    return panel


def _surface(fixed: dict[str, Array], across: list[float], upwards: list[float]) -> Chart:
    """Filled contours of the loss, evenly spaced in its logarithm over what is in view."""
    weight, bias, loss = fixed["grid_weight"], fixed["grid_bias"], fixed["grid_loss"]
    view = _within(bias, upwards), _within(weight, across)
    heights = np.log10(loss[view])
    low, high = float(heights.min()), float(heights.max())
    ticks = np.linspace(low, high, 4)
    return {
        "type": "contour",
        "uid": "loss",
        "x": weight[view[1]],
        "y": bias[view[0]],
        "z": heights,
        "customdata": loss[view],
        "hovertemplate": "weight %{x:.2f}, bias %{y:.2f}: loss %{customdata:.3f}<extra></extra>",
        "zmin": low,
        "zmax": high,
        "colorscale": [[0, "@surface"], [1, "@grey"]],
        "contours": {"start": low, "end": high, "size": (high - low) / 14 or 1},
        "line": {"width": 0.5, "color": "@grey"},
        "colorbar": {
            "title": {"text": "loss<br>(log)", "font": {"size": 12}},
            "tickfont": {"size": 11},
            "thickness": 9,
            "outlinewidth": 0,
            "tickvals": ticks.tolist(),
            "ticktext": [f"{10**tick:.2g}" for tick in ticks],
        },
    }


def _within(grid: Array, view: list[float]) -> slice:
    """The points of a grid in view, and one more on each side."""
    first, end = np.searchsorted(grid, view)
    return slice(max(int(first) - 1, 0), int(end) + 1)


def _around(path: Array, lowest: np.float32) -> list[float]:
    """An axis range around all that the seeds have gone through, and the lowest loss."""
    low, high = min(float(path.min()), float(lowest)), max(float(path.max()), float(lowest))
    spare = max(0.15 * (high - low), 1 - (high - low) / 2, 0.3)
    return [low - spare, high + spare]
