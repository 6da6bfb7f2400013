"""The panels of the sigmoid curve: its value, its slope, the neuron, and the way it takes."""

import numpy as np

from sigviz.charts.palette import style_of
from sigviz.charts.panels import (
    Chart,
    Panel,
    add_spread,
    at_moments,
    axis,
    layout,
    moments,
    reference,
)
from sigviz.experiments.sigmoid_curve.curve import curve_panel, slope_panel
from sigviz.experiments.sigmoid_curve.landscape import path_panel
from sigviz.experiments.sigmoid_curve.marks import number
from sigviz.experiments.sigmoid_curve.settings import Settings
from sigviz.settings import Job
from sigviz.trace import Trace

CLASSES = {"tumour-radius": ("benign", "malignant"), "two-clusters": ("class 0", "class 1")}
INPUTS = {"tumour-radius": "mean radius (standardized)", "two-clusters": "input x"}

GOLDEN = 0.618034
"""Its multiples, without their whole parts, spread points evenly and without a pattern."""


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    settings = job.settings
    return [
        curve_panel(settings, trace),
        slope_panel(settings, trace),
        _neuron(settings, trace),
        path_panel(settings, trace),
    ]


def _neuron(settings: Settings, trace: Trace) -> Panel:
    at, across = moments(trace), trace.fixed["curve_x"]
    newest = at_moments(trace, "curve")
    outputs = np.moveaxis(newest[:, 0], 1, 2)
    no, yes = CLASSES[settings.dataset]
    weight, bias = (np.median(trace.series[name][at, 0], axis=-1) for name in ("weight", "bias"))
    panel = Panel(
        "neuron",
        "One neuron learns",
        f"The neuron's output against its input, with the data it learns from: {yes} above at 1, "
        f"{no} below at 0, scattered a little up and down to be seen apart. After step "
        f"{trace.step} the weight is {number(weight[-1])} and the bias {number(bias[-1])}, and "
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
