"""The panels of the deep stacks: gradients, loss, accuracy and activations."""

import numpy as np

from sigviz.charts.gradient_panel import gradient_panel
from sigviz.charts.palette import styles
from sigviz.charts.panels import (
    Panel,
    add_band,
    add_cursor,
    add_spread,
    axis,
    layout,
    line,
    moments,
    reference,
    thinned,
)
from sigviz.experiments.vanishing_gradients.settings import DIGIT_CLASSES, Settings
from sigviz.formulas.activations import ACTIVATIONS
from sigviz.settings import Job
from sigviz.trace import Trace


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    settings = job.settings
    return [
        _gradients(settings, trace),
        _loss(settings, trace),
        _activations(settings, trace),
        _accuracy(settings, trace),
    ]


def _gradients(settings: Settings, trace: Trace) -> Panel:
    panel = gradient_panel(trace, styles(settings))
    last = np.median(trace.series["gradient_norm"][moments(trace)][:, -1, 0], axis=-1)
    layers = np.arange(1, settings.depth + 2, dtype=np.float32)
    falling = last[:, None] * ACTIVATIONS["sigmoid"].steepest ** (layers[-1] - layers)
    bottom = 10.0 ** panel.layout["yaxis"]["range"][0]
    panel.add(
        reference("× ¼ per layer", x=layers, hoverinfo="skip"),
        y=np.where(falling > bottom, falling, np.nan),
    )
    return panel


def _loss(settings: Settings, trace: Trace) -> Panel:
    losses = trace.series["loss"]
    rows = thinned(len(losses))
    panel = Panel(
        "loss",
        "Loss by step",
        "Cross-entropy of each step's batch against the step; median and range over "
        f"{settings.repeats} seeds for {_spoken(settings)}. The dotted line is the loss of "
        "guessing.",
        layout(
            axis("step", range=[0, trace.steps]),
            axis("cross-entropy (nats)", rangemode="tozero"),
        ),
    )
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, rows, losses[None, rows, i])
    guess = float(np.log(DIGIT_CLASSES))
    panel.add(
        reference(
            "guessing",
            x=np.array([0, trace.steps], np.float32),
            y=np.array([guess, guess], np.float32),
        )
    )
    add_cursor(panel, moments(trace), 0, float(np.median(losses, axis=-1).max()))
    return panel


def _accuracy(settings: Settings, trace: Trace) -> Panel:
    shares = trace.frames["accuracy"]
    panel = Panel(
        "accuracy",
        "Accuracy on held-out images",
        "Share of the 360 held-out images read correctly, against the step; median and range "
        f"over {settings.repeats} seeds for {_spoken(settings)}.",
        layout(
            axis("step", range=[0, trace.steps]),
            axis("read correctly (%)", range=[0, 102]),
        ),
    )
    at = trace.steps_of("accuracy")
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, at, 100 * shares[None, :, i], mode="lines+markers")
    add_cursor(panel, moments(trace), 0, 100)
    return panel


def _activations(settings: Settings, trace: Trace) -> Panel:
    at = moments(trace)
    means = trace.series["activation_mean"][at]
    spreads = trace.series["activation_spread"][at]
    saturated = trace.series["activation_saturated"][at]
    layers = np.arange(1, means.shape[1] + 1, dtype=np.float32)
    panel = Panel(
        "activations",
        "Activations by layer",
        "Above, the mean activation of each hidden layer with a band of one standard deviation up "
        "and down; below, the share of activations that are saturated; medians over "
        f"{settings.repeats} seeds for {_spoken(settings)}.",
        layout(
            axis("hidden layer", range=[0.5, layers[-1] + 0.5], anchor="y2"),
            axis("mean ± spread", domain=[0.42, 1]),
            yaxis2=axis("saturated (%)", domain=[0, 0.3], range=[-4, 104]),
        ),
    )
    for i, style in enumerate(styles(settings)):
        mean, spread = np.median(means[:, :, i], axis=-1), np.median(spreads[:, :, i], axis=-1)
        with np.errstate(invalid="ignore"):  # a run that has diverged may hold infinities
            add_band(panel, style, layers, mean - spread, mean + spread)
        panel.add(line(style, mode="lines+markers", x=layers), y=mean)
        panel.add(
            line(
                style,
                uid=f"{style.name}-saturated",
                mode="lines+markers",
                x=layers,
                yaxis="y2",
                showlegend=False,
                hovertemplate="layer %{x}: %{y:.1f} % saturated",
            ),
            y=100 * np.median(saturated[:, :, i], axis=-1),
        )
    return panel


def _spoken(settings: Settings) -> str:
    return ", ".join(style.label for style in styles(settings))
