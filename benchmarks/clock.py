"""Seconds."""

import os
import subprocess
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

from support.server import ROOT


def side_by_side(
    rounds: int, *works: Callable[[int], object], clock: Callable[[], float] = perf_counter
) -> list[float]:
    """Median seconds of each of several works, done in turn so that all meet the same noise.

    Args:
        works: Each is given the number of the round, for a seed: 0 first, which is not counted.
        clock: `time.process_time` where a work is one thread of this process that never waits:
            then it does not matter what else the machine does.
    """
    seconds: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for taken, work in zip(seconds, works, strict=True):
            started = clock()
            work(turn)
            taken.append(clock() - started)
    return [median(taken[1:]) for taken in seconds]


def command(line: Sequence[str]) -> Callable[[int], object]:
    """A whole process as a work: from the project's folder, its output thrown away.

    The work raises `subprocess.CalledProcessError` where the process fails.
    """

    def work(_: int) -> None:
        subprocess.run(line, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL, check=True)

    return work
