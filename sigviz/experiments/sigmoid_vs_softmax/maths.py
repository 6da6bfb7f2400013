"""Softmax and sigmoid of the four logits and of the sample's, with the numbers of a run."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sigviz.charts.palette import label
from sigviz.experiments.sigmoid_vs_softmax.settings import Settings
from sigviz.settings import Job
from sigviz.text.latex import inline, lines, number, paragraphs, table
from sigviz.text.numbers import cell
from sigviz.trace import Trace

RAISED = {"z": "ᶻ", "p": "ᵖ"}
"""For the headings of tables; a screen reader would find those in LaTeX empty."""

MOST_SIGNS = 28
"""Of a sum: more would be wider than a phone."""

HEADS = {
    "softmax": r"p_i &= \frac{e^{z_i}}{\sum_j e^{z_j}}",
    "sigmoid": r"p_i &= \sigma(z_i) = \frac{1}{1+e^{-z_i}}",
}


def worked(job: Job[Settings], trace: Trace, frame: int, variant: int) -> str:
    """The four logits, which no training touches; then the sample's, of one head at one step."""
    return paragraphs(
        _four(job.settings, trace),
        _sample(job.settings, trace, frame, variant),
    )


def exponentials(logits: ArrayLike) -> NDArray[np.float64]:
    """e to each of the logits, in float64."""
    return np.exp(np.asarray(logits, np.float64))


def _four(settings: Settings, trace: Trace) -> str:
    scores = np.array(settings.logits) / settings.temperature
    powers = exponentials(scores)
    softmax, sigmoid = (trace.fixed[head] for head in ("softmax", "sigmoid"))
    divided = (
        f", each divided by the temperature $T={number(settings.temperature)}$"
        if settings.temperature != 1
        else ""
    )
    rows = [
        [str(i), *(cell(value) for value in values)]
        for i, values in enumerate(zip(scores, powers, softmax, sigmoid, strict=True), 1)
    ]
    sums = ["sum", "", *(cell(float(values.sum())) for values in (powers, softmax, sigmoid))]
    return paragraphs(
        f"**The four logits**{divided}:",
        lines(*HEADS.values()),
        table(["*i*", "z", "eᶻ", "softmax", "σ(z)"], [*rows, sums]),
        "Softmax divides each exponential by their sum, so the probabilities add up to 1. For the "
        "first of them:",
        lines(
            rf"p_1 &= \frac{{{number(powers[0])}}}{{{_sum(powers)}}}",
            rf"&= \frac{{{number(powers[0])}}}{{{number(powers.sum())}}}",
            f"&= {number(powers[0] / powers.sum())}",
        ),
        f"The page has {inline(trace.metrics['softmax_1'])}, and for the sigmoid, which looks at "
        f"$z_1$ alone, {inline(trace.metrics['sigmoid_1'])}.",
    )


def _sample(settings: Settings, trace: Trace, frame: int, variant: int) -> str:
    head = settings.variants[variant]
    logits = trace.frames["sample_logits"][frame, variant, 0].astype(np.float64)
    answers = trace.frames["answers"][frame, variant, 0]
    at = trace.frame_steps[frame]
    loss = float(trace.series["loss"][at, variant, 0])
    heading = (
        f"**The sample at step {at}**, answered by the head {label(settings, head)} (seed "
        f"{settings.seed}). Its logits come from the trained layer, $z=Wx+b$:"
    )
    ending = f"The head's loss over all rows is {inline(loss)} at this step."
    if head == "sigmoid":
        return paragraphs(heading, _sigmoids(logits, answers), ending)
    shared = _softmax(logits, answers, "z", "p")
    if head == "softmax":
        return paragraphs(heading, shared, ending)
    powers = exponentials(answers)
    return paragraphs(
        heading,
        shared,
        "**Softmax twice:** the loss takes these probabilities for logits and applies softmax to "
        "them once more. Between 0 and 1 the exponentials lie between 1 and $e$, so that no class "
        "can win clearly:",
        _softmax(answers, powers / powers.sum(), "p", "q"),
        f"{ending} It cannot fall below {inline(trace.metrics['loss_floor'])}.",
    )


def _softmax(logits: ArrayLike, answers: ArrayLike, of: str, to: str) -> str:
    """Exponentials, their sum, and the quotient for the likeliest class."""
    given, shares = np.asarray(logits, np.float64), np.asarray(answers, np.float64)
    # Only differences count; with the largest at 0 nothing overflows.
    shift = float(given.max()) if np.abs(given).max() > 80 else 0.0
    powers = exponentials(given - shift)
    best = int(shares.argmax())
    rows = [
        [str(k), *(cell(float(value)) for value in values)]
        for k, values in enumerate(zip(given, powers, shares, strict=True), 1)
    ]
    sums = ["sum", "", cell(powers.sum()), cell(shares.sum())]
    return paragraphs(
        table(["*k*", of, f"e{RAISED[of]}{'⁻ᵐ' if shift else ''}", to], [*rows, sums]),
        f"with $m={number(shift)}$, the largest, taken off each: the quotients stay the same."
        if shift
        else "",
        lines(
            rf"{to}_{{{best + 1}}} &= \frac{{{number(powers[best])}}}{{{_sum(powers)}}}",
            f"&= {number(powers[best] / powers.sum())}",
        ),
    )


def _sigmoids(logits: NDArray[np.float64], answers: ArrayLike) -> str:
    shares = np.asarray(answers, np.float64)
    with np.errstate(over="ignore"):
        powers = exponentials(-logits)
    rows = [
        [str(k), *(cell(float(value)) for value in values)]
        for k, values in enumerate(zip(logits, powers, shares, strict=True), 1)
    ]
    best = int(shares.argmax())
    return paragraphs(
        table(
            ["*k*", "z", "e⁻ᶻ", "p"],
            [*rows, ["sum", "", "", cell(shares.sum())]],
        ),
        lines(
            rf"p_{{{best + 1}}} &= \frac{{1}}{{1+{number(powers[best])}}}",
            f"&= {number(1 / (1 + powers[best]))}",
        ),
        "Each class answers for itself: nothing makes the sum 1.",
    )


def _sum(values: Sequence[float] | NDArray[np.float64]) -> str:
    """The numbers added up, as long as a phone can show them in one line."""
    terms = [number(float(value), 3) for value in values]
    if sum(len(term.replace(r"\cdot10^", "···")) + 1 for term in terms) > MOST_SIGNS:
        return number(float(np.sum(values)))
    return "+".join(terms)
