"""What a step of a training costs: a rough model of the time that one worker takes for it.

Fitted to this package's own loop on one thread; `make bench` prints it beside the measured times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

STEP, OPERATION = 2.0e-4, 3.0e-5
"""Seconds for what a step has to do in any case, and for each operation that is started in it."""

MULTIPLICATION, NUMBER = 1.05e-10, 5.5e-9
"""Seconds for each multiplication in a matrix product, and for each number that is written."""

NUMBERS_OF_A_ROW, NUMBERS_OF_AN_OUTPUT = 15, 7
"""Written for the loss of a row and for what is recorded of it, which count with many rows."""


@dataclass(frozen=True)
class Work:
    """What one step computes, for all networks together; two can be added.

    Attributes:
        operations: Started one after the other: about one for each layer of a stack of networks
            and one for its loss, or for each step in time of a layer that has a time axis.
        multiplications: In the matrix products of the forward pass.
        numbers: Written by all else: activations, losses, what is recorded.
    """

    operations: float
    multiplications: float
    numbers: float

    def __add__(self, other: "Work") -> "Work":
        return Work(
            self.operations + other.operations,
            self.multiplications + other.multiplications,
            self.numbers + other.numbers,
        )

    def __rmul__(self, times: int) -> "Work":
        return Work(times * self.operations, times * self.multiplications, times * self.numbers)

    @property
    def seconds(self) -> float:
        """About how long a worker takes for it."""
        return (
            STEP
            + OPERATION * self.operations
            + MULTIPLICATION * self.multiplications
            + NUMBER * self.numbers
        )


def dense(sizes: Sequence[int], networks: int, rows: int) -> Work:
    """A stack of fully connected networks, with so many units per layer, on so many rows each."""
    products = sum(a * b for a, b in pairwise(sizes))
    each = networks * rows
    return Work(len(sizes), each * products, each * sum(sizes[1:]))


def examined(rows: int, outputs: int) -> Work:
    """Losses and records of so many rows, all networks' together, where they count."""
    return Work(0, 0, rows * (NUMBERS_OF_A_ROW + NUMBERS_OF_AN_OUTPUT * outputs))
