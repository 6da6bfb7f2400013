"""The activations: one entry each, and everything else about them is derived from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SATURATED_BELOW = 0.1
"""A unit is saturated where its slope is less than this part of the largest that it can have."""


@dataclass(frozen=True)
class Activation:
    """One activation φ.

    Attributes:
        function: Its name in ``torch``.
        module: Its class in ``torch.nn``.
        symbol: φ in LaTeX.
        slope_symbol: φ′ without LaTeX, of which a screen reader would make an empty heading.
        steepest: The largest slope.
        slope: φ′(z) from a = φ(z), of a number, an array or a tensor.
        saturated: Whether the slope is below `SATURATED_BELOW` of the steepest, from a. Compares a
            with its middle: in float32 a slope next to 0 has lost its digits.
        script: The same as a line of a learner's script, in which a is called ``rows``, and what
            the slope is in words.
        matched: The initializer made for it.
    """

    function: str
    module: str
    symbol: str
    slope_symbol: str
    steepest: float
    slope: Callable[[Any], Any]
    saturated: Callable[[Any], Any]
    script: tuple[str, str]
    matched: str


ACTIVATIONS: Mapping[str, Activation] = {
    "sigmoid": Activation(
        function="sigmoid",
        module="Sigmoid",
        symbol=r"\sigma",
        slope_symbol="σ′",
        steepest=0.25,
        slope=lambda a: a * (1 - a),
        saturated=lambda a: (a - 0.5) ** 2 > 0.25 * (1 - SATURATED_BELOW),
        script=("rows * (1 - rows) < 0.025", "slope a(1 - a), at most 1/4"),
        matched="xavier-uniform",
    ),
    "tanh": Activation(
        function="tanh",
        module="Tanh",
        symbol=r"\tanh",
        slope_symbol="tanh′",
        steepest=1.0,
        slope=lambda a: 1 - a * a,
        saturated=lambda a: a * a > 1 - SATURATED_BELOW,
        script=("1 - rows**2 < 0.1", "slope 1 - a², at most 1"),
        matched="xavier-uniform",
    ),
    "relu": Activation(
        function="relu",
        module="ReLU",
        symbol=r"\mathrm{ReLU}",
        slope_symbol="ReLU′",
        steepest=1.0,
        slope=lambda a: (a > 0) * 1.0,
        saturated=lambda a: a <= 0,
        script=("rows == 0", "slope 0 or 1"),
        matched="he-uniform",
    ),
}
"""By the name that settings have for it."""
