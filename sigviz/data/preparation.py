"""What is done to a table before anything is trained on it: rows held out, columns standardized.

Equal to scikit-learn's ``train_test_split`` and ``StandardScaler`` to the last bit, so that the
scripts that learners take home, which use those, see the same numbers.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from sigviz.data.table import HELD_OUT

Rows = NDArray[np.intp]
"""Row numbers."""


def split(labels: NDArray[Any]) -> tuple[Rows, Rows]:
    """The rows to train on and those held out, of every class its share, in an order drawn once.

    ``train_test_split(…, test_size=HELD_OUT, stratify=labels, random_state=0)``.

    Raises:
        ValueError: A class has a single row, or there are too few rows for all classes.
    """
    classes, members, counts = np.unique(labels, return_inverse=True, return_counts=True)
    held_out = ceil(HELD_OUT * len(labels))
    kept = len(labels) - held_out
    if counts.min() < 2 or min(held_out, kept) < len(classes):
        raise ValueError(
            f"{len(labels)} rows of {len(classes)} classes, {counts.min()} of the rarest, cannot "
            "be split so that every class is on both sides"
        )
    random = RandomState(0)
    kept_of_each = _shares(counts, kept, random)
    held_out_of_each = _shares(counts - kept_of_each, held_out, random)
    train, test = [], []
    of_each = np.split(np.argsort(members, kind="stable"), np.cumsum(counts)[:-1])
    for rows, here, there in zip(of_each, kept_of_each, held_out_of_each, strict=True):
        drawn = rows[random.permutation(len(rows))]
        train.append(drawn[:here])
        test.append(drawn[here : here + there])
    return random.permutation(np.concatenate(train)), random.permutation(np.concatenate(test))


def _shares(counts: NDArray[np.intp], draws: int, random: RandomState) -> NDArray[np.intp]:
    """How many of `draws` fall to each class, as even as whole numbers allow.

    Every share is rounded down, and what is left goes to those that lost most, by lot if equal.
    """
    exact = counts / counts.sum() * draws
    shares = np.floor(exact)
    lost = exact - shares
    left = int(draws - shares.sum())
    for loss in np.unique(lost)[::-1]:
        if left <= 0:
            break
        equal = np.flatnonzero(lost == loss)
        lucky = random.choice(equal, size=min(len(equal), left), replace=False)
        shares[lucky] += 1
        left -= len(lucky)
    whole: NDArray[np.intp] = shares.astype(np.intp)
    return whole


@dataclass(frozen=True, eq=False)
class Scale:
    """What makes columns standardized: mean 0 and standard deviation 1.

    Attributes:
        mean, deviation: Of each column ``[columns]``; the deviation of a constant one is 1.
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    @classmethod
    def of(cls, x: NDArray[np.float64]) -> "Scale":
        """The scale of rows ``[rows, columns]``."""
        rows, eps = len(x), np.finfo(np.float64).eps
        mean = x.sum(0) / rows
        centred = x - mean
        rounding = centred.sum(0)
        variance = ((centred**2).sum(0) - rounding**2 / rows) / rows
        # Rounding alone may leave so much of a constant column.
        constant = variance <= rows * eps * variance + (rows * mean * eps) ** 2
        return cls(mean, np.sqrt(np.where(constant, 1.0, variance)))

    def standardized(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows ``[rows, columns]`` in this scale."""
        return (x - self.mean) / self.deviation
