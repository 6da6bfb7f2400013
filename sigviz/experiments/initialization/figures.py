"""The panels of the first weights: loss, weights, gradients and activations."""

from typing import Any

import numpy as np

from sigviz.charts.gradient_panel import gradient_panel
from sigviz.charts.palette import styles
from sigviz.charts.panels import (
    Chart,
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
from sigviz.experiments.initialization.settings import Settings
from sigviz.experiments.initialization.weights import spoken, weights
from sigviz.settings import Job
from sigviz.trace import Array, Trace

LOSS_NAMES = {"linear-mse": "MSE", "sigmoid-mse": "MSE", "sigmoid-bce": "BCE"}

MOST_IN_LEGEND = 3
"""With more schemes the loss leaves the legend to the gradients, and keeps its height."""

_MEAN_LINE = {"color": "@text", "width": 1}
"""Not dotted as other references are: the zeros are."""


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    settings = job.settings
    return [
        _loss(settings, trace),
        weights(settings, trace),
        gradient_panel(trace, styles(settings)),
        _activations(settings, trace),
    ]


def _loss(settings: Settings, trace: Trace) -> Panel:
    losses, of_mean = trace.series["loss"], trace.fixed["mean_loss"]
    rows = thinned(len(losses))
    low, high = decades(np.concatenate([losses.ravel(), of_mean]))
    shares = losses / of_mean
    least, ending = min(float(shares.min()), 0.95), float(np.median(shares[-1], axis=-1).max())
    bottom, top = least - 0.1 * (1 - least), max(1 + 0.5 * (1 - least), min(1.1 * ending, 2.5))
    mean = "entropy" if settings.output == "sigmoid-bce" else "variance"
    ends = np.median(losses[-1], axis=-1)
    panel = Panel(
        "loss",
        "Loss by step",
        "Above, the loss against the step on a logarithmic scale; median and range over "
        f"{settings.repeats} seeds. It stands at {spoken(settings, ends)}. The thin line, at "
        f"{np.median(of_mean):.3g}, is what you get by always answering the mean: the {mean} of "
        f"the targets. Below, the loss as a multiple of this {mean}, near 1.",
        layout(
            axis("step", range=[0, trace.steps], anchor="y2"),
            axis(
                f"{LOSS_NAMES[settings.output]} (log)",
                log=True,
                domain=[0.56, 1],
                range=[low, high],
                nticks=3,
                **({"tickformat": "~g"} if high - low < 2 else {"exponentformat": "power"}),
            ),
            yaxis2=axis(f"÷ {mean}", domain=[0, 0.42], range=[bottom, top], nticks=5),
        ),
    )
    # A loss of exactly 0 lies on the lower edge: a log axis has no place for it.
    positive = np.maximum(losses[None, rows], 10**low)
    for i, style in enumerate(styles(settings)):
        add_spread(
            panel,
            style,
            rows,
            positive[:, :, i],
            showlegend=len(settings.variants) <= MOST_IN_LEGEND,
            hovertemplate="step %{x}: %{y:.4g}",
        )
    across, level = np.array([0, trace.steps], np.float32), np.ones(2, np.float32)
    panel.add(reference("always the mean", line=_MEAN_LINE, x=across, y=level * np.median(of_mean)))
    add_cursor(panel, moments(trace), 10**low, 10**high)
    above = len(panel.traces)
    for i, style in enumerate(styles(settings)):
        share = shares[None, rows, i]
        add_spread(panel, style, rows, share, hovertemplate=f"step %{{x}}: %{{y:.3f}} × {mean}")
    panel.add(reference("always the mean", line=_MEAN_LINE, x=across, y=level, hoverinfo="skip"))
    add_cursor(panel, moments(trace), bottom, top)
    _put_below(panel, above)
    return panel


def _activations(settings: Settings, trace: Trace) -> Panel:
    at = moments(trace)
    mean, spread, saturated = (
        np.median(trace.series[f"activation_{name}"][at], axis=-1)
        for name in ("mean", "spread", "saturated")
    )
    low, high = min(float((mean - spread).min()), 0), max(float((mean + spread).max()), 1)
    panel = Panel(
        "activations",
        "Activations by layer",
        "Above, the mean activation of each hidden layer with a bar of one standard deviation up "
        "and down; below, the share of activations that are saturated, in the last hidden layer "
        f"{spoken(settings, 100 * saturated[-1, -1], ' %')}; medians over {settings.repeats} "
        "seeds.",
        layout(
            _layer_axis("hidden layer", settings.depth, anchor="y2"),
            axis("mean ± spread", domain=[0.42, 1], range=[low - 0.06, high + 0.06]),
            yaxis2=axis("saturated (%)", domain=[0, 0.3], range=[-9, 109]),
        ),
    )
    layers = np.arange(1, settings.depth + 1, dtype=np.float32)
    count = len(settings.variants)
    for i, style in enumerate(styles(settings)):
        # Side by side, so that no scheme hides another.
        across = layers + (i - (count - 1) / 2) * min(0.1, 0.6 / count)
        own: Chart = {"mode": "lines+markers", "x": across, "customdata": layers}
        bars = line(style, uid=f"{style.name}-spread", showlegend=False, hoverinfo="skip")
        bars["line"] = {**bars["line"], "dash": "solid"}
        panel.add({**bars, "x": _with_gaps(across, across)}, y=_bars(mean[..., i], spread[..., i]))
        panel.add(
            line(style, hovertemplate="layer %{customdata}: mean %{y:.3f}", **own), y=mean[..., i]
        )
        above = len(panel.traces)
        panel.add(
            line(style, hovertemplate="layer %{customdata}: %{y:.1f} % saturated", **own),
            y=100 * saturated[..., i],
        )
        _put_below(panel, above)
    return panel


def _put_below(panel: Panel, first: int) -> None:
    """Move the traces from number `first` on to the panel's lower chart."""
    for trace in panel.traces[first:]:
        trace.update(yaxis="y2", showlegend=False, uid=f"{trace['uid']}-below")


def _bars(mean: Array, spread: Array) -> Array:
    """Upright bars of one `spread` up and down, as one line with gaps, ``[moments, 3 · layers]``.

    Args:
        mean, spread: ``[moments, layers]``.
    """
    return _with_gaps(mean - spread, mean + spread)


def _with_gaps(start: Array, end: Array) -> Array:
    gaps = np.full_like(start, np.nan)
    return np.stack([start, end, gaps], axis=-1).reshape(*start.shape[:-1], -1)


def _layer_axis(title: str, layers: int, **more: Any) -> Chart:
    return axis(title, range=[0.5, layers + 0.5], tick0=1, dtick=1, **more)
