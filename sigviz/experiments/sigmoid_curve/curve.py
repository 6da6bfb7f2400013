"""The sigmoid and its slope against the input, with the probe and the curves to compare with."""

import numpy as np

from sigviz.charts.palette import label, style_of
from sigviz.charts.panels import Chart, Panel, axis, layout, line, reference
from sigviz.experiments.sigmoid_curve.marks import dot, number
from sigviz.experiments.sigmoid_curve.settings import Settings
from sigviz.formulas.activations import ACTIVATIONS
from sigviz.trace import Array, Trace

STEEPEST_SIGMOID = ACTIVATIONS["sigmoid"].steepest


def curve_panel(settings: Settings, trace: Trace) -> Panel:
    """The sigmoid, the neuron's own curve and what is compared, with the tangent at the probe."""
    z, probe = trace.fixed["z"], settings.probe
    height, slope = trace.metrics["sigmoid"], trace.metrics["derivative"]
    low = -1.15 if "tanh" in settings.compare else -0.12
    high = 2.2 if "relu" in settings.compare else 1.15
    said = f"σ({number(probe)}) {_level(height)}"
    if height in (0, 1):
        said += f" in {settings.precision}"
    panel = Panel(
        "curve",
        "The sigmoid",
        f"The sigmoid against its input z, computed in {settings.precision}: {said}, and the "
        f"tangent there has slope {number(slope)}. Beside it the neuron's own curve before it "
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
            hovertemplate=f"tangent, slope {number(slope)}",
        )
    )
    panel.add(dot("probe", probe, height))
    return panel


def slope_panel(settings: Settings, trace: Trace) -> Panel:
    """The slopes of the same curves, with the quarter that the sigmoid's never exceeds."""
    z, probe, slope = trace.fixed["z"], settings.probe, trace.metrics["derivative"]
    drawn = [rows for name, rows in trace.fixed.items() if name.startswith("slope_")]
    bottom = min(float(min(rows.min() for rows in drawn)), 0)
    top = float(max(rows.max() for rows in drawn))
    spare = 0.12 * (top - bottom)
    roomy = 0.72 * top if top > -bottom else 0.6 * bottom
    said = f"σ′({number(probe)}) = {number(slope)}"
    if slope == 0:
        said = f"σ′ is exactly 0 here in {settings.precision}"
    panel = Panel(
        "slope",
        "Its slope",
        f"The slope of each curve against its input, by autograd in {settings.precision}: {said}. "
        "The sigmoid's is at most a quarter, at z = 0. The slope of the neuron's own curve is its "
        f"weight, {number(settings.weight)}, times the slope of the sigmoid"
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
    panel.add(dot("probe", probe, slope))
    return panel


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
    return f"σ({number(settings.weight)}·x {sign} {number(abs(settings.bias))})"


def _level(height: float) -> str:
    """The sigmoid's value, so that what only rounds to 1 is not taken for it."""
    if height in (0, 1):
        return f"is exactly {height:g}"
    return f"= 1 − {number(1 - height)}" if height > 0.999 else f"= {number(height)}"


def _compared(settings: Settings) -> str:
    others = " and ".join(label(settings, name) for name in settings.compare)
    return f", and {others} to compare" if others else ""
