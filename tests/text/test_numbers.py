"""Numbers as tables, metrics and settings write them."""

from math import inf, nan

import pytest

from sigviz.text.numbers import cell, counted, metric_value, setting_value

FORMS = [
    # value, in a table, as a metric, as a metric in per cent, as a setting
    (0.0, "0", "0", "0.0 %", "0"),
    (1.0, "1", "1", "100.0 %", "1"),
    (-2.5, "−2.5", "-2.5", "-250.0 %", "-2.5"),
    (0.10499, "0.105", "0.105", "10.5 %", "0.10499"),
    (-0.123456, "−0.1235", "-0.1235", "-12.3 %", "-0.123456"),
    (0.001, "0.001", "0.001", "0.1 %", "0.001"),
    (0.00099999, "1·\u200b10⁻³", "1.0 · 10⁻³", "0.1 %", "0.00099999"),
    (-0.0005, "−5·\u200b10⁻⁴", "-5.0 · 10⁻⁴", "-0.1 %", "-0.0005"),
    (2.3456e-6, "2.346·\u200b10⁻⁶", "2.3 · 10⁻⁶", "0.0 %", "2.3456e-06"),
    (99.996, "100", "100", "9999.6 %", "99.996"),
    (9999.96, "1·\u200b10⁴", "1e+04", "999996.0 %", "9999.96"),
    (12345.6, "12346", "1.235e+04", "1234560.0 %", "12345.6"),
    (100000.0, "1·\u200b10⁵", "1.0 · 10⁵", "10000000.0 %", "100000"),
    (-2.5e7, "−2.5·\u200b10⁷", "-2.5 · 10⁷", "-2500000000.0 %", "-2.5e+07"),
    (5e-324, "4.941·\u200b10⁻³²⁴", "4.9 · 10⁻³²⁴", "0.0 %", "4.94066e-324"),
    (inf, "∞", "inf", "inf %", "inf"),
    (-inf, "−∞", "-inf", "-inf %", "-inf"),
    (nan, "–", "–", "–", "nan"),
]


@pytest.mark.parametrize(("value", "table", "metric", "percent", "setting"), FORMS)
def test_a_number_in_each_of_its_forms(
    value: float, table: str, metric: str, percent: str, setting: str
) -> None:
    assert cell(value) == table
    assert metric_value(value) == metric
    assert metric_value(value, percent=True) == percent
    assert setting_value(value) == setting


def test_a_table_may_ask_for_fewer_digits() -> None:
    assert [cell(value, 3) for value in (-0.123456, 9999.96, 123456.0)] == [
        "−0.123",
        "10000",
        "1.23·\u200b10⁵",
    ]


def test_a_metric_that_is_not_there_yet_is_a_dash() -> None:
    assert metric_value(None) == metric_value(None, percent=True) == "–"


def test_what_is_counted_is_a_word_as_far_as_twelve() -> None:
    assert [counted(count) for count in (0, 5, 12, 13)] == ["no", "five", "twelve", "13"]
