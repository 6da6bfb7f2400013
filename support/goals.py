"""What a figure should be, and a figure beside it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """A bound: see `at_most` and `at_least`."""

    bound: float
    unit: str
    least: bool

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g}{self.unit}"

    def met(self, value: float) -> bool:
        """Whether a value keeps the bound."""
        return value >= self.bound if self.least else value <= self.bound

    def verdict(self, value: float) -> str:
        """The goal in words, whether it is met and, where it is missed, by how much."""
        if math.isnan(value):
            return f"{self}: not measured"
        if self.met(value):
            return f"{self}: met"
        if not self.bound or not value:
            return f"{self}: MISSED"
        return f"{self}: MISSED by {max(value / self.bound, self.bound / value):.1f}×"


def at_most(bound: float, unit: str = "") -> Goal:
    """A value should not exceed a bound, which is given with its unit."""
    return Goal(bound, unit, least=False)


def at_least(bound: float, unit: str = "") -> Goal:
    """A value should not fall short of a bound, which is given with its unit."""
    return Goal(bound, unit, least=True)


@dataclass(frozen=True)
class Figure:
    """A measured value in words, beside its goal if it has one."""

    text: str
    value: float = math.nan
    goal: Goal | None = None

    def __str__(self) -> str:
        return f"{self.text} ({self.goal.verdict(self.value)})" if self.goal else self.text

    @property
    def missed(self) -> bool:
        """Whether it breaks its goal; one that was not measured breaks none."""
        return self.goal is not None and not (math.isnan(self.value) or self.goal.met(self.value))
