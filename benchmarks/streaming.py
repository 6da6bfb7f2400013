"""What it costs to follow a run through a worker, beside the same run in one's own process."""

from functools import partial

import torch

from benchmarks.clock import side_by_side
from benchmarks.report import GOAL, Report
from benchmarks.runs import follow, here, job
from sigviz.experiments.registry import names
from sigviz.runner import Runner
from support.goals import Figure, at_most

ROUNDS = 5


def main(report: Report) -> None:
    torch.set_num_threads(1)
    report.table(
        "A run through a worker process, followed as a page follows it",
        {"": 52, "estimate": 16, "in process": 16, "streamed": 14, "cost": GOAL},
    )
    runner = Runner(workers=1)
    try:
        for name in names():
            alone, streamed = side_by_side(
                ROUNDS,
                partial(here, name),
                partial(follow, runner, name),
            )
            cost = 100 * (streamed / alone - 1)
            report.row(
                name,
                f"{job(name, 0).seconds:.2f} s",
                f"{alone:.2f} s",
                f"{streamed:.2f} s",
                Figure(f"{cost:+.0f} %", cost, at_most(15, " %")),
            )
    finally:
        runner.close()
