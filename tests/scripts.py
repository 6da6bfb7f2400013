"""Helpers for tests of the scripts that the pages offer."""

import csv
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory

import numpy as np

from sigviz.data.table import Table
from sigviz.experiments import settings_of
from sigviz.settings import TrainingSettings, parameters
from sigviz.takeaway.script import script


def each_option(name: str) -> Iterator[TrainingSettings]:
    """The defaults, and each option of each choice in them alone."""
    cls = settings_of(name)
    yield cls()
    for field, parameter in parameters(cls).items():
        for option in parameter.options:
            value = option if parameter.kind == "choice" else (option,)
            settings = cls.model_validate({field: value})
            yield settings.with_table(table()) if option == "own-data" else settings


def table(name: str = "my data.csv", label: str = "kind") -> Table:
    """A learner's own data: forty rows, two features, two classes."""
    rows = np.arange(40)
    x = np.stack([rows % 2 + np.sin(3 * rows), np.cos(rows)], axis=1)
    return Table("0", name, ("height", "weight"), label, ("a", "b"), x, rows % 2)


def save(own: Table) -> None:
    """Write a table as the CSV file that it was read from."""
    with Path(own.name).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter=own.delimiter)
        rows.writerow([*own.features, own.label])
        for x, y in zip(own.x.tolist(), own.y, strict=True):
            rows.writerow([*x, own.classes[y]])


def values(text: str) -> dict[str, float]:
    """What was printed, ``name = value`` a line; a line that begins with # is a remark."""
    rows = [row.split(" = ") for row in text.splitlines() if not row.startswith("#")]
    return {name: float(value) for name, value in rows}


@cache
def printed(name: str, settings: TrainingSettings) -> dict[str, float]:
    """What the script prints, run in a folder of its own."""
    out = StringIO()
    with TemporaryDirectory() as folder, chdir(folder), redirect_stdout(out):
        if settings.table:
            save(settings.table)
        file = Path("script.py")
        file.write_text(script(name, settings), encoding="utf-8")
        run_path(str(file), run_name="__main__")
    return values(out.getvalue())
