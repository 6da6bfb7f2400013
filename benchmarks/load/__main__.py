"""``make load``: crowds of 1, 10, 30 and 60 learners, following lessons and wandering.

Everything stays on this machine and ends by itself. Times are taken in the learners' tabs, from
the sending of a setting to the arrival of a frame: what a browser takes to paint it comes on top.
The learners run in one process on the same cores as the server; what they take is in the table.
A class of a few acts briskly: each waits for its run and goes on within a second.
"""

import asyncio
import signal
import sys

import click

from benchmarks.load.crowd import MODES, Crowd, Plan, crowd
from benchmarks.load.machine import machine
from benchmarks.load.report import report
from sigviz.experiments.registry import names


@click.command(help=__doc__)
@click.option(
    "--learners",
    type=click.IntRange(1, 200),
    multiple=True,
    default=(1, 10, 30, 60),
    show_default=True,
)
@click.option("--mode", type=click.Choice(list(MODES)), multiple=True, default=tuple(MODES))
@click.option("--seconds", type=click.IntRange(5, 300), default=60, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--lesson", type=click.Choice(names()), help="All begin with this lesson's first step."
)
def main(
    learners: tuple[int, ...], mode: tuple[str, ...], seconds: int, seed: int, lesson: str | None
) -> None:
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit("ended by a signal")
    )  # no server stays behind
    errors = 0
    for each in mode:
        crowds: list[Crowd] = []
        for number in learners:
            with machine() as server:
                crowds.append(asyncio.run(crowd(server, Plan(each, number, seconds, seed, lesson))))
            print(f"{each}: {number} done", file=sys.stderr, flush=True)
        report(each, crowds)
        errors += sum(done.record.errors.total() for done in crowds)
    sys.exit(1 if errors else 0)


main()
