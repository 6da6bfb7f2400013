"""How large the weighted sums become, layer by layer, and why equal units stay equal."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sigviz.charts.palette import label
from sigviz.experiments.initialization.settings import Settings
from sigviz.settings import Job, metric_name
from sigviz.text.latex import factor, inline, lines, number, paragraphs, table
from sigviz.text.numbers import cell
from sigviz.trace import Trace

UNITS_SHOWN = 3

EQUAL = ("zeros", "constant")
"""Initializers that give every unit the same weights."""

_POINTS = np.linspace(-8, 8, 4001)
_DENSITY = np.exp(-(_POINTS**2) / 2) / np.exp(-(_POINTS**2) / 2).sum()
"""Of the standard normal, on a grid so dense that a σ steep beside it is still seen."""


def worked(job: Job[Settings], trace: Trace, frame: int, variant: int) -> str:
    """The variance recursion and the units' updates at one of the recorded steps."""
    settings = job.settings
    return paragraphs(
        _recursion(settings, trace, frame, variant),
        _layers(settings, trace, frame, variant),
        _comparison(settings, trace, frame, variant),
        _units(settings, trace, frame, variant),
    )


def drawn_square(settings: Settings, scheme: str, fan_in: int, fan_out: int) -> float:
    """The mean square that a scheme gives a layer's weights: their variance, as their mean is 0
    (for ``constant`` the square of the constant).

    Xavier: Glorot and Bengio 2010, equation 12; He: He et al. 2015, equation 10.
    """
    return {
        "zeros": 0.0,
        "constant": settings.constant**2,
        "normal": 1.0,
        "default": 1 / (3 * fan_in),
        "xavier-uniform": 2 / (fan_in + fan_out),
        "xavier-normal": 2 / (fan_in + fan_out),
        "he-uniform": 2 / fan_in,
    }[scheme]


def predicted(settings: Settings, trace: Trace, frame: int, variant: int) -> NDArray[np.float64]:
    """E[z²] of every layer by the recursion, from the run's mean squares of weights, biases and
    inputs.

    Each layer's sums are taken to be normal with mean 0, which is what many independent weights
    make of them.
    """
    arriving, sums = float(trace.fixed["input_square"][0]), []
    weights, biases = (
        trace.frames[name][frame, variant, 0].astype(np.float64)
        for name in ("weight_square", "bias_square")
    )
    for fan_in, weight, bias in zip(settings.layer_sizes()[:-1], weights, biases, strict=True):
        sums.append(fan_in * weight * arriving + bias)
        arriving = activation_square(sums[-1])
    return np.array(sums)


def activation_square(sum_square: float) -> float:
    """E[σ(z)²] of a normal z with mean 0 and this mean square."""
    z = np.clip(np.sqrt(sum_square) * _POINTS, -300, 300)
    return float((_DENSITY / (1 + np.exp(-z)) ** 2).sum())


def _recursion(settings: Settings, trace: Trace, frame: int, variant: int) -> str:
    weight, bias = (
        float(trace.frames[name][frame, variant, 0, 0]) for name in ("weight_square", "bias_square")
    )
    inputs, fan_in = float(trace.fixed["input_square"][0]), settings.layer_sizes()[0]
    first = float(predicted(settings, trace, frame, variant)[0])
    return paragraphs(
        "**How large the weighted sums become.** If the weights of layer $l$ are independent with "
        "mean 0, a sum of $n$ of them times their inputs has the mean square",
        lines(
            r"\operatorname{E}[z_l^2] &= n\operatorname{E}[w_l^2]\operatorname{E}[a_{l-1}^2]",
            r"&\quad{}+\operatorname{E}[b_l^2]",
            r"\operatorname{E}[a_l^2] &= \operatorname{E}[\sigma(z_l)^2]",
        ),
        f"**With your numbers:** {label(settings, settings.variants[variant])}, seed "
        f"{settings.seed}, step {trace.frame_steps[frame]}. For the first layer $a_0=x$:",
        lines(
            r"\operatorname{E}[z_1^2]",
            rf"= {fan_in}\cdot{factor(weight)}\cdot{factor(inputs)}+{factor(bias)}",
            f"= {number(first)}",
        ),
    )


def _layers(settings: Settings, trace: Trace, frame: int, variant: int) -> str:
    scheme = settings.variants[variant]
    weights, sums = (
        trace.frames[name][frame, variant, 0] for name in ("weight_square", "sum_square")
    )
    theory = predicted(settings, trace, frame, variant)
    sizes, squares = [], []
    for i, (fan_in, fan_out) in enumerate(pairwise(settings.layer_sizes())):
        drawn = drawn_square(settings, scheme, fan_in, fan_out)
        sizes.append([str(i + 1), str(fan_in), cell(drawn, 3), cell(float(weights[i]), 3)])
        squares.append([str(i + 1), cell(theory[i], 3), cell(float(sums[i]), 3)])
    step = trace.frame_steps[frame]
    now, short = (f"are at step {step}", "now") if step else ("were set", "set")
    return paragraphs(
        f"This initializer's rule is {_RULES[scheme]}. Layer by layer, with the fan-in $n$: the "
        f"weights' mean square by the rule, and as they {now}.",
        table(["*l*", "*n*", "w² by rule", f"w² {short}"], sizes),
        "The weighted sums' mean square, over all rows and units: as the recursion predicts it "
        f"from the weights as they {now}, and as the run measured it.",
        table(["*l*", "z² predicted", "z² measured"], squares),
    )


