"""Table: a learner's own data, read from a CSV file or from pasted text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

HELD_OUT = 0.2
"""The share of every class that is held out, where rows are held out."""

LONGEST_SHOWN = 14
"""Characters of a name of theirs that a chart has room for."""


@dataclass(frozen=True)
class Table:
    """Rows to train on, as they were entered: nothing is standardized yet.

    Two tables are equal if their `digest` is and the same class is `positive`.

    Attributes:
        digest: SHA-256 of what was entered and of how it was read, in hexadecimal.
        name: The file's name, or "pasted".
        features: Names of the feature columns.
        label: Name of the label column.
        classes: The labels that occur, at least two, sorted; as numbers if all of them are.
        x: Features ``[rows, features]``, finite also as float32.
        y: Which of the `classes` each row has, ``[rows]``.
        positive: Which of the `classes` is target 1 for a single neuron.
        delimiter: What separates the columns in the file.
    """

    digest: str
    name: str = field(compare=False)
    features: tuple[str, ...] = field(compare=False)
    label: str = field(compare=False)
    classes: tuple[str, ...] = field(compare=False)
    x: NDArray[np.float64] = field(compare=False, repr=False)
    y: NDArray[np.int64] = field(compare=False, repr=False)
    positive: int = 1
    delimiter: str = field(default=",", compare=False)

    @property
    def counts(self) -> list[int]:
        """How many rows each class has."""
        return [int(count) for count in np.bincount(self.y, minlength=len(self.classes))]


def shown(names: Sequence[str]) -> tuple[str, ...]:
    """Names of theirs as a chart shows them: short, printable and still distinct."""
    cut = tuple(map(_beginning_and_end, names))
    if len(set(cut)) == len(cut):
        return cut
    return tuple(f"{i}: {name}" for i, name in enumerate(cut, 1))


def _beginning_and_end(name: str) -> str:
    half = LONGEST_SHOWN // 2
    plain = shortened(name, len(name))
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[:half]}…{plain[1 - half :]}"


def shortened(text: str, length: int) -> str:
    """At most `length` characters of a text, on one line, nothing in it that cannot be printed."""
    start = text[: 2 * length]
    plain = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    return plain if len(plain) <= length and len(start) == len(text) else f"{plain[:length]}…"
