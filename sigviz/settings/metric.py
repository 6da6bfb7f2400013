"""What a run comes to: its metrics, and the series that it records."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A named result of a run: the median over its seeds.

    Attributes:
        title: What it is, in two or three words.
        name: With `per_variant`, the name up to the variant: ``final_loss`` for
            ``final_loss_xavier_uniform``.
        help: What it means, in a sentence, with its unit.
        headline: Shown under the figure, not only in the table of numbers.
        percent: A share, shown in per cent.
    """

    name: str
    title: str
    help: str
    per_variant: bool = True
    headline: bool = False
    percent: bool = False

    def names(self, variants: Sequence[str]) -> list[str]:
        return [metric_name(self.name, variant) for variant in variants]


@dataclass(frozen=True)
class Recorded:
    """A series that a run records at every step: what it means, and its unit."""

    meaning: str
    unit: str


def metric_name(metric: str, variant: str) -> str:
    """``final_loss`` of ``xavier-uniform`` is called ``final_loss_xavier_uniform``."""
    return f"{metric}_{variant.replace('-', '_')}"
