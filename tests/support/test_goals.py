"""Figures beside their goals."""

import math

import pytest

from support.goals import Figure, at_least, at_most


def test_a_missed_goal_says_by_how_much() -> None:
    assert at_most(0.5, " s").verdict(0.5) == "≤ 0.5 s: met"
    assert at_most(0.5, " s").verdict(1.0) == "≤ 0.5 s: MISSED by 2.0×"
    assert at_least(8, "×").verdict(8.1) == "≥ 8×: met"
    assert at_least(8, "×").verdict(4) == "≥ 8×: MISSED by 2.0×"
    assert at_most(0).verdict(1) == "≤ 0: MISSED"


@pytest.mark.parametrize(
    ("figure", "words", "missed"),
    [
        (Figure("7.4×", 7.4, at_least(8, "×")), "7.4× (≥ 8×: MISSED by 1.1×)", True),
        (Figure("8.0×", 8.0, at_least(8, "×")), "8.0× (≥ 8×: met)", False),
        (Figure("–", math.nan, at_least(8, "×")), "– (≥ 8×: not measured)", False),
        (Figure("7.4×", 7.4), "7.4×", False),
    ],
)
def test_a_figure_stands_beside_its_goal(figure: Figure, words: str, missed: bool) -> None:
    assert (str(figure), figure.missed) == (words, missed)
