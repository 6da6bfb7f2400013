"""The panels of the two losses: output or accuracy, gradient in the logit, loss surface, loss."""

import numpy as np

from sigviz.charts.palette import styles
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
from sigviz.experiments.mse_vs_bce.gradient import gradient
from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.experiments.mse_vs_bce.surface import surface
from sigviz.experiments.mse_vs_bce.words import Words, over_seeds, spoken, words_of
from sigviz.settings import Job
from sigviz.trace import Array, Trace


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    settings, words = job.settings, words_of(job)
    if settings.single:
        first, third = _output(settings, trace), surface(settings, trace)
    else:
        first, third = _accuracy(settings, words, trace), _stuck(settings, words, trace)
    return [first, gradient(settings, words, trace), third, _loss(settings, trace)]


def _output(settings: Settings, trace: Trace) -> Panel:
    outputs = trace.series["output"]
    panel = Panel(
        "output",
        "Output by step",
        "The neuron's output, between 0 and 1, against the step. "
        f"The target is {settings.target}. At step {trace.step}: "
        f"{spoken(settings, outputs[-1])}. A dotted line marks one half.",
        layout(axis("step", range=[0, trace.steps]), axis("output a", range=[-0.03, 1.03])),
    )
    _add_by_step(panel, settings, outputs)
    panel.add(
        reference(
            "one half", x=np.array([0, trace.steps]), y=np.array([0.5, 0.5]), hoverinfo="skip"
        )
    )
    add_cursor(panel, moments(trace), 0, 1)
    return panel


def _accuracy(settings: Settings, words: Words, trace: Trace) -> Panel:
    shares, tested = 100 * trace.frames["accuracy"], words.tested
    low = min(50, float(shares.min()))
    panel = Panel(
        "accuracy",
        f"Accuracy on {tested}",
        f"Share of the {tested} classified correctly, in per cent, against the step"
        f"{over_seeds(settings)}. At step {trace.frame_steps[-1]}: "
        f"{spoken(settings, shares[-1])}.",
        layout(axis("step", range=[0, trace.steps]), axis("correct (%)", range=[low - 2, 102])),
    )
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, trace.frame_steps, shares[None, :, i])
    add_cursor(panel, moments(trace), low, 100)
    return panel


def _stuck(settings: Settings, words: Words, trace: Trace) -> Panel:
    shares = 100 * trace.series["stuck"]
    top = max(10, float(np.nanmax(shares)))
    panel = Panel(
        "stuck",
        f"Stuck {words.rows}",
        f"Share of the {words.training} whose output is on the wrong side and so near 0 or 1 that "
        "the sigmoid's slope is below a tenth of its largest, in per cent, against the step"
        f"{over_seeds(settings)}. At step {trace.step}: "
        f"{spoken(settings, shares[-1])}.",
        layout(
            axis("step", range=[0, trace.steps]),
            axis("wrong and saturated (%)", range=[-0.02 * top, 1.05 * top]),
        ),
    )
    _add_by_step(panel, settings, shares)
    add_cursor(panel, moments(trace), 0, top)
    return panel


def _loss(settings: Settings, trace: Trace) -> Panel:
    losses = trace.series["loss"]
    rows = thinned(len(losses))
    low, high = decades(losses[rows], least=1)
    panel = Panel(
        "loss",
        "Loss by step",
        "Each network's own loss on a logarithmic scale, against the step"
        f"{'' if settings.single else over_seeds(settings)}. "
        f"At step {trace.step}: {spoken(settings, losses[-1])}. "
        "Different losses measure in different units: compare shapes, not heights.",
        layout(
            axis("step", range=[0, trace.steps]),
            axis(
                "own loss (log scale)",
                log=True,
                exponentformat="power",
                range=[low, high],
                dtick=max(1, round((high - low) / 6)) if high - low > 2 else "D2",
            ),
        ),
    )
    _add_by_step(panel, settings, np.maximum(losses, 10 ** (low - 1)))
    add_cursor(panel, moments(trace), 10**low, 10**high)
    return panel


def _add_by_step(panel: Panel, settings: Settings, values: Array) -> None:
    """Add the spread of `values` ``[steps, variants, seeds]`` of every loss over the steps."""
    rows = thinned(len(values))
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, rows, values[None, rows, i])
