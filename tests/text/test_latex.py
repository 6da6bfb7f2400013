"""Numbers as the worked maths writes them."""

import pytest

from sigviz.text import latex


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.10499, "0.105"),
        (2.3456e-6, r"2.346\cdot10^{-6}"),
        (-1e-4, r"-1\cdot10^{-4}"),
        (123456.0, r"1.235\cdot10^{5}"),
        (12345.6, "12346"),
        (99.996, "100"),
        (-12345.6, "-12346"),
        (9999.96, r"1\cdot10^{4}"),
        (0.00099999, r"1\cdot10^{-3}"),
        (float("inf"), r"\infty"),
        (float("-inf"), r"-\infty"),
        (float("nan"), r"\text{undefined}"),
    ],
)
def test_numbers_are_written_as_a_person_would(value: float, written: str) -> None:
    assert latex.number(value) == written
