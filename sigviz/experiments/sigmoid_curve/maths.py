"""σ and its slope at the probe, and an update of the neuron, with the numbers of a run."""

import math
from dataclasses import dataclass

from sigviz.experiments.sigmoid_curve.settings import Settings
from sigviz.settings import Job
from sigviz.text.latex import factor, inline, lines, number, paragraphs, share
from sigviz.trace import Trace


@dataclass(frozen=True)
class Update:
    """An update of the first seed's neuron: its numbers before, at a recorded step, and after."""

    weight: float
    bias: float
    weight_gradient: float
    bias_gradient: float
    learning_rate: float

    @property
    def next_weight(self) -> float:
        return self.weight - self.learning_rate * self.weight_gradient

    @property
    def next_bias(self) -> float:
        return self.bias - self.learning_rate * self.bias_gradient


def worked(job: Job[Settings], trace: Trace, frame: int, variant: int) -> str:
    """The sigmoid at the probe; then one row, all rows and the update at a recorded step."""
    return paragraphs(
        _probe(job.settings, trace),
        _row(job.settings, trace, frame),
        _update(job, trace, frame),
    )


def update(settings: Settings, trace: Trace, frame: int) -> Update:
    """The neuron's update at a recorded step."""
    at = trace.frame_steps[frame]
    return Update(
        float(trace.series["weight"][at, 0, 0]),
        float(trace.series["bias"][at, 0, 0]),
        float(trace.frames["weight_gradient"][frame, 0, 0]),
        float(trace.frames["bias_gradient"][frame, 0, 0]),
        settings.learning_rate,
    )


def _probe(settings: Settings, trace: Trace) -> str:
    z = settings.probe
    power = math.exp(-z)
    value, rest = 1 / (1 + power), 1 / (1 + math.exp(z))
    at = rf"{number(z)}"
    return paragraphs(
        f"**The sigmoid at the probe**, $z={at}$:",
        lines(
            r"\sigma(z) &= \frac{1}{1+e^{-z}}",
            rf"\sigma({at}) &= \frac{{1}}{{1+{number(power)}}}",
            rf"&= {share(value, rest)}",
            r"\sigma'(z) &= \sigma(z)\,(1-\sigma(z))",
            rf"\sigma'({at}) &= {factor(value)}\cdot{factor(rest)}",
            rf"&= {number(value * rest)}",
        ),
        f"Computed in {settings.precision}, the page has σ = {inline(trace.metrics['sigmoid'])} "
        f"and, by autograd, σ′ = {inline(trace.metrics['derivative'])}. In {settings.precision} σ "
        f"is exactly 1, and σ′ exactly 0, from {inline(trace.metrics['saturates_at'])} on.",
    )


def _row(settings: Settings, trace: Trace, frame: int) -> str:
    now, at = update(settings, trace, frame), trace.frame_steps[frame]
    x, y = float(trace.fixed["x"][0]), float(trace.fixed["y"][0])
    z = float(trace.frames["row_logit"][frame, 0, 0])
    a = float(trace.frames["row_output"][frame, 0, 0])
    rest = 1 / (1 + math.exp(min(z, 700)))
    chosen, name = (a, "a") if y == 1 else (rest, "(1-a)")
    loss = math.log1p(math.exp(-abs(z))) + max(-z if y == 1 else z, 0)
    pull = -rest if y == 1 else a
    return paragraphs(
        f"**One row at step {at}.** The neuron (seed {settings.seed}) has weight "
        f"{inline(now.weight)} and bias {inline(now.bias)}; the first row of the data has "
        f"$x={number(x)}$ and target $y={number(y)}$.",
        lines(
            "z &= w\\,x+b",
            rf"&= {factor(now.weight)}\cdot{factor(x)}+{factor(now.bias)}",
            rf"&= {number(z)}",
            rf"a &= \sigma(z) = {share(a, rest)}",
            rf"\sigma'(z) &= a\,(1-a) = {number(a * rest)}",
            rf"L &= -\ln {name} = -\ln({number(chosen)})",
            rf"&= {number(loss)}",
        ),
        "The loss's own slope in $a$ holds a division by $a(1-a)$, which cancels $\\sigma'$:",
        lines(
            r"\tfrac{\partial L}{\partial z} &= \tfrac{a-y}{a(1-a)}\,\sigma'(z) = a-y",
            rf"&= {number(pull)}",
            rf"\tfrac{{\partial L}}{{\partial w}} &= (a-y)\,x = {number(pull * x)}",
        ),
    )


def _update(job: Job[Settings], trace: Trace, frame: int) -> str:
    settings, at = job.settings, trace.frame_steps[frame]
    now = update(settings, trace, frame)
    count, rate = job.rows, factor(settings.learning_rate)
    loss = float(trace.series["loss"][at, 0, 0])
    return paragraphs(
        f"**All {count} rows.** The loss is the mean over the rows, {inline(loss)}, and so is its "
        "gradient:",
        lines(
            rf"\tfrac{{\partial L}}{{\partial w}} &= \tfrac{{1}}{{{count}}}"
            rf"\textstyle\sum_i (a_i-y_i)\,x_i",
            rf"&= {number(now.weight_gradient)}",
            rf"\tfrac{{\partial L}}{{\partial b}} &= \tfrac{{1}}{{{count}}}"
            rf"\textstyle\sum_i (a_i-y_i)",
            rf"&= {number(now.bias_gradient)}",
        ),
        f"**The next update**, with the learning rate $\\eta={number(settings.learning_rate)}$:",
        lines(
            r"w &\leftarrow w-\eta\,\tfrac{\partial L}{\partial w}",
            rf"&= {number(now.weight)}-{rate}\cdot{factor(now.weight_gradient)}",
            f"&= {number(now.next_weight)}",
            rf"b &\leftarrow {number(now.bias)}-{rate}\cdot{factor(now.bias_gradient)}",
            f"&= {number(now.next_bias)}",
        ),
        _recorded(trace, at),
    )


def _recorded(trace: Trace, at: int) -> str:
    if at >= trace.step:
        return "The run ends here; this update is not made any more."
    weight, bias = (float(trace.series[name][at + 1, 0, 0]) for name in ("weight", "bias"))
    return f"At step {at + 1} the run has weight {inline(weight)} and bias {inline(bias)}."
