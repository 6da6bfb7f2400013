"""The panels of the two losses: output or accuracy, gradient in the logit, loss surface, loss."""

from dataclasses import dataclass

import numpy as np

from sigviz.charts.palette import styles
from sigviz.charts.panels import (
    Panel,
    add_cursor,
    add_spread,
    axis,
    decades,
    layout,
    line,
    moments,
    reference,
    thinned,
)
from sigviz.data.table import shown
from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.experiments.mse_vs_bce.surface import dot, surface
from sigviz.metrics import by_variant
from sigviz.settings import Job, metric_name
from sigviz.trace import Array, Trace


@dataclass(frozen=True)
class Words:
    """What the rows of the data are called.

    Attributes:
        rows: All of them.
        training, tested: Those that are trained on, those that are tested on.
        shown: Those with target 1.
    """

    rows: str = "patients"
    training: str = "training patients"
    tested: str = "held-out patients"
    shown: str = "benign patients"


BADLY_WRONG = 8
"""A logit at which the losses' gradients are compared in words; −8 where the target is 1."""


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    settings, words = job.settings, words_of(job)
    if settings.single:
        first, third = _output(settings, trace), surface(settings, trace)
    else:
        first, third = _accuracy(settings, words, trace), _stuck(settings, words, trace)
    return [first, _gradient(settings, words, trace), third, _loss(settings, trace)]


def _output(settings: Settings, trace: Trace) -> Panel:
    outputs = trace.series["output"]
    panel = Panel(
        "output",
        "Output by step",
        "The neuron's output, between 0 and 1, against the step. "
        f"The target is {settings.target}. At step {trace.step}: "
        f"{_spoken(settings, outputs[-1])}. A dotted line marks one half.",
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
        f"{_over_seeds(settings)}. At step {trace.frame_steps[-1]}: "
        f"{_spoken(settings, shares[-1])}.",
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
        f"{_over_seeds(settings)}. At step {trace.step}: "
        f"{_spoken(settings, shares[-1])}.",
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
        f"{'' if settings.single else _over_seeds(settings)}. "
        f"At step {trace.step}: {_spoken(settings, losses[-1])}. "
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


def _gradient(settings: Settings, words: Words, trace: Trace) -> Panel:
    logits, slopes = _at_moments(trace, "logit"), np.abs(_at_moments(trace, "gradient"))
    curves = np.abs(trace.fixed["gradient"])
    whose = "" if settings.single else f", {words.shown}"
    dots = (
        "A dot for each network moves along its curve"
        if settings.single
        else "Three dots for each network move along its curve, at the lowest tenth, the median "
        f"and the highest tenth of the logits of the {words.training}, {words.shown} alone"
    )
    # PyTorch's BCE gives up at a logit of 16.6 (target 0) or fades from -27.6 on (target 1); what
    # it has to be compared with for that to be seen is BCE with logits.
    half = 32 if {"bce", "bce-with-logits"} <= set(settings.losses) else 10
    low = min(-half, 1.08 * float(np.min(logits)))
    high = max(half, 1.08 * float(np.max(logits)))
    wrong = BADLY_WRONG * (1 - 2 * settings.shown_target)
    pulls = np.array([[np.interp(wrong, trace.fixed["logit"], curve)] for curve in curves])
    panel = Panel(
        "gradient",
        f"Gradient in the logit{whose}",
        "How strongly each loss pulls on the logit, against the logit, for the target "
        f"{settings.shown_target}. At a logit of {wrong}: {_spoken(settings, pulls)}. "
        f"{dots}; the median logit at step {trace.frame_steps[-1]}: "
        f"{_spoken(settings, logits[-1, :, :, 1])}.",
        layout(
            axis("logit z", range=[low, high]),
            axis("gradient size |∂L/∂z|", range=[-0.04, 1.06 * max(1, float(np.nanmax(curves)))]),
        ),
    )
    for i, style in enumerate(styles(settings)):
        panel.add(
            line(
                style,
                x=trace.fixed["logit"],
                y=curves[i],
                hovertemplate="z = %{x:.1f}: %{y:.3g}",
            )
        )
    for i, style in enumerate(styles(settings)):
        marks = line(
            style,
            uid=f"{style.name}-now",
            mode="markers",
            showlegend=False,
            hovertemplate="z = %{x:.2f}: %{y:.3g}",
            marker=dot(style),
        )
        panel.add(marks, x=_flat(logits[:, i]), y=_flat(slopes[:, i]))
    return panel


def words_of(job: Job[Settings]) -> Words:
    """What the rows of the data are called."""
    table = job.table
    if table is None:
        return Words()
    positive = shown(table.classes)[table.positive]
    return Words(
        rows="rows",
        training="training rows",
        tested="held-out rows" if job.settings.held_out(table) else "training rows",
        shown=f"rows of {positive}",
    )


def _add_by_step(panel: Panel, settings: Settings, values: Array) -> None:
    """Add the spread of `values` ``[steps, variants, seeds]`` of every loss over the steps."""
    rows = thinned(len(values))
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, rows, values[None, rows, i])


def _at_moments(trace: Trace, name: str) -> Array:
    """The frames that the page shows: all when the run is done, the newest while it trains."""
    rows = trace.frames[name]
    return rows if trace.done else rows[-1:]


def _flat(values: Array) -> Array:
    return values.reshape(len(values), -1)


def _over_seeds(settings: Settings) -> str:
    return f"; median and range over {settings.repeats} seeds"


def _spoken(settings: Settings, values: Array) -> str:
    """The medians of `values` ``[variants, seeds]`` in words."""
    medians = by_variant("", settings.variants, values)
    return ", ".join(
        f"{style.label} {medians[metric_name('', style.name)]:.3g}" for style in styles(settings)
    )
