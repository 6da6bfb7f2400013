"""What is made of the times that learners met."""

import math

import pytest

from support.learners.record import Seconds, origin_of, quantile


def test_a_quantile_is_a_time_that_was_met_or_a_bound_below_it() -> None:
    waited = [(float(n), None) for n in range(1, 20)]
    assert quantile(waited, 0.5) == Seconds(10)
    assert quantile([*waited, (None, 30.0)], 0.95) == Seconds(19)
    assert quantile([*waited, (None, 30.0)], 1) == Seconds(30, at_least=True)
    assert math.isnan(quantile([], 0.5).value)


@pytest.mark.parametrize(
    ("caption", "origin"),
    [
        ("Trained 15 networks just now, in 1.3 s.", "trained"),
        ("Trained ahead, in 1.3 s.", "ahead"),
        (
            "Trained 3 minutes ago in 1.3 s; shown from memory.",
            "remembered",
        ),
        ("Trained in 1.3 s: you joined a run that another learner had started.", "joined"),
        ("Training 15 networks …", ""),
    ],
)
def test_the_page_s_own_words_tell_where_a_run_came_from(caption: str, origin: str) -> None:
    assert origin_of(["Chance is 10 %.", caption]) == origin
