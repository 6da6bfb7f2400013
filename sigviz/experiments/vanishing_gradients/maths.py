"""The chain rule, worked through layer by layer with the norms of a run."""

import numpy as np
from numpy.typing import NDArray

from sigviz.charts.palette import label
from sigviz.experiments.vanishing_gradients.settings import Settings
from sigviz.formulas.activations import ACTIVATIONS
from sigviz.settings import Job, metric_name
from sigviz.text.latex import factor, inline, lines, number, paragraphs, table
from sigviz.text.numbers import cell
from sigviz.trace import Trace

STEEPEST_SIGMOID = ACTIVATIONS["sigmoid"].steepest

_DELTA = r"\lVert\delta_{%s}\rVert"
_GRADIENT = r"\left\lVert\tfrac{\partial L}{\partial W_{%s}}\right\rVert"


def worked(job: Job[Settings], trace: Trace, frame: int, variant: int) -> str:
    """The chain rule at one of the recorded steps, first in general and then in numbers."""
    settings = job.settings
    activation = settings.variants[variant]
    return paragraphs(
        _rule(activation),
        _layers(settings, trace, frame, variant),
        _product(settings, trace, frame, variant),
        _ratio(settings, trace, frame, variant),
    )


def factors(trace: Trace, frame: int, variant: int) -> tuple[float, float]:
    """The products of all layers' weight factors and of all slope factors, in float64."""
    weight, slope = (
        float(trace.frames[name][frame, variant].astype(np.float64).prod())
        for name in ("weight_factor", "slope_factor")
    )
    return weight, slope


def _rule(activation: str) -> str:
    slope = f"{ACTIVATIONS[activation].symbol}'"
    above = r"W_{l+1}^{\top}\delta_{l+1}"
    return paragraphs(
        r"**The rule.** Let $\delta_l=\partial L/\partial z_l$ be the gradient in the weighted "
        r"sums of layer $l$. It comes from the layer above, through that layer's weights and then "
        "through this layer's slope:",
        lines(
            rf"\delta_l &= \left({above}\right)\odot {slope}(z_l)",
            r"\tfrac{\partial L}{\partial W_l} &= \delta_l\,a_{l-1}^{\top}",
        ),
        "So on its way back its norm is multiplied by two factors in every layer:",
        lines(
            rf"\frac{{\lVert\delta_l\rVert}}{{\lVert\delta_{{l+1}}\rVert}} = "
            rf"\underbrace{{\frac{{\lVert {above}\rVert}}{{\lVert\delta_{{l+1}}\rVert}}}}"
            r"_{\text{weights}}\cdot\underbrace{\frac{\lVert\delta_l\rVert}"
            rf"{{\lVert {above}\rVert}}}}_{{\text{{slope}}}}"
        ),
        rf"The slope's factor is never above the largest slope: $\sigma'\le\tfrac14$. Ten such "
        rf"layers leave at most {inline(STEEPEST_SIGMOID**10, 2)} of it, unless the weights' "
        "factors are as far above 1."
        if activation == "sigmoid"
        else rf"The slope's factor is never above the largest slope, and ${slope}\le1$: where a "
        "unit is not saturated it takes little or nothing away.",
    )


def _layers(settings: Settings, trace: Trace, frame: int, variant: int) -> str:
    """The table of layers, the output first: the way the gradient takes."""
    frames = {name: rows[frame, variant] for name, rows in trace.frames.items() if name in _CHAIN}
    name = ACTIVATIONS[settings.variants[variant]].symbol
    rows = []
    for layer in range(settings.depth, -1, -1):
        factors_of = (
            ["", "", ""]
            if layer == settings.depth
            else [cell(frames[part][layer], 3) for part in _CHAIN[:3]]
        )
        rows.append([str(layer + 1), *factors_of, cell(frames["delta"][layer], 3)])
    plain = ACTIVATIONS[settings.variants[variant]].slope_symbol
    head = ["*l*", "× W", f"× {plain}", f"mean {plain}", "‖δ‖"]
    return paragraphs(
        f"**With your numbers:** {label(settings, settings.variants[variant])}, seed "
        f"{settings.seed}, step {trace.worked_steps[frame]}, the norms over its batch of "
        f"{settings.batch_size}. Read it downwards, from the output back to the input; each norm "
        "of $\\delta$ is the one above it times the factor of the weights, $\\times W$, times that "
        f"of the slope, $\\times{name}'$. "
        f"For comparison, the plain mean of ${name}'$ over units and batch.",
        table(head, rows),
    )


def _product(settings: Settings, trace: Trace, frame: int, variant: int) -> str:
    last = float(trace.frames["delta"][frame, variant, -1])
    weight, slope = factors(trace, frame, variant)
    bound = (
        rf" At most ${number(STEEPEST_SIGMOID, 2)}^{{{settings.depth}}}="
        rf"{number(STEEPEST_SIGMOID**settings.depth)}$ was possible for the slopes."
        if settings.variants[variant] == "sigmoid"
        else ""
    )
    return paragraphs(
        f"All weights' factors together are {inline(weight)}, all slopes' factors together "
        f"{inline(slope)}.{bound} So what arrives at layer 1 is",
        lines(
            rf"{_DELTA % 1} &= {_DELTA % (settings.depth + 1)}"
            r"\cdot\prod\text{weights}\cdot\prod\text{slopes}",
            rf"&= {number(last)}\cdot{factor(weight)}\cdot{factor(slope)}",
            rf"&= {number(last * weight * slope)}",
        ),
    )


def _ratio(settings: Settings, trace: Trace, frame: int, variant: int) -> str:
    norms = _gradient_norms(trace, frame, variant)
    first, last = float(norms[0]), float(norms[-1])
    ratio = rf"{_GRADIENT % 1} \Big/ {_GRADIENT % (settings.depth + 1)}"
    metric = trace.metrics[metric_name("gradient_ratio", settings.variants[variant])]
    whose = (
        "before the first update"
        if settings.repeats == 1
        else f"before the first update, the median over {settings.repeats} seeds"
    )
    divided = number(first / last) if last > 0 else number(float("nan"))
    rows = [[str(i + 1), cell(norms[i])] for i in range(settings.depth, -1, -1)]
    return paragraphs(
        "Each layer's weights learn from $\\delta_l$ times what the layer is fed. The gradient "
        "norms at this step, as the page draws them (there as medians over the seeds):",
        table(["*l*", "‖∂L/∂W‖"], rows),
        "The first layer's beside the last one's is the **gradient ratio** at this step:",
        lines(ratio, rf"= \frac{{{number(first)}}}{{{number(last)}}} = {divided}"),
        f"The page's gradient ratio is {inline(metric)}: {whose}.",
    )


_CHAIN = ("weight_factor", "slope_factor", "mean_slope", "delta")


def _gradient_norms(trace: Trace, frame: int, variant: int) -> NDArray[np.float64]:
    """The first seed's ‖∂L/∂W_l‖ of all layers, as the page draws them."""
    norms = trace.series["gradient_norm"][trace.worked_steps[frame], :, variant, 0]
    return norms.astype(np.float64)
