"""From the bytes of a CSV file to its rows of texts; or what is wrong, and where.

What is quoted from a file stands in code spans, in which Markdown means nothing.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import count

from sigviz.data.table import shortened

LARGEST_MEGABYTES = 10
LARGEST_FILE = LARGEST_MEGABYTES * 2**20
"""Bytes; the largest table that is allowed, written with twenty characters to a number."""

MOST_PROBLEMS = 5
"""More problems than these are counted and not told."""

DELIMITERS = ",;\t"
LONGEST_QUOTED = 40

_SPREADSHEET = "this is a spreadsheet and not text; export it as “CSV UTF-8” first"
_UTF_16 = "this is text in UTF-16; save it as “CSV UTF-8”"
_MAGIC = {
    b"PK\x03\x04": _SPREADSHEET,  # .xlsx and .ods are ZIP archives
    b"\xd0\xcf\x11\xe0": _SPREADSHEET,  # .xls
    b"\xff\xfe": _UTF_16,
    b"\xfe\xff": _UTF_16,
    b"%PDF": "this is a PDF and not a table; export the table as “CSV UTF-8”",
}


class TableError(Exception):
    """Why a table was not taken.

    Attributes:
        problems: Sentences in Markdown without a full stop, the first `MOST_PROBLEMS` of them and
            how many there are besides.
    """

    def __init__(self, *problems: str, more: int = 0) -> None:
        rest = [f"and {more:,} more of such problems"] if more else []
        self.problems = (*problems, *rest)
        super().__init__("; ".join(self.problems))


class Problems:
    """What is wrong so far; kept short, however much there is."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._more = 0

    def add(self, problem: str) -> None:
        if len(self._told) < MOST_PROBLEMS:
            self._told.append(problem)
        else:
            self._more += 1

    def refuse(self) -> None:
        """Raises a `TableError` if there is a problem."""
        if self._told:
            raise TableError(*self._told, more=self._more)


def quoted(text: str) -> str:
    """A piece of the file as a code span, or a word for nothing."""
    plain = shortened(text, LONGEST_QUOTED).replace("`", "'")
    return f"`{plain}`" if plain else "an empty text"


def decoded(data: bytes) -> str:
    """The text of a file.

    Raises:
        TableError: It is too large, or not text in UTF-8.
    """
    if len(data) > LARGEST_FILE:
        raise TableError(
            f"{len(data) / 2**20:.0f} MB are too many; a file may have {LARGEST_MEGABYTES} MB"
        )
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise TableError(what)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(
            f"{_place(data, error.start)} is not text in UTF-8; save the file as “CSV UTF-8”"
        ) from None
    if "\0" in text:
        raise TableError(
            f"{_place(data, data.index(0))} holds a NUL character, so this is not text in UTF-8; "
            "save the table as “CSV UTF-8”"
        )
    return text


def _place(data: bytes, offset: int) -> str:
    """In which row and column a byte stands, if nothing before it is in quotation marks."""
    lines = data[:offset].splitlines(keepends=True) or [b""]
    ended = lines[-1].endswith((b"\n", b"\r"))
    row, before = (len(lines) + 1, b"") if ended else (len(lines), lines[-1])
    delimiter = delimiter_of(data.lstrip().split(b"\n", 1)[0].decode("latin-1"))
    return f"row {row:,}, column {before.count(delimiter.encode()) + 1}"


def delimiter_of(text: str) -> str:
    """The one of the `DELIMITERS` that cuts the first row into most columns."""
    first = text.lstrip().split("\n", 1)[0].split("\r", 1)[0]
    outside = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=outside.count)


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with their numbers as a spreadsheet counts them, from 1.

    Raises:
        TableError: A quotation mark is where none may be.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise TableError(
                f"row {row:,}: a quotation mark is not closed, or stands within a cell; put the "
                "whole cell in quotation marks and double those within it"
            ) from None
        if any(map(str.strip, cells)):
            yield row, cells