def _comparison(settings: Settings, trace: Trace, frame: int, variant: int) -> str:
    """What the difference of prediction and measurement comes from."""
    scheme = settings.variants[variant]
    step = trace.frame_steps[frame]
    if scheme == "zeros" and step == 0:
        return "Every sum is 0, and so is every prediction."
    if scheme in EQUAL:
        return (
            "The prediction needs independent weights. Equal ones do not average out: what every "
            "unit adds has the same sign, so that behind a first layer of equal units the sums "
            "grow with $n^2$ and not with $n$."
        )
    if step == 0:
        return (
            "Nothing has been learned yet: the difference is the luck of this draw. The last layer "
            "has a single unit, and so the least to average over."
        )
    return (
        "The prediction needs weights that know nothing of what they are fed. These have learned "
        f"for {step} steps: the difference is that, and the luck of the draw."
    )


_RULES = {
    "zeros": r"$\operatorname{E}[w^2]=0$",
    "constant": r"to make every weight the constant $c$, so that $\operatorname{E}[w^2]=c^2$",
    "normal": r"$\operatorname{E}[w^2]=1$ whatever $n$ is",
    "default": r"$\operatorname{E}[w^2]=\tfrac{1}{3n}$, and so for the biases",
    "xavier-uniform": r"$\operatorname{E}[w^2]=\tfrac{2}{n+n_{\text{out}}}$",
    "xavier-normal": r"$\operatorname{E}[w^2]=\tfrac{2}{n+n_{\text{out}}}$",
    "he-uniform": r"$\operatorname{E}[w^2]=\tfrac{2}{n}$",
}


def _units(settings: Settings, trace: Trace, frame: int, variant: int) -> str:
    """The first units' next updates side by side."""
    if settings.width == 1:
        return ""
    weights = trace.frames["first_weights"][frame, variant, 0].astype(np.float64)
    gradients = trace.frames["unit_gradient"][frame, variant, 0].astype(np.float64)
    shown = min(UNITS_SHOWN, settings.width)
    rows = [
        [
            str(unit + 1),
            cell(weights[0, unit], 5),
            cell(gradients[unit], 5),
            cell(weights[0, unit] - settings.learning_rate * gradients[unit], 5),
        ]
        for unit in range(shown)
    ]
    apart = apart_by(trace, frame, variant)
    distinct = trace.metrics[metric_name("distinct_units", settings.variants[variant])]
    verdict = (
        f"The largest difference between two units' weights is {inline(apart, 3)}"
        f"{_rounding(apart, weights)}. At the newest step the page counts "
        f"{inline(distinct)} distinct units (median over the seeds)."
    )
    return paragraphs(
        "**Do units differ?** Unit $j$ of the first layer learns from",
        lines(
            r"\tfrac{\partial L}{\partial w_{ji}} &= \operatorname{mean}\left(\delta_j\,x_i\right)",
            r"\delta_j &= \textstyle\left(\sum_k v_{kj}\,\delta_k\right)\sigma'(z_j)",
        ),
        "where $v_{kj}$ are the weights that read it. Two units with equal weights have equal "
        "$z_j$; if they are read by equal weights as well, they have equal $\\delta_j$, equal "
        "gradients, and after the update they are equal again."
        if settings.variants[variant] in EQUAL
        else "where $v_{kj}$ are the weights that read it. These units were drawn apart: their "
        "$z_j$ differ, so do their gradients, and each goes its own way.",
        f"Their weights $w_{{j1}}$ from the first feature, with $\\eta="
        f"{number(settings.learning_rate)}$:",
        table(
            [
                "*j*",
                "w",
                "∂L/∂w",
                "next w",
            ],
            rows,
        ),
        verdict,
    )


def apart_by(trace: Trace, frame: int, variant: int) -> float:
    """The largest difference between two units' weights from the same feature."""
    weights = trace.frames["first_weights"][frame, variant, 0].astype(np.float64)
    return float(np.ptp(weights, axis=1).max())


def _rounding(apart: float, weights: NDArray[np.float64]) -> str:
    if apart == 0:
        return ": they are equal to the last bit"
    if apart < 1e-4 * np.abs(weights).max():
        return ", the rounding of float32"
    return ""
