"""The gradient of each loss in the logit, and where on it the networks are."""

import numpy as np

from sigviz.charts.palette import styles
from sigviz.charts.panels import Panel, at_moments, axis, layout, line
from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.experiments.mse_vs_bce.surface import dot
from sigviz.experiments.mse_vs_bce.words import Words, spoken
from sigviz.trace import Array, Trace

BADLY_WRONG = 8
"""A logit at which the losses' gradients are compared in words; −8 where the target is 1."""


def gradient(settings: Settings, words: Words, trace: Trace) -> Panel:
    """How strongly each loss pulls on the logit, with where each network's logits are now."""
    logits, slopes = at_moments(trace, "logit"), np.abs(at_moments(trace, "gradient"))
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
        f"{settings.shown_target}. At a logit of {wrong}: {spoken(settings, pulls)}. "
        f"{dots}; the median logit at step {trace.frame_steps[-1]}: "
        f"{spoken(settings, logits[-1, :, :, 1])}.",
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


def _flat(values: Array) -> Array:
    return values.reshape(len(values), -1)
