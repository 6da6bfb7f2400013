"""The tables that come with the app are scikit-learn's, number by number."""

import numpy as np
import pytest

from sigviz.data.bundled import NAMES, bundled
from support.make_tables import loaded


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_that_of_scikit_learn(name: str) -> None:
    ours, theirs = bundled(name), loaded(name)
    np.testing.assert_array_equal(ours.x, theirs.data, strict=True)
    np.testing.assert_array_equal(ours.y, theirs.target, strict=True)
    assert ours.x.flags.c_contiguous, "sums over rows depend on it in their last bit"
    assert list(ours.features) == list(map(str, theirs.feature_names))
    assert list(ours.classes) == list(map(str, getattr(theirs, "target_names", [])))


def test_nobody_can_write_into_what_all_share() -> None:
    with pytest.raises(ValueError, match="read-only"):
        bundled("iris").x[0, 0] = 1.0


def test_an_unknown_table_is_told() -> None:
    with pytest.raises(ValueError, match=r"'titanic' is not a table here; there are .*iris"):
        bundled("titanic")
