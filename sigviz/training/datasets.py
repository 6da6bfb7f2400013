"""The data sets: real ones that come with the app, and small drawn ones.

Real data is read once in a process, standardized (mean 0, standard deviation 1 over the training
rows) and split once and for all: a fifth of every class is held out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Generator, Tensor

from sigviz.data.bundled import bundled
from sigviz.data.preparation import Scale, split
from sigviz.data.table import Table

DATA_STREAM = 2**31
"""Added to a network's seed for the data it is given: from one and the same seed, PyTorch would
draw first weights that *are* the first rows of the data."""


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


def _generator(seed: int) -> Generator:
    return Generator().manual_seed(DATA_STREAM + seed)


def _standardized(x: np.ndarray) -> Tensor:
    return torch.tensor(Scale.of(x).standardized(x), dtype=torch.float32)


def _split(x: np.ndarray, y: np.ndarray) -> Dataset:
    train, test = split(y)
    scale = Scale.of(x[train])
    train_x, test_x = (
        torch.tensor(scale.standardized(x[rows]), dtype=torch.float32) for rows in (train, test)
    )
    return Dataset(train_x, torch.tensor(y[train]), test_x, torch.tensor(y[test]))


@cache
def digits() -> Dataset:
    """1797 handwritten digits of 8×8 pixels, 10 classes."""
    table = bundled("digits")
    return _split(table.x, table.y)


@cache
def breast_cancer() -> Dataset:
    """569 tumours, 30 measured features; 1 is benign."""
    table = bundled("breast_cancer")
    return _split(table.x, table.y.astype(np.float32))


@cache
def tumour_radius() -> tuple[Tensor, Tensor]:
    """The same 569 tumours' "mean radius" alone, standardized, ``[569, 1]``; 1 is malignant.

    All rows are for training: one weight and one bias cannot learn them by heart.
    """
    table = bundled("breast_cancer")
    return _standardized(table.x[:, :1]), torch.tensor(1 - table.y, dtype=torch.float32)


@cache
def iris() -> tuple[Tensor, Tensor]:
    """150 irises of 3 kinds, 4 standardized features ``[150, 4]``, class numbers ``[150]``."""
    table = bundled("iris")
    return _standardized(table.x), torch.tensor(table.y)


def one_against_the_rest(table: Table, *, held_out: bool) -> Dataset:
    """A learner's own rows; 1 is the table's positive class.

    Nothing of a learner's table is kept here, unlike the data that come with the package.

    Args:
        held_out: A fifth is held out; otherwise all rows are trained on and tested on.
    """
    y = (table.y == table.positive).astype(np.float32)
    if held_out:
        return _split(table.x, y)
    rows, targets = _standardized(table.x), torch.tensor(y)
    return Dataset(rows, targets, rows, targets)


def own_classes(table: Table) -> tuple[Tensor, Tensor]:
    """A learner's own rows, all of them, standardized, and their class numbers."""
    return _standardized(table.x), torch.tensor(table.y)


def two_clusters(rows: int, seed: int) -> tuple[Tensor, Tensor]:
    """Two normal clusters on a line, at −1.2 and 1.2, ``[rows, 1]``; targets 0 and 1."""
    generator = _generator(seed)
    y = torch.arange(rows) % 2
    x = torch.randn(rows, 1, generator=generator) + 1.2 * (2 * y - 1)[:, None]
    return x, y.float()


def blobs(rows: int, seed: int) -> tuple[Tensor, Tensor]:
    """Three round clusters in the plane that touch, ``[rows, 2]``, and their class numbers."""
    generator = _generator(seed)
    y = torch.arange(rows) % 3
    angle = 2 * torch.pi * y / 3 + torch.pi / 2
    centres = 1.4 * torch.stack([angle.cos(), angle.sin()], 1)
    return centres + 0.7 * torch.randn(rows, 2, generator=generator), y


def multi_label(rows: int, seed: int) -> tuple[Tensor, Tensor]:
    """Points in the plane with up to three labels at once, ``[rows, 2]`` and 0/1 ``[rows, 3]``.

    A label is present on one side of a line through the plane; the three sides overlap, so that
    most points have one label or two, and those in the middle all three.
    """
    generator = _generator(seed)
    x = torch.randn(rows, 2, generator=generator)
    sides = torch.tensor([[1.0, 0.2], [-0.5, 1.0], [-0.4, -0.9]])
    return x, (x @ sides.T + 0.4 > 0).float()


def noise(rows: int, features: int, seed: int, *, coin_flips: bool) -> tuple[Tensor, Tensor]:
    """Inputs and targets that have nothing to do with each other, ``[rows, features]``, ``[rows]``.

    Standard normal inputs; targets standard normal too or, with `coin_flips`, 0 or 1. The data of
    the tutorial "Why isn't my PyTorch linear sigmoid network learning?".
    """
    generator = _generator(seed)
    x = torch.randn(rows, features, generator=generator)
    y = torch.randn(rows, generator=generator)
    return x, (y > 0).float() if coin_flips else y


class Batches:
    """Which rows each network sees at each step: every epoch a new shuffle, cut into batches.

    What ``DataLoader(shuffle=True)`` does, with one generator for each seed; the last batch of an
    epoch may be smaller. A `size` of at least the number of rows is full-batch descent, in the
    data's order. Arms that share it see the same rows.
    """

    def __init__(self, x: Tensor, y: Tensor, size: int, seeds: Sequence[int]) -> None:
        self._x, self._y, self._size = x, y, size
        self._generators = [_generator(seed) for seed in seeds]
        self._waiting: list[Tensor] = []
        self._step = -1
        self.latest: tuple[Tensor, Tensor]

    def __call__(self, step: int) -> tuple[Tensor, Tensor]:
        """Inputs ``[seeds, batch, …]`` and targets ``[seeds, batch, …]`` of a step: the one before,
        or the next one.
        """
        if step != self._step:
            rows = self._next()
            self._step, self.latest = step, (self._x[rows], self._y[rows])
        return self.latest

    def _next(self) -> Tensor:
        """Row numbers of the next batch, ``[seeds, batch]``."""
        if not self._waiting:
            count = len(self._x)
            if self._size >= count:
                return torch.arange(count).expand(len(self._generators), -1)
            shuffled = [torch.randperm(count, generator=g) for g in self._generators]
            self._waiting = list(reversed(torch.stack(shuffled).split(self._size, dim=1)))
        return self._waiting.pop()
