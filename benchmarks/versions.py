"""The training of a page's default run, beside an earlier version's in the same minute.

In processor seconds, imports excluded.
"""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.report import GOAL, Report
from support.goals import Figure, at_least
from support.server import ROOT

EARLIER = "42443ab"
ROUNDS = 7


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    """The files of a commit in a folder of their own; the repository itself is not touched.

    Raises:
        subprocess.CalledProcessError: This is no clone, or one without that commit.
    """
    packed = ["git", "-C", str(ROOT), "archive", "--format=tar", commit]
    files = subprocess.run(packed, stdout=subprocess.PIPE, check=True).stdout
    with TemporaryDirectory() as place:
        with tarfile.open(fileobj=io.BytesIO(files)) as archive:
            archive.extractall(place, filter="data")
        yield Path(place)


@contextmanager
def _trainer(tree: Path, how: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that trains with the code of a tree whenever it is given a seed."""
    with subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks/default_run.py"), how],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process  # the end of its input ends it


def _seconds(process: "subprocess.Popen[str]", seed: int) -> float:
    assert process.stdin
    assert process.stdout
    print(seed, file=process.stdin, flush=True)
    return float(process.stdout.readline())


def main(report: Report) -> None:
    report.table(
        "Training the default run of vanishing gradients, in turn, imports excluded",
        {"": 52, EARLIER: 16, "now": 16, "ratio": GOAL},
    )
    with (
        _checked_out(EARLIER) as tree,
        _trainer(tree, "then") as then,
        _trainer(ROOT, "now") as now,
    ):
        taken = [(_seconds(then, seed), _seconds(now, seed)) for seed in range(ROUNDS + 1)]
    earlier, ours = (median(seconds) for seconds in zip(*taken[1:], strict=True))
    report.row(
        f"processor seconds, median of {ROUNDS} seeds",
        f"{earlier:.2f} s",
        f"{ours:.2f} s",
        Figure(f"{earlier / ours:.2f}×", earlier / ours, at_least(1.5, "×")),
    )
