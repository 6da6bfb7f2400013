"""Its panels and its maths."""

import numpy as np

from sigviz.charts.palette import styles
from sigviz.charts.panels import Panel, add_cursor, add_spread, axis, layout, moments, thinned
from sigviz.settings import Job
from sigviz.text.latex import inline
from sigviz.trace import Trace

from .settings import Settings


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """Loss and accuracy."""
    return [_loss(job.settings, trace), _accuracy(job.settings, trace)]


def worked(job: Job[Settings], trace: Trace, frame: int, variant: int) -> str:
    """The accuracy at a checkpoint."""
    share = float(trace.frames["accuracy"][frame, variant, 0])
    return f"At step {trace.worked_steps[frame]} the first seed has {inline(share)}."


def _loss(settings: Settings, trace: Trace) -> Panel:
    losses = trace.series["loss"]
    rows = thinned(len(losses))
    panel = Panel(
        "loss",
        "Loss by step",
        "Cross-entropy of each kind of network against the step.",
        layout(axis("step", range=[0, trace.steps]), axis("cross-entropy (nats)")),
    )
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, rows, losses[None, rows, i])
    add_cursor(panel, moments(trace), 0, float(np.nanmax(losses)))
    return panel


def _accuracy(settings: Settings, trace: Trace) -> Panel:
    panel = Panel(
        "accuracy",
        "Accuracy on held-out sequences",
        "Share of the held-out sequences that are answered rightly, against the step.",
        layout(axis("step", range=[0, trace.steps]), axis("right (%)", range=[0, 100])),
    )
    shares = 100 * trace.frames["accuracy"]
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, trace.steps_of("accuracy"), shares[None, :, i])
    return panel
