"""Output, loss, gradient and update of a neuron under each loss, with the numbers of a run."""

import math
from dataclasses import dataclass

from sigviz.charts.palette import label
from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.settings import Job
from sigviz.text.latex import factor, inline, lines, number, paragraphs, share
from sigviz.trace import Trace

SAME = 2e-3
"""How far a recorded gradient may be from the formula's, as a part of it, before rounding has to
be explained."""


@dataclass(frozen=True)
class Neuron:
    """One logit and its target, and what exact arithmetic makes of them.

    Attributes:
        output: a = σ(z).
        rest: 1 − a, computed without cancellation.
    """

    logit: float
    target: int

    @property
    def output(self) -> float:
        return _sigmoid(self.logit)

    @property
    def rest(self) -> float:
        return _sigmoid(-self.logit)

    @property
    def right(self) -> float:
        """pₜ, the probability that the neuron gives to its target."""
        return self.output if self.target else self.rest

    @property
    def wrong(self) -> float:
        """1 − pₜ."""
        return self.rest if self.target else self.output

    @property
    def surprise(self) -> float:
        """−ln pₜ, binary cross-entropy."""
        towards = self.logit if self.target else -self.logit
        return math.log1p(math.exp(-abs(towards))) + max(-towards, 0)

    @property
    def off(self) -> float:
        """a − y."""
        return -self.rest if self.target else self.output


@dataclass(frozen=True)
class Formula:
    """A loss and its gradient in the logit: in general, in numbers, and what comes out."""

    loss: str
    gradient: str
    loss_in_numbers: str
    gradient_in_numbers: str
    loss_value: float
    gradient_value: float


def worked(job: Job[Settings], trace: Trace, frame: int, variant: int) -> str:
    """The neuron's output, loss, gradient and next update at one of the recorded steps."""
    settings = job.settings
    name = settings.variants[variant]
    neuron = Neuron(float(trace.frames["logit"][frame, variant, 0, 1]), int(settings.shown_target))
    formula = formula_of(settings, name, neuron)
    return paragraphs(
        _neuron(settings, trace, frame, variant, neuron),
        f"**{label(settings, name)} and its gradient in the logit:**",
        lines(
            formula.loss,
            rf"&= {formula.loss_in_numbers}",
            rf"&= {number(formula.loss_value)}",
        ),
        lines(
            formula.gradient,
            rf"&= {formula.gradient_in_numbers}",
            rf"&= {number(formula.gradient_value)}",
        ),
        _in_the_run(settings, trace, frame, variant, formula),
        _update(job, trace, frame, variant),
    )


def update(settings: Settings, trace: Trace, frame: int, variant: int) -> tuple[float, float]:
    """The first seed's (first) weight and its bias after the next update."""
    weight, bias = (
        float(trace.frames[name][frame, variant, 0])
        - settings.learning_rate * float(trace.frames[f"{name}_gradient"][frame, variant, 0])
        for name in ("weight", "bias")
    )
    return weight, bias


def formula_of(settings: Settings, name: str, neuron: Neuron) -> Formula:
    """A loss of `Settings.losses` for one row, by its name."""
    a, y, target = share(neuron.output, neuron.rest), neuron.target, f"{neuron.target}"
    off = f"({a}-{target})"
    slope = neuron.output * neuron.rest
    if name == "mse":
        return Formula(
            r"L &= (a-y)^2",
            r"\tfrac{\partial L}{\partial z} &= 2\,(a-y)\,\sigma'(z)",
            f"{off}^2",
            rf"2\cdot{off}\cdot{factor(slope)}",
            neuron.off**2,
            2 * neuron.off * slope,
        )
    if name == "focal":
        return _focal(settings, neuron)
    chosen = "a" if y else "(1-a)"
    return Formula(
        rf"L &= -y\ln a-(1-y)\ln(1-a) \\ &= -\ln {chosen}",
        r"\tfrac{\partial L}{\partial z} &= \tfrac{a-y}{a(1-a)}\,\sigma'(z) = a-y",
        rf"-\ln({number(neuron.right)})",
        f"{a}-{target}",
        neuron.surprise,
        neuron.off,
    )


def _focal(settings: Settings, neuron: Neuron) -> Formula:
    gamma, y = settings.focal_gamma, neuron.target
    alpha = settings.focal_alpha if y else 1 - settings.focal_alpha
    p, missed = share(neuron.right, neuron.wrong), neuron.wrong**gamma
    weight = rf"{number(alpha)}\cdot({number(neuron.wrong)})^{{{number(gamma)}}}"
    bracket = -gamma * neuron.right * neuron.surprise - neuron.wrong
    sign = "" if y else "-"
    return Formula(
        rf"p_t &= {'a' if y else '1-a'} = {p} \\ L &= -\alpha_t\,(1-p_t)^{{\gamma}}\ln p_t",
        rf"\tfrac{{\partial L}}{{\partial z}} &= {sign}\alpha_t\,(1-p_t)^{{\gamma}} \\ "
        r"&\quad\cdot(\gamma\,p_t\ln p_t+p_t-1)",
        rf"-{weight} \\ &\quad\cdot\ln({p})",
        rf"{sign}{weight} \\ &\quad\cdot{factor(bracket)}",
        alpha * missed * neuron.surprise,
        (1 if y else -1) * alpha * missed * bracket,
    )


