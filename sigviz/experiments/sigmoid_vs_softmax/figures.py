"""The panels of the output heads: four logits, loss, answers over the plane and for one sample."""

import math

import numpy as np

from sigviz.charts.palette import label, styles
from sigviz.charts.panels import (
    Panel,
    add_cursor,
    add_spread,
    axis,
    decades,
    layout,
    moments,
    reference,
    thinned,
)
from sigviz.experiments.sigmoid_vs_softmax.bars import four_logits_panel, sample_panel
from sigviz.experiments.sigmoid_vs_softmax.plane import regions_panel
from sigviz.experiments.sigmoid_vs_softmax.settings import Settings
from sigviz.settings import Job
from sigviz.trace import Trace


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    return [
        four_logits_panel(job.settings, trace),
        _loss(job.settings, trace),
        regions_panel(job, trace),
        sample_panel(job, trace),
    ]


def _loss(settings: Settings, trace: Trace) -> Panel:
    losses, floor = trace.series["loss"], trace.metrics["loss_floor"]
    twice = "softmax-twice" in settings.heads
    rows = thinned(len(losses))
    low, high = decades(np.append(losses, floor) if twice else losses)
    panel = Panel(
        "loss",
        "Loss by step",
        "Loss against the step on a logarithmic scale, median and range over "
        f"{settings.repeats} seeds; now "
        + ", ".join(
            f"{label(settings, head)} {np.median(losses[-1, i]):.3g}"
            for i, head in enumerate(settings.heads)
        )
        + (f". A dotted line at {floor:.3f} is as low as softmax twice can get." if twice else "."),
        layout(
            axis("step", range=[0, trace.steps]),
            axis(
                "loss (nats, log scale)",
                log=True,
                exponentformat="power",
                range=[low, high],
                tickvals=_ticks(low, high),
            ),
        ),
    )
    visible = np.maximum(losses, 10.0**low)
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, rows, visible[None, rows, i])
    if twice:
        panel.add(
            reference(
                f"floor of softmax twice, {floor:.3f}",
                uid="floor",
                x=np.array([0, trace.steps], np.float32),
                y=np.array([floor, floor], np.float32),
            )
        )
    add_cursor(panel, moments(trace), 10.0**low, 10.0**high)
    return panel


def _ticks(low: float, high: float) -> list[float]:
    """Ticks of a log axis over the powers of ten from `low` to `high`, finer over a few."""
    within = (1, 2, 5) if high - low < 2 else (1,)
    powers = range(math.floor(low), math.ceil(high) + 1)
    return [float(f"{first}e{power}") for power in powers for first in within]
