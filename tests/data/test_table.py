"""A learner's own table: what is read, and what is said of what cannot be."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sigviz.data.columns import MOST_CLASSES
from sigviz.data.csv_text import (
    DELIMITERS,
    LARGEST_FILE,
    LARGEST_MEGABYTES,
    MOST_PROBLEMS,
    TableError,
    quoted,
)
from sigviz.data.table import LONGEST_SHOWN, shown
from sigviz.data.table_reader import MOST_COLUMNS, MOST_ROWS, column_names, read_table
from tests.strategies import sheets, written

GOOD = "height,width,kind\n1,2.5,a\n-3e2,.5,b\n0,1,a\n7,8,b\n"
WIDE = ",".join(f"f{i}" for i in range(MOST_COLUMNS + 1))
DECIMALS = "height;width;kind\n1,5;2;a\n2;3,25;b\n1;1;a\n1;1;b\n"


def refused(data: bytes | str, **choice: str) -> tuple[str, ...]:
    with pytest.raises(TableError) as caught:
        read_table(data.encode() if isinstance(data, str) else data, "mine.csv", **choice)
    return caught.value.problems


def spoilt(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_table_is_read() -> None:
    table = read_table(GOOD.encode(), "mine.csv")
    assert (table.features, table.label, table.classes) == (("height", "width"), "kind", ("a", "b"))
    np.testing.assert_array_equal(table.x, [[1, 2.5], [-300, 0.5], [0, 1], [7, 8]])
    assert table.y.tolist() == [0, 1, 0, 1]
    assert (table.counts, table.positive) == ([2, 2], 1)


def test_the_label_and_the_class_with_target_1_can_be_named() -> None:
    data = b"kind,height\nb,1\na,2\nb,3\na,4\n"
    table = read_table(data, "mine.csv", label="kind", positive="a")
    assert (table.features, table.label, table.positive) == (("height",), "kind", 0)
    (problem,) = refused(data, label="colour")
    assert problem == "there is no column `colour`; there are `kind`, `height`"
    (problem,) = refused(data, label="kind", positive="c")
    assert problem == "there is no class `c`; there are `a`, `b`"


def test_equal_tables_are_the_same_data_read_in_the_same_way() -> None:
    data = b"p,q,r\n1,1,1\n2,2,2\n1,1,1\n2,2,2\n"
    table = read_table(data, "mine.csv")
    assert table == read_table(data, "another-name.csv")
    assert table != read_table(data.replace(b"1,1,1", b"1,3,1", 1), "mine.csv")
    assert table != read_table(data, "mine.csv", label="q")
    assert table != read_table(data, "mine.csv", positive="1")


@pytest.mark.parametrize(
    "data",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        f"\ufeff{GOOD}",
        GOOD.replace(",", "\t"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", " , "),
        GOOD.replace("\n", "\n\n,,\n"),
        GOOD.replace("kind", '"kind"').replace("a\n", '"a"\n'),
    ],
)
def test_what_programs_write_differently_is_read_alike(data: str) -> None:
    table, plain = (read_table(text.encode(), "mine.csv") for text in (data, GOOD))
    assert (table.features, table.label, table.classes) == (
        plain.features,
        plain.label,
        plain.classes,
    )
    np.testing.assert_array_equal(table.x, plain.x)


def test_a_cell_in_quotation_marks_may_hold_anything() -> None:
    data = '"a, ""b""\nc",kind\n1,"x, y"\n2,"x, y"\n3,z\n4,z\n'
    table = read_table(data.encode(), "mine.csv")
    assert table.features == ('a, "b"\nc',)
    assert table.classes == ("x, y", "z")


def test_labels_that_are_numbers_are_sorted_as_numbers() -> None:
    data = "x,y\n" + "".join(f"1,{label}\n" for label in (10, 9, -1, 9, 10, -1))
    assert read_table(data.encode(), "mine.csv").classes == ("-1", "9", "10")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("", "there is nothing in it"),
        (" \n\n", "there is nothing in it"),
        (",\n,\n", "there is nothing in it"),
        ("height,kind\n", "no rows below the columns' names"),
        ("just words\nand more", "row 1 has a single column, `just words`"),
        (GOOD.split("\n", 1)[1], "row 1 looks like data (`1`, `2.5`, `a`, …); the first row must"),
        ("1,2\n3,4\n", "row 1 looks like data"),
        (spoilt("width", ""), "row 1, column 2: the column has no name"),
        (spoilt("width", "height"), "row 1, column 2: `height` is the name of column 1 already"),
        (spoilt("2.5,a", "a"), "row 2 has 2 columns and the header has 3"),
        (spoilt(".5,b", ".5,b,c"), "row 3 has 4 columns and the header has 3"),
        (spoilt("7", "abc"), "row 5, column `height`: `abc` is not a number"),
        (spoilt("7", ""), "row 5, column `height`: the number is missing; fill it in"),
        (spoilt("7", "NaN"), "row 5, column `height`: `NaN` stands for a missing number"),
        (spoilt("7", "-inf"), "row 5, column `height`: `-inf` is not finite"),
        (spoilt("7", "1e300"), "row 5, column `height`: `1e300` is too large; the limit is"),
        (spoilt("7", "1e999"), "row 5, column `height`: `1e999` is too large"),
        (spoilt("7", "1_0"), "`1_0` is not a number"),
        (spoilt("7", "٣"), "`٣` is not a number"),
        (spoilt("7", '"1,5"'), "row 5, column `height`: `1,5` has a comma; write it with a point"),
        (DECIMALS, "row 2, column `height`: `1,5` has a comma; write it with a point, `1.5`"),
        (spoilt("7", "=A1+B2"), "row 5, column `height`: `=A1+B2` is a formula; export the values"),
        (spoilt("7", "+SUM(A1)"), "`+SUM(A1)` is a formula"),
        (spoilt("a", "=A1"), "row 2, column `kind`: `=A1` is a formula"),
        (spoilt("a", ""), "row 2, column `kind`: the label is missing"),
        (spoilt("7", '"7'), "row 5: a quotation mark is not closed"),
        (spoilt("7", '"7"8'), "row 5: a quotation mark is not closed, or stands within a cell"),
        ("x,kind\n1,a\n2,a\n", "column `kind`, the label: from row 2 to row 3 it is `a` all the"),
        (spoilt("b", "c"), "`c` (row 3), `b` (row 5) stand in a single row; each class needs"),
        (
            "x,y\n" + "".join(f"1,{i}\n" for i in range(MOST_CLASSES + 1)),
            "column `y`, the label, has 11 different values from row 2 on; there must be 2 to 10 "
            "classes. It looks like a number to predict",
        ),
        (
            "x,y\n" + "".join(f"1,c{i}\n" for i in range(MOST_CLASSES + 1)),
            "2 to 10 classes. Choose another label column",
        ),
        (f"{WIDE}\n", "there are 51 columns; a table may have 50, the label's included"),
        ("x,y\n" + "1,a\n" * (MOST_ROWS + 1), "there are more than 10,000 rows"),
        (b"x,y\n1,a\n2,b\xe4r\n", "row 3, column 2 is not text in UTF-8; save the file as"),
        (b"\xff", "row 1, column 1 is not text in UTF-8"),
        (b"x,y\n1,\0\n", "row 2, column 2 holds a NUL character"),
        (GOOD.encode("utf-16"), "this is text in UTF-16; save it as “CSV UTF-8”"),
        (GOOD.encode("utf-16-le"), "row 1, column 1 holds a NUL character"),
        (b"PK\x03\x04\x14\0", "this is a spreadsheet and not text; export it as “CSV UTF-8”"),
        (b"\xd0\xcf\x11\xe0\xa1", "this is a spreadsheet and not text"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"x" * (LARGEST_FILE + 1), "10 MB are too many; a file may have 10 MB"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_is_right(
    data: bytes | str, says: str
) -> None:
    problems = refused(data)
    assert any(says in problem for problem in problems), problems


def test_a_few_problems_are_told_and_the_rest_counted() -> None:
    data = "x,y\n" + "abc,a\n" * 500 + "1,b\n1,b\n"
    problems = refused(data)
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1] == "and 495 more of such problems"


def test_the_label_column_is_named_where_a_feature_holds_text() -> None:
    """So that somebody whose labels stand first learns that they can choose the column."""
    problems = refused("kind,x\na,1\nb,2\na,1\nb,2\n")
    assert problems[0] == (
        "row 2, column `kind`: `a` is not a number; every column but the label, `x`, holds numbers"
    )
    assert column_names(b"kind,x\na,1\n") == ("kind", "x")


@pytest.mark.parametrize(
    "text", ["`", "a`b", "<b>:red[x]</b>", "$x$", "**\n# head", "\x1b[31m", "\u202e", "x" * 9999]
)
def test_what_is_quoted_is_one_short_code_span(text: str) -> None:
    span = quoted(text)
    assert len(span) < 60
    assert span.isprintable()
    assert span.count("`") in (0, 2)


def test_names_in_charts_are_short_and_distinct() -> None:
    names = [f"{'x' * 40}{i}{'y' * 40}" for i in range(3)]
    cut = shown(names)
    assert len(set(cut)) == 3
    assert max(map(len, cut)) <= LONGEST_SHOWN + 3
    assert shown(["setosa", "virginica"]) == ("setosa", "virginica")


def test_the_server_takes_no_larger_upload_than_a_table_may_be() -> None:
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())
    assert config["server"]["maxUploadSize"] == LARGEST_MEGABYTES


@hypothesis_settings(deadline=None, max_examples=40)
@given(sheet=sheets(), delimiter=st.sampled_from(DELIMITERS))
def test_what_was_written_is_read(sheet: list[list[str]], delimiter: str) -> None:
    table = read_table(written(sheet, delimiter), "drawn.csv")
    assert [*table.features, table.label] == sheet[0]
    assert table.x.tolist() == [[float(cell) for cell in row[:-1]] for row in sheet[1:]]
    assert [table.classes[y] for y in table.y] == [row[-1] for row in sheet[1:]]


@hypothesis_settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=300) | st.text('ab1,;\t"\n\r=.-', max_size=80).map(str.encode))
@example(data=b'"')
def test_anything_at_all_is_a_table_or_is_refused_in_words(data: bytes) -> None:
    problems: tuple[str, ...] = ()
    try:
        table = read_table(data, "any.csv")
        assert np.isfinite(table.x.astype(np.float32)).all()
    except TableError as error:
        problems = error.problems
    assert all(problem and problem.count("`") % 2 == 0 for problem in problems)
    assert len(problems) <= MOST_PROBLEMS + 1
