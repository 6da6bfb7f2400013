"""The workers: how soon a killed one is replaced, and what two idle ones hold of the memory."""

import os
import signal
from collections.abc import Callable
from statistics import median
from time import monotonic, perf_counter, sleep

import psutil

from benchmarks.report import GOAL, Report
from benchmarks.runs import follow, submitted
from sigviz.experiments.registry import names
from sigviz.runner import Runner
from support.goals import Figure, at_most
from support.server import PATIENCE

PAGE, STEPS = "vanishing-gradients", 2000
ROUNDS = 5
LOOK = 0.001
"""Seconds between two looks at what is waited for."""

QUIET = 1.0
"""Seconds without work after which a process counts as idle."""

GB = 1e9


def _until(condition: Callable[[], object]) -> None:
    give_up = monotonic() + PATIENCE
    while not condition():
        if monotonic() > give_up:
            raise TimeoutError(f"nothing has come in {PATIENCE:.0f} s")
        sleep(LOOK)


def _killed(runner: Runner, seed: int) -> float:
    """Seconds from a worker's death in mid-run until another reports of the same run."""
    run = submitted(runner, PAGE, seed, steps=STEPS)
    _until(run.latest)
    (worker,) = runner.processes
    started = perf_counter()
    os.kill(worker, signal.SIGKILL)
    _until(lambda: run.latest() and run.deaths)
    trained = run.seconds  # as its last report said; it counts from 0 again with the next
    _until(lambda: run.latest() and run.seconds != trained)
    taken = perf_counter() - started
    run.stop()
    return taken


def killed(report: Report) -> None:
    report.table("A worker killed in mid-run, the only one", {"": 56, "seconds": GOAL})
    runner = Runner(workers=1)
    try:
        seconds = median(_killed(runner, seed) for seed in range(ROUNDS))
    finally:
        runner.close()
    report.row(
        f"until another trains the run and reports (median of {ROUNDS})",
        Figure(f"{seconds:.2f} s", seconds, at_most(0.3, " s")),
    )


def _idle(before: set[psutil.Process]) -> list[psutil.Process]:
    """The processes started since, once none of them works any more."""
    since, used = monotonic(), -1.0
    while monotonic() - since < QUIET:
        sleep(QUIET / 10)
        ours = [each for each in psutil.Process().children(recursive=True) if each not in before]
        times = [each.cpu_times() for each in ours]
        now = sum(time.user + time.system for time in times)
        if now > used + 0.02:
            since, used = monotonic(), now
    return ours


def _held(report: Report, name: str, processes: list[psutil.Process], *, bound: bool) -> None:
    full = [each.memory_full_info() for each in processes]
    shared_out = sum(each.pss for each in full) / GB
    report.row(
        name,
        f"{len(full)}",
        f"{sum(each.rss for each in full) / GB:.2f} GB",
        f"{sum(each.uss for each in full) / GB:.2f} GB",
        Figure(f"{shared_out:.2f} GB", shared_out, at_most(0.6, " GB") if bound else None),
    )


def memory(report: Report) -> None:
    report.table(
        "Memory of two idle workers and of what they are forked from, together",
        {"": 52, "processes": 16, "RSS": 16, "of their own": 16, "PSS": GOAL},
    )
    before = set(psutil.Process().children(recursive=True))
    runner = Runner(workers=2)
    try:
        _until(lambda: runner.ready == len(runner.processes) == 2)
        _held(report, "ready", _idle(before), bound=True)
        for name in names():
            follow(runner, name, 0)
        _held(report, "after every page's default run", _idle(before), bound=False)
    finally:
        runner.close()
    print("PSS: a page of memory that n processes share counts 1/n in each, so the sum is what")
    print("they take of the machine; RSS counts it in every one of them.")


def main(report: Report) -> None:
    killed(report)
    memory(report)
