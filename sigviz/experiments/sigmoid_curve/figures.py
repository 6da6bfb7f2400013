"""The panels of the sigmoid curve: its value, its slope, the neuron, and the way it takes."""

import re

import numpy as np

from sigviz.charts.palette import label, style_of
from sigviz.charts.panels import (
    Chart,
    Panel,
    add_spread,
    axis,
    layout,
    line,
    moments,
    reference,
    thinned,
)
from sigviz.experiments.sigmoid_curve.settings import Settings
from sigviz.settings import Job
from sigviz.trace import Array, Trace

STEEPEST_SIGMOID = 0.25

CLASSES = {"tumour-radius": ("benign", "malignant"), "two-clusters": ("class 0", "class 1")}
INPUTS = {"tumour-radius": "mean radius (standardized)", "two-clusters": "input x"}

GOLDEN = 0.618034
"""Its multiples, without their whole parts, spread points evenly and without a pattern."""


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    settings = job.settings
    return [
        _curve(settings, trace),
        _slope(settings, trace),
        _neuron(settings, trace),
        _path(settings, trace),
    ]


def _curve(settings: Settings, trace: Trace) -> Panel:
    z, probe = trace.fixed["z"], settings.probe
    height, slope = trace.metrics["sigmoid"], trace.metrics["derivative"]
    low = -1.15 if "tanh" in settings.compare else -0.12
    high = 2.2 if "relu" in settings.compare else 1.15
    said = f"σ({_number(probe)}) {_level(height)}"
    if height in (0, 1):
        said += f" in {settings.precision}"
    panel = Panel(
        "curve",
        "The sigmoid",
        f"The sigmoid against its input z, computed in {settings.precision}: {said}, and the "
        f"tangent there has slope {_number(slope)}. Beside it the neuron's own curve before it "
        f"learns, {_formula(settings)}{_compared(settings)}.",
        layout(
            axis("input: z, or the neuron's x", range=[z[0], z[-1]]),
            axis("output", range=[low, high]),
            annotations=[_note(said, probe, height, z, 0.2 if probe >= 0 else 0.8)],
        ),
    )
    _add_saturated(panel, trace, low, high)
    _add_curves(panel, settings, trace, "curve")
    reach = np.array([-0.15, 0.15], np.float32) * (z[-1] - z[0])
    panel.add(
        reference(
            "tangent",
            x=probe + reach,
            y=height + slope * reach,
            showlegend=False,
            hovertemplate=f"tangent, slope {_number(slope)}",
        )
    )
    panel.add(_dot("probe", probe, height))
    return panel


def _slope(settings: Settings, trace: Trace) -> Panel:
    z, probe, slope = trace.fixed["z"], settings.probe, trace.metrics["derivative"]
    drawn = [rows for name, rows in trace.fixed.items() if name.startswith("slope_")]
    bottom = min(float(min(rows.min() for rows in drawn)), 0)
    top = float(max(rows.max() for rows in drawn))
    spare = 0.12 * (top - bottom)
    roomy = 0.72 * top if top > -bottom else 0.6 * bottom
    said = f"σ′({_number(probe)}) = {_number(slope)}"
    if slope == 0:
        said = f"σ′ is exactly 0 here in {settings.precision}"
    panel = Panel(
        "slope",
        "Its slope",
        f"The slope of each curve against its input, by autograd in {settings.precision}: {said}. "
        "The sigmoid's is at most a quarter, at z = 0. The slope of the neuron's own curve is its "
        f"weight, {_number(settings.weight)}, times the slope of the sigmoid"
        f"{_compared(settings)}.",
        layout(
            axis("input: z, or the neuron's x", range=[z[0], z[-1]]),
            axis("slope of the output", range=[bottom - spare, top + spare]),
            annotations=[_note(said, probe, slope, z, roomy)],
        ),
    )
    _add_saturated(panel, trace, bottom - spare, top + spare)
    panel.add(
        reference(
            "¼",
            x=z[[0, -1]],
            y=np.full(2, STEEPEST_SIGMOID, np.float32),
            hoverinfo="skip",
        )
    )
    _add_curves(panel, settings, trace, "slope")
    panel.add(_dot("probe", probe, slope))
    return panel


def _neuron(settings: Settings, trace: Trace) -> Panel:
    at, across = moments(trace), trace.fixed["curve_x"]
    newest = trace.frames["curve"] if trace.done else trace.frames["curve"][-1:]
    outputs = np.moveaxis(newest[:, 0], 1, 2)
    no, yes = CLASSES[settings.dataset]
    weight, bias = (np.median(trace.series[name][at, 0], axis=-1) for name in ("weight", "bias"))
    panel = Panel(
        "neuron",
        "One neuron learns",
        f"The neuron's output against its input, with the data it learns from: {yes} above at 1, "
        f"{no} below at 0, scattered a little up and down to be seen apart. After step "
        f"{trace.step} the weight is {_number(weight[-1])} and the bias {_number(bias[-1])}, and "
        f"{100 * trace.metrics['accuracy']:.1f} per cent are on the right side of one half; "
        f"median and range over {settings.repeats} seeds.",
        layout(
            axis(INPUTS[settings.dataset], range=[across[0], across[-1]], dtick=2),
            axis(f"output (1 = {yes})", range=[-0.2, 1.2], tickvals=[0, 0.5, 1]),
        ),
    )
    for target, name, symbol, colour in ((1, yes, "diamond", "purple"), (0, no, "circle", "grey")):
        panel.add(_rows(trace, target, name, symbol, f"@{colour}/0.55"))
    panel.add(
        reference("at the start", x=across, y=np.median(trace.frames["curve"][0, 0], axis=0)),
    )
    add_spread(panel, style_of(settings, "sigmoid"), across, outputs, name="neuron")
    with np.errstate(divide="ignore", invalid="ignore"):
        boundary = np.where(weight == 0, np.nan, -bias / weight)
    panel.add(
        {
            **reference("boundary", y=np.array([-0.2, 1.2], np.float32)),
            "line": {"color": "@text", "dash": "dash", "width": 1},
            "hovertemplate": "boundary: output ½ at %{x:.2f}",
        },
        x=np.stack([boundary, boundary], axis=1),
    )
    return panel


