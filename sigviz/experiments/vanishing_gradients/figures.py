"""The panels of the deep stacks: gradients, loss, accuracy and activations."""

import numpy as np

from sigviz.experiments.vanishing_gradients.settings import Settings
from sigviz.palette import label
from sigviz.panels import (
    Panel,
    add_band,
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
from sigviz.trace import Trace

STEEPEST_SIGMOID = 0.25


def panels(settings: Settings, trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    return [
        _gradients(settings, trace),
        _loss(settings, trace),
        _activations(settings, trace),
        _accuracy(settings, trace),
    ]


def _gradients(settings: Settings, trace: Trace) -> Panel:
    norms = trace.series["gradient_norm"]
    shown = norms[moments(trace)]
    layers = np.arange(1, norms.shape[1] + 1)
    low, high = decades(shown, least=2)
    nothing = 10.0 ** (low - 0.5)
    vanished = bool((shown == 0).any())
    panel = Panel(
        "gradients",
        "Gradient norm by layer",
        "How large the gradient of each layer's weights is, on a logarithmic scale, from the "
        f"input (layer 1) to the output (layer {layers[-1]}); median and range over "
        f"{settings.repeats} seeds for {_spoken(settings)}. A dotted line falls by a quarter per "
        "layer from the output's gradient.",
        layout(
            axis("layer, from input to output", range=[0.5, layers[-1] + 0.5]),
            axis(
                "gradient norm (log scale)",
                log=True,
                exponentformat="power",
                range=[low - (1 if vanished else 0), high],
            ),
        ),
    )
    for i, activation in enumerate(settings.variants):
        values = shown[:, :, i]
        add_spread(
            panel,
            activation,
            layers,
            np.where(values == 0, nothing, values),
            mode="lines+markers",
            hovertemplate="layer %{x}: %{y:.2e}",
        )
        zeros = (np.median(values, axis=-1) == 0) & vanished
        if zeros.any():
            marks = line(
                activation,
                uid=f"{activation}-zero",
                mode="markers",
                showlegend=False,
                x=layers.astype(np.float32),
                hovertemplate="layer %{x}: exactly 0, too small for float32",
            )
            marks["marker"] = {**marks["marker"], "symbol": "x-thin-open", "size": 11}
            panel.add(marks, y=np.where(zeros, nothing, np.nan))
    if vanished:
        panel.layout["annotations"] = [
            {
                "text": "exactly 0 (underflow)",
                "x": 1,
                "xref": "paper",
                "xanchor": "right",
                "y": low - 0.5,
                "showarrow": False,
            }
        ]
    last = np.median(shown[:, -1, 0], axis=-1)
    falling = last[:, None] * STEEPEST_SIGMOID ** (layers[-1] - layers)
    panel.add(
        reference("× ¼ per layer", x=layers.astype(np.float32), hoverinfo="skip"),
        y=np.maximum(falling, nothing),
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
    for i, activation in enumerate(settings.variants):
        add_spread(panel, activation, rows, losses[None, rows, i])
    guess = float(np.log(settings.layer_sizes()[-1]))
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
    for i, activation in enumerate(settings.variants):
        add_spread(
            panel, activation, trace.frame_steps, 100 * shares[None, :, i], mode="lines+markers"
        )
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
    for i, activation in enumerate(settings.variants):
        mean, spread = np.median(means[:, :, i], axis=-1), np.median(spreads[:, :, i], axis=-1)
        add_band(panel, activation, layers, mean - spread, mean + spread)
        panel.add(line(activation, mode="lines+markers", x=layers), y=mean)
        panel.add(
            line(
                activation,
                uid=f"{activation}-saturated",
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
    return ", ".join(label(activation) for activation in settings.variants)