def _neuron(settings: Settings, trace: Trace, frame: int, variant: int, neuron: Neuron) -> str:
    weight, bias = (float(trace.frames[name][frame, variant, 0]) for name in ("weight", "bias"))
    at = f"step {trace.frame_steps[frame]}"
    if settings.single:
        intro = (
            f"**The neuron at {at}**, trained with {label(settings, settings.variants[variant])}. "
            f"Its input is 1 and its target $y={neuron.target}$."
        )
        logit = [
            r"z &= w\cdot 1+b",
            f"&= {number(weight)}+{factor(bias)}",
            f"&= {number(neuron.logit)}",
        ]
    else:
        intro = (
            f"**The median row at {at}**: of all rows with target $y={neuron.target}$, the one "
            f"in the middle by its logit, for the neuron trained with "
            f"{label(settings, settings.variants[variant])} (seed {settings.seed})."
        )
        logit = [rf"z &= \textstyle\sum_j w_j x_j+b = {number(neuron.logit)}"]
    return paragraphs(
        intro,
        lines(
            *logit,
            r"a &= \sigma(z) = \frac{1}{1+e^{-z}}",
            rf"&= {share(neuron.output, neuron.rest)}",
            rf"\sigma'(z) &= a\,(1-a) = {number(neuron.output * neuron.rest)}",
        ),
    )


def _in_the_run(
    settings: Settings, trace: Trace, frame: int, variant: int, formula: Formula
) -> str:
    """The same numbers as the run recorded them, and why they differ if they do."""
    gradient = float(trace.frames["gradient"][frame, variant, 0, 1])
    said = f"The run recorded $\\partial L/\\partial z={number(gradient)}$"
    if settings.single:
        loss = float(trace.series["loss"][trace.frame_steps[frame], variant, 0])
        said += f" and $L={number(loss)}$"
    if abs(gradient - formula.gradient_value) <= SAME * abs(formula.gradient_value):
        return f"{said}."
    cut_off = (
        " BCELoss besides cuts its logarithms off at −100, and the gradient with them. BCE with "
        "logits never forms $a$, and keeps them."
    )
    return (
        f"{said}. It computes in float32: so far out, numbers next to 0 or 1 have lost the digits "
        f"that the formula needs.{cut_off if settings.variants[variant] == 'bce' else ''}"
    )


def _update(job: Job[Settings], trace: Trace, frame: int, variant: int) -> str:
    settings = job.settings
    weight, bias, weight_gradient, bias_gradient = (
        float(trace.frames[name][frame, variant, 0])
        for name in ("weight", "bias", "weight_gradient", "bias_gradient")
    )
    next_weight, next_bias = update(settings, trace, frame, variant)
    rate = factor(settings.learning_rate)
    inputs = job.layer_sizes[0]
    if settings.single:
        whose, of_weight = "With the input 1 both have the gradient of the logit.", "w"
    else:
        loss = float(trace.series["loss"][trace.frame_steps[frame], variant, 0])
        whose = (
            f"The loss is the mean over all {job.rows} rows, {inline(loss)}, and its "
            f"gradient the mean of theirs. Here the first of the {inputs} weights, and the bias."
        )
        of_weight = "w_1"
    return paragraphs(
        f"**The next update**, with the learning rate $\\eta={number(settings.learning_rate)}$. "
        f"{whose}",
        lines(
            rf"{of_weight} &\leftarrow {of_weight}-\eta\,\tfrac{{\partial L}}"
            rf"{{\partial {of_weight}}}",
            rf"&= {number(weight)}-{rate}\cdot{factor(weight_gradient)}",
            f"&= {number(next_weight)}",
            rf"b &\leftarrow {number(bias)}-{rate}\cdot{factor(bias_gradient)}",
            f"&= {number(next_bias)}",
        ),
        _next(trace, frame, variant),
    )


def _next(trace: Trace, frame: int, variant: int) -> str:
    """What the run has after the update, where the next step was recorded."""
    at = trace.frame_steps[frame]
    if at + 1 not in trace.frame_steps:
        return ""
    weight, bias = (float(trace.frames[name][frame + 1, variant, 0]) for name in ("weight", "bias"))
    return f"At step {at + 1} the run has {inline(weight)} and {inline(bias)}."


def _sigmoid(z: float) -> float:
    """Without overflow on either side."""
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))
