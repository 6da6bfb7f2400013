"""The panel of gradients by layer, with a place for gradients of exactly 0 on its log axis."""

from collections.abc import Sequence
from math import ceil, floor

import numpy as np

from sigviz.charts.panels import Chart, Panel, add_spread, axis, decades, layout, line, moments
from sigviz.settings import Style
from sigviz.text.numbers import with_minus
from sigviz.trace import Array, Trace

LEAST_POWER = -40
"""The axis starts no lower, so that the place of 0 below it is still a number in float32."""


def gradient_panel(trace: Trace, styles: Sequence[Style]) -> Panel:
    """Gradient norm against the layer: the median over the seeds, their range, and exact zeros.

    A log axis has no 0, so a gradient that has underflowed stands at a tick of its own at the
    lower edge, as a cross.
    """
    shown = trace.series["gradient_norm"][moments(trace)]
    layers = np.arange(1, shown.shape[1] + 1, dtype=np.float32)
    low, high = decades(shown, least=2)
    low = max(low, LEAST_POWER)
    below = max(0.5, 0.07 * (high - low))
    nothing = 10.0 ** (low - below)
    vanished = bool((shown == 0).any())
    ticks = _ticks_from_zero(low, high, nothing) if vanished else {"exponentformat": "power"}
    panel = Panel(
        "gradients",
        "Gradient norm by layer",
        "How large the gradient of each layer's weights is, on a logarithmic scale, from the "
        f"input (layer 1) to the output (layer {len(layers)}): median and range over "
        f"{shown.shape[-1]} seeds. {_in_words(styles, shown[-1])} Crosses at the lower edge mark "
        "gradients of exactly 0.",
        layout(
            axis("layer, from input to output", range=[0.5, len(layers) + 0.5], **_whole(layers)),
            axis(
                "gradient norm (log scale)",
                log=True,
                range=[low - (2 * below if vanished else 0), high],
                **ticks,
            ),
        ),
    )
    for i, style in enumerate(styles):
        values = shown[:, :, i]
        add_spread(
            panel,
            style,
            layers,
            np.where(values == 0, nothing, values),
            mode="lines+markers",
            hovertemplate="layer %{x}: %{y:.2e}",
        )
        zeros = np.median(values, axis=-1) == 0
        if zeros.any():
            panel.add({**_zero_marks(style), "x": layers}, y=np.where(zeros, nothing, np.nan))
    return panel


def _in_words(styles: Sequence[Style], norms: Array) -> str:
    """First and last layer of each variant, from `norms` ``[layers, variants, seeds]``."""
    first, last = np.median(norms[0], axis=-1), np.median(norms[-1], axis=-1)
    return " ".join(
        f"{style.label}: {first[i]:.2g} in the first layer, {last[i]:.2g} in the last."
        for i, style in enumerate(styles)
    )


def _zero_marks(style: Style) -> Chart:
    marks = line(
        style,
        uid=f"{style.name}-zero",
        mode="markers",
        showlegend=False,
        hovertemplate="layer %{x}: exactly 0",
    )
    marks["marker"] = {**marks["marker"], "symbol": "x-thin-open", "size": 11}
    return marks


def _ticks_from_zero(low: float, high: float, nothing: float) -> Chart:
    """Ticks at powers of ten, and one for 0 at `nothing`."""
    powers = range(ceil(low), floor(high) + 1, max(1, ceil((high - low) / 6)))
    return {
        "tickvals": [nothing, *(10.0**power for power in powers)],
        "ticktext": ["0", *(f"10<sup>{with_minus(str(power))}</sup>" for power in powers)],
    }


def _whole(layers: Array) -> Chart:
    """Ticks at whole layers, where there are few."""
    return {"tick0": 1, "dtick": 1} if len(layers) <= 12 else {}
