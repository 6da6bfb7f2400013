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
from sigviz.experiments.registry import find
from sigviz.settings import OWN_DATA, Job, fields_of
from sigviz.takeaway.script import script


def each_option(name: str) -> Iterator[Job]:
    """The defaults, and each option of each choice in them alone."""
    experiment = find(name)
    yield experiment.job()
    for field, known in fields_of(experiment.settings).items():
        for option in known.options:
            value = option if known.kind == "choice" else (option,)
            own = table() if option == OWN_DATA else None
            yield experiment.job(own, **{field: value})


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
def printed(job: Job) -> dict[str, float]:
    """What the script prints, run in a folder of its own."""
    out = StringIO()
    with TemporaryDirectory() as folder, chdir(folder), redirect_stdout(out):
        if job.table:
            save(job.table)
        file = Path("script.py")
        file.write_text(script(job), encoding="utf-8")
        run_path(str(file), run_name="__main__")
    return values(out.getvalue())
