"""What the columns of a learner's table hold: classes in one, numbers in the others.

What is wrong goes to the problems, with the row as a spreadsheet counts it.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sigviz.data.csv_text import Problems, quoted

FEWEST_CLASSES, MOST_CLASSES = 2, 10
FEWEST_ROWS_OF_A_CLASS = 2
LARGEST_NUMBER = float(np.finfo(np.float32).max)

_DIGITS = re.compile(r"[0-9.eE+-]*")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?", re.ASCII)
_FORMULA = re.compile(r"[=@]|[+-][A-Za-z(]")
_NO_FORMULAS = "is a formula; export the values and not the formulas"
_MISSING = {"", "nan", "na", "n/a", "#n/a", "null", "none", "-", "?"}
_INFINITE = {"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"}


def classes_of(
    rows: Sequence[int], labels: Sequence[str], column: str, problems: Problems
) -> tuple[str, ...]:
    """The classes of the labels in `rows`, in order."""
    for row, label in zip(rows, labels, strict=True):
        if not label or label.lower() == "nan":
            problems.add(
                f"row {row:,}, column {quoted(column)}: the label is missing; fill it in or leave "
                "the row out"
            )
        elif label.startswith("="):
            problems.add(f"row {row:,}, column {quoted(column)}: {quoted(label)} {_NO_FORMULAS}")
    members = Counter(labels)
    numeric = all(map(is_number, members))
    allowed = f"{FEWEST_CLASSES} to {MOST_CLASSES} classes"
    if len(members) < FEWEST_CLASSES:
        problems.add(
            f"column {quoted(column)}, the label: from row {rows[0]:,} to row {rows[-1]:,} it is "
            f"{quoted(labels[0])} all the way; there must be {allowed}"
        )
    elif len(members) > MOST_CLASSES:
        problems.add(
            f"column {quoted(column)}, the label, has {len(members):,} different values from row "
            f"{rows[0]:,} on; there must be {allowed}. "
            + ("It looks like a number to predict: cut it into classes or c" if numeric else "C")
            + "hoose another label column"
        )
    elif few := [name for name, count in members.items() if count < FEWEST_ROWS_OF_A_CLASS]:
        alone = ", ".join(f"{quoted(name)} (row {rows[labels.index(name)]:,})" for name in few)
        problems.add(
            f"column {quoted(column)}, the label: {alone} {'stands' if len(few) == 1 else 'stand'} "
            f"in a single row; each class needs at least {FEWEST_ROWS_OF_A_CLASS} rows"
        )
    return tuple(sorted(members, key=lambda text: (float(text) if numeric else 0.0, text)))


def numbers_of(
    rows: Sequence[int],
    cells: Sequence[Sequence[str]],
    columns: Sequence[str],
    label: str,
    problems: Problems,
) -> NDArray[np.float64]:
    """The features ``[rows, columns]``; not to be used where there is a problem.

    ``pandas.to_numeric`` is no faster with a full table, and importing it takes longer than that.
    """
    x = np.zeros((len(rows), len(columns)))
    for i, (row, texts) in enumerate(zip(rows, cells, strict=True)):
        if all(texts) and _DIGITS.fullmatch("".join(texts)):
            try:
                x[i] = [float(text) for text in texts]
            except ValueError:
                pass
            else:
                if (np.abs(x[i]) <= LARGEST_NUMBER).all():
                    continue
        for column, text in zip(columns, texts, strict=True):
            if wrong := _wrong_number(text, label):
                problems.add(f"row {row:,}, column {quoted(column)}: {wrong}")
    return x


def is_number(text: str) -> bool:
    """Whether it is a number as a program writes it: digits, a point, an exponent."""
    if not _DIGITS.fullmatch(text):
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def _wrong_number(text: str, label: str) -> str | None:
    """Why a cell is not a number that can be used, and what to do; None if it is one."""
    cell = quoted(text)
    if is_number(text):
        small = abs(float(text)) <= LARGEST_NUMBER
        return None if small else f"{cell} is too large; the limit is {LARGEST_NUMBER:.2g}"
    if text.lower() in _MISSING:
        what = f"{cell} stands for a missing number" if text else "the number is missing"
    elif text.lower() in _INFINITE:
        what = f"{cell} is not finite"
    elif _FORMULA.match(text):
        return f"{cell} {_NO_FORMULAS}"
    elif _DECIMAL_COMMA.fullmatch(text):
        return f"{cell} has a comma; write it with a point, {quoted(text.replace(',', '.'))}"
    else:
        return f"{cell} is not a number; every column but the label, {quoted(label)}, holds numbers"
    return f"{what}; fill it in or leave the row out"
