"""Networks of the sizes that the pages train, and data for a step of them."""

from dataclasses import dataclass

import torch
from torch import Tensor

NETWORKS, RATE = 20, 0.1


@dataclass(frozen=True)
class Shape:
    """Sigmoid networks of one shape and the data of one step.

    Attributes:
        goal: How many times faster than one after the other they should be trained at once.
    """

    name: str
    sizes: list[int]
    rows: int
    steps: int
    goal: float | None

    @property
    def regression(self) -> bool:
        """Whether the target is a number, to be met in the mean square; else it is a class."""
        return self.sizes[-1] == 1

    def data(self) -> tuple[Tensor, Tensor]:
        """Inputs and targets."""
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(self.rows, self.sizes[0], generator=generator)
        if self.regression:
            return x, torch.randn(self.rows, 1, generator=generator)
        return x, torch.randint(0, self.sizes[-1], (self.rows,), generator=generator)


SHAPES = [
    Shape("depth 1, width 10, 100 rows (initialization)", [10, 10, 1], 100, 1000, 8),
    Shape("depth 10, width 10, 100 rows (initialization)", [10, *[10] * 10, 1], 100, 200, 5),
    Shape("depth 10, width 32, 32 rows", [64, *[32] * 10, 10], 32, 100, None),
    Shape(
        "depth 10, width 32, 128 rows (vanishing gradients)", [64, *[32] * 10, 10], 128, 60, None
    ),
]