def _rows(trace: Trace, target: int, name: str, symbol: str, colour: str) -> Chart:
    """The rows of one class, scattered outwards from its target so that they lie apart."""
    x = trace.fixed["x"][trace.fixed["y"] == target]
    apart = 0.03 + 0.12 * (np.arange(len(x)) * GOLDEN % 1)
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": f"target-{target}",
        "name": name,
        "marker": {"symbol": symbol, "size": 5, "color": colour},
        "x": x,
        "y": target + (apart if target else -apart),
        "hovertemplate": "%{x:.2f}",
    }


def _path(settings: Settings, trace: Trace) -> Panel:
    fixed, at, rows = trace.fixed, moments(trace), thinned(trace.step + 1)
    weights, biases = trace.series["weight"][:, 0], trace.series["bias"][:, 0]
    sigmoid = style_of(settings, "sigmoid")
    across = _around(weights, fixed["lowest"][0])
    upwards = _around(biases, fixed["lowest"][1])
    panel = Panel(
        "path",
        "Its path over the loss",
        "The loss for every weight and bias, greyer where it is higher, and the way of the neuron "
        f"from weight {_number(settings.weight)} and bias {_number(settings.bias)} to weight "
        f"{_number(weights[-1, 0])} and bias {_number(biases[-1, 0])} at step {trace.step}. A star "
        f"marks the lowest loss, at weight {_number(fixed['lowest'][0])} and bias "
        f"{_number(fixed['lowest'][1])}. The surface belongs to the first seed's data.",
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
    panel.add(_dot("start", weights[0, 0], biases[0, 0], symbol="circle-open", legend=True))
    panel.add(_dot("lowest loss", *fixed["lowest"], symbol="star", legend=True))
    now = _dot("neuron", 0, 0)
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


def _add_curves(panel: Panel, settings: Settings, trace: Trace, what: str) -> None:
    """Add the neuron's curve (or slope) before it learns, what is compared, and the sigmoid."""
    z, fixed = trace.fixed["z"], trace.fixed
    formula = _formula(settings) if what == "curve" else f"[{_formula(settings)}]′"
    neuron = reference(formula, x=z, y=fixed[f"{what}_neuron"], uid="neuron")
    panel.add({**neuron, "line": {"color": "@sky", "dash": "dash", "width": 2}})
    for other in settings.compare:
        panel.add(line(style_of(settings, other), x=z, y=fixed[f"{what}_{other}"]))
    name = "σ(z)" if what == "curve" else "σ′(z)"
    panel.add(line(style_of(settings, "sigmoid"), name=name, x=z, y=fixed[f"{what}_sigmoid"]))


def _add_saturated(panel: Panel, trace: Trace, low: float, high: float) -> None:
    """Shade where the sigmoid is exactly 1 and its slope exactly 0, if that is in view."""
    start, end = trace.metrics["saturates_at"], float(trace.fixed["z"][-1])
    if start >= end:
        return
    panel.add(
        {
            "type": "scatter",
            "mode": "lines",
            "uid": "saturated",
            "name": "exactly 1" if panel.key == "curve" else "exactly 0",
            "hoverinfo": "skip",
            "fill": "toself",
            "fillcolor": "@grey/0.2",
            "line": {"width": 0},
            "x": np.array([start, end, end, start], np.float32),
            "y": np.array([low, low, high, high], np.float32),
        }
    )


def _dot(name: str, x: float, y: float, *, symbol: str = "circle", legend: bool = False) -> Chart:
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


def _note(text: str, x: float, y: float, z: Array, height: float) -> Chart:
    """What is read at the probe, written beside it, further out, or where there is no room at the
    edge; always at a `height` that leaves the curves in sight."""
    edge = float(z[-1] if x >= 0 else z[0])
    beside = abs(x) < 0.4 * abs(edge)
    return {
        "text": text,
        "x": x,
        "y": y,
        "axref": "x",
        "ayref": "y",
        "ax": x + 0.1 * edge if beside else edge,
        "ay": height,
        "xanchor": "left" if beside == (x >= 0) else "right",
        "bgcolor": "@surface",
        "arrowcolor": "@grey",
        "arrowwidth": 1,
        "arrowhead": 0,
    }


def _formula(settings: Settings) -> str:
    sign = "−" if settings.bias < 0 else "+"
    return f"σ({_number(settings.weight)}·x {sign} {_number(abs(settings.bias))})"


def _level(height: float) -> str:
    """The sigmoid's value, so that what only rounds to 1 is not taken for it."""
    if height in (0, 1):
        return f"is exactly {height:g}"
    return f"= 1 − {_number(1 - height)}" if height > 0.999 else f"= {_number(height)}"


def _number(value: float) -> str:
    return f"{value:.3g}".replace("e-0", "e-").replace("-", "−")


def _compared(settings: Settings) -> str:
    others = " and ".join(label(settings, name) for name in settings.compare)
    return f", and {others} to compare" if others else ""
