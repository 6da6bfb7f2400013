"""The data sets: real ones that scikit-learn carries in its package, and small drawn ones.

Real data is read once in a process, standardized (mean 0, standard deviation 1 over the training
rows) and split once and for all: a fifth of every class is held out.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from sklearn import datasets as bundled
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import Generator, Tensor


@dataclass(frozen=True)
class Dataset:
    """Rows to train on and rows held out.

    Attributes:
        x: Features ``[rows, features]``, float32.
        y: Targets ``[rows]``: class numbers (int64) or values (float32).
        test_x, test_y: The same for the held-out rows.
    """

    x: Tensor
    y: Tensor
    test_x: Tensor
    test_y: Tensor


def _split(x: np.ndarray, y: np.ndarray) -> Dataset:
    parts = train_test_split(x, y, test_size=0.2, stratify=y, random_state=0)
    scaler = StandardScaler().fit(parts[0])
    train_x, test_x = (torch.tensor(scaler.transform(part), dtype=torch.float32) for part in parts[:2])
    train_y, test_y = (torch.tensor(part) for part in parts[2:])
    return Dataset(train_x, train_y, test_x, test_y)


@cache
def digits() -> Dataset:
    """1797 handwritten digits of 8×8 pixels, 10 classes (scikit-learn's ``load_digits``)."""
    return _split(*bundled.load_digits(return_X_y=True))


class BatchOrder:
    """Which rows each network sees at each step: every epoch a new shuffle, cut into batches.

    What ``DataLoader(shuffle=True)`` does, with one generator for each seed; the last batch of an
    epoch may be smaller. A `size` of at least `rows` is full-batch descent, in the data's order.
    """

    def __init__(self, rows: int, size: int, seeds: list[int]):
        self._rows, self._size = rows, size
        self._generators = [Generator().manual_seed(seed) for seed in seeds]
        self._waiting: list[Tensor] = []

    def next(self) -> Tensor:
        """Row numbers of the next batch, ``[seeds, batch]``."""
        if not self._waiting:
            if self._size >= self._rows:
                return torch.arange(self._rows).expand(len(self._generators), -1)
            shuffled = [torch.randperm(self._rows, generator=g) for g in self._generators]
            self._waiting = list(reversed(torch.stack(shuffled).split(self._size, dim=1)))
        return self._waiting.pop()
