"""Reads a learner's own table: the bytes of a CSV file in; a `Table`, or what is wrong, out.

Every message says where, as a spreadsheet counts its rows, and what would be right.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from sigviz.data.columns import classes_of, is_number, numbers_of
from sigviz.data.csv_text import Problems, TableError, decoded, delimiter_of, quoted, records
from sigviz.data.table import Table

MOST_ROWS = 10_000
MOST_COLUMNS = 50
"""The label column is one of them."""


def column_names(data: bytes) -> tuple[str, ...]:
    """The names in the header, as `read_table` will have them.

    Raises:
        TableError: It cannot be read, or it is not a header.
    """
    text = decoded(data)
    return _header(records(text, delimiter_of(text)))


def read_table(
    data: bytes, name: str, label: str | None = None, positive: str | None = None
) -> Table:
    """Read a table: a header, numeric feature columns and a label column.

    Args:
        data: The file, in UTF-8; columns separated by commas, semicolons or tabs.
        name: What to call it.
        label: The label column's name; the last column by default.
        positive: The class that is target 1 for a single neuron; the second by default.

    Raises:
        TableError: Something in it is wrong.
    """
    text = decoded(data)
    delimiter = delimiter_of(text)
    found = records(text, delimiter)
    header = _header(found)
    if label is not None and label.strip() not in header:
        raise TableError(f"there is no column {quoted(label)}; there are {_listed(header)}")
    at = len(header) - 1 if label is None else header.index(label.strip())
    rows, cells = _checked_rows(found, header)
    labels = [row.pop(at) for row in cells]
    features = header[:at] + header[at + 1 :]
    problems = Problems()
    classes = classes_of(rows, labels, header[at], problems)
    x = numbers_of(rows, cells, features, header[at], problems)
    problems.refuse()
    if positive is not None and positive.strip() not in classes:
        raise TableError(f"there is no class {quoted(positive)}; there are {_listed(classes)}")
    number = {text: i for i, text in enumerate(classes)}
    return Table(
        digest=hashlib.sha256(f"{at} ".encode() + data).hexdigest(),
        name=name,
        features=features,
        label=header[at],
        classes=classes,
        x=x,
        y=np.array([number[text] for text in labels], np.int64),
        positive=1 if positive is None else number[positive.strip()],
        delimiter=delimiter,
    )


def _header(found: Iterator[tuple[int, list[str]]]) -> tuple[str, ...]:
    """The columns' names, from the first of the rows."""
    for row, cells in found:
        return _checked_header(row, cells)
    raise TableError(
        "there is nothing in it; a table has a row with the columns' names and rows of numbers"
    )


def _checked_header(row: int, cells: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if len(names) < 2:
        raise TableError(
            f"row {row} has a single column, {quoted(names[0])}; a table has feature columns and a "
            "label column, separated by commas, semicolons or tabs"
        )
    if len(names) > MOST_COLUMNS:
        raise TableError(
            f"there are {len(names):,} columns; a table may have {MOST_COLUMNS}, the label's "
            "included"
        )
    if sum(is_number(name) for name in names) >= len(names) - 1:
        raise TableError(
            f"row {row} looks like data ({_listed(names[:3])}, …); the first row must name the "
            "columns"
        )
    problems = Problems()
    first: dict[str, int] = {}
    for column, name in enumerate(names, 1):
        if not name:
            problems.add(f"row {row}, column {column}: the column has no name; give it one")
        elif first.setdefault(name, column) != column:
            problems.add(
                f"row {row}, column {column}: {quoted(name)} is the name of column {first[name]} "
                "already; give each column a name of its own"
            )
    problems.refuse()
    return names


def _checked_rows(
    found: Iterator[tuple[int, list[str]]], header: Sequence[str]
) -> tuple[list[int], list[list[str]]]:
    """The rows below the header, as long as it is, and their numbers."""
    problems = Problems()
    rows: list[int] = []
    cells: list[list[str]] = []
    for row, texts in islice(found, MOST_ROWS):
        if len(texts) == len(header):
            rows.append(row)
            cells.append([text.strip() for text in texts])
        else:
            problems.add(
                f"row {row:,} has {len(texts):,} columns and the header has {len(header)}; each "
                "row needs a cell for every column, and a cell with a comma needs quotation marks"
            )
    if next(found, None):
        raise TableError(f"there are more than {MOST_ROWS:,} rows; leave some out")
    problems.refuse()
    if not rows:
        raise TableError("there are no rows below the columns' names; add the data")
    return rows, cells


def _listed(names: Sequence[str]) -> str:
    most = 12
    listed = ", ".join(map(quoted, names[:most]))
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed
