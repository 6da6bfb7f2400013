"""Splitting and standardizing, held against scikit-learn, which does not come with the app."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from sigviz.data.bundled import NAMES, bundled
from sigviz.data.preparation import Scale, split
from sigviz.data.table import HELD_OUT


@given(
    counts=st.lists(st.integers(1, 60), min_size=2, max_size=12),
    random=st.randoms(use_true_random=False),
)
def test_rows_are_split_as_scikit_learn_splits_them(counts: list[int], random: Random) -> None:
    """Or not at all, where scikit-learn would not."""
    drawn = [label for label, count in enumerate(counts) for _ in range(count)]
    random.shuffle(drawn)
    labels = np.array(drawn)
    try:
        theirs = train_test_split(
            np.arange(len(labels)), test_size=HELD_OUT, stratify=labels, random_state=0
        )
    except ValueError:
        with pytest.raises(ValueError, match="cannot be split"):
            split(labels)
        return
    for mine, wanted in zip(split(labels), theirs, strict=True):
        np.testing.assert_array_equal(mine, wanted)


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_are_standardized_as_scikit_learn_standardizes_them(name: str) -> None:
    """By the scale of rows trained on, those and others; some pixels of the digits never change."""
    x = bundled(name).x
    compare(x[len(x) // 5 :], x[: len(x) // 5])


@given(
    scale=st.sampled_from([1e-300, 1e-8, 1.0, 1e8, 1e38]),
    offset=st.sampled_from([0.0, 0.1, -7.0, 1e6]),
    rows=st.integers(1, 300),
)
def test_any_column_is_standardized_as_scikit_learn_standardizes_it(
    scale: float, offset: float, rows: int
) -> None:
    """Constant ones too, and those of which only rounding says that they are not."""
    random = np.random.default_rng(rows)
    drawn = random.normal(size=(rows, 4)) * [1.0, 1e-16, 0.0, 1e-7] + offset
    compare(drawn * scale, drawn)
    compare(np.asfortranarray(drawn), drawn)


def compare(train: np.ndarray, others: np.ndarray) -> None:
    theirs, mine = StandardScaler().fit(train), Scale.of(train)
    for rows in (train, others):
        np.testing.assert_array_equal(mine.standardized(rows), theirs.transform(rows), strict=True)
