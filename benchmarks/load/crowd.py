"""A number of learners on a server of their own, and what they met."""

import asyncio
from dataclasses import dataclass
from random import Random
from time import monotonic

from benchmarks.load.machine import Machine, Usage
from sigviz.course.reader import read_all
from sigviz.experiments.registry import names
from support.learners.learner import SETTLE, Follower, Learner, Wanderer
from support.learners.record import Record
from support.learners.tab import Tab

MODES: dict[str, type[Learner]] = {"lesson": Follower, "wander": Wanderer}

ARRIVAL = 20.0
"""Seconds over which thirty learners or more open their pages; fewer take fewer."""

COLD = 180.0
"""Seconds that a page may take at most while the workers are still starting."""

FEW = 5
"""Fewer learners than this act briskly; else a minute would hold too little for a p95."""

QUIET = 2.0
"""Seconds without a learner's doing before memory is read."""


@dataclass(frozen=True)
class Plan:
    """What a crowd is to do.

    Attributes:
        mode: A name in `MODES`.
        seconds: How long to measure, once all have arrived.
        seed: Where the learners' chances start.
        lesson: All begin with this experiment's page and the first step of its lesson; None: they
            are spread over all pages, and over all steps of the lessons.
    """

    mode: str
    learners: int
    seconds: float
    seed: int = 0
    lesson: str | None = None

    def learner(self, number: int, address: str, record: Record) -> Learner:
        """One of the learners."""
        lessons, _ = read_all()
        random = Random(f"{self.seed}/{number}")
        page = self.lesson or names()[number % len(names())]
        step = 1 if self.lesson else random.randint(1, len(lessons[page].steps))
        query = f"step={step}" if self.mode == "lesson" else ""
        brisk = self.learners < FEW
        return MODES[self.mode](address, record, random, page, query, brisk=brisk)


@dataclass(frozen=True)
class Crowd:
    """What a crowd of learners met.

    Attributes:
        usage: Processor seconds a second while they were at it.
        per_learner, kept: Bytes that the web process has gained, for each learner and without the
            runs that it remembers: while they look at their pages, and after they have left.
        remembered: Bytes of all the runs that it remembers in the end.
    """

    plan: Plan
    record: Record
    usage: Usage
    per_learner: float
    kept: float
    remembered: int


async def crowd(machine: Machine, plan: Plan) -> Crowd:
    """Let learners arrive one by one and work, and measure for some seconds."""
    await _warm_up(machine)
    before = machine.usage()
    record, leave = Record(), asyncio.Event()
    gap = ARRIVAL / max(30, plan.learners)
    ends = monotonic() + gap * plan.learners + plan.seconds
    learners = [plan.learner(n, machine.address, record) for n in range(plan.learners)]
    tasks = []
    for learner in learners:
        tasks.append(asyncio.create_task(learner.live(ends, leave)))
        await asyncio.sleep(gap)
    record.measuring, start = True, machine.usage()
    await asyncio.sleep(max(0.0, ends - monotonic()))
    record.measuring, usage = False, machine.usage().since(start)
    await asyncio.gather(*(learner.rests.wait() for learner in learners))
    await asyncio.sleep(QUIET)
    gained = machine.usage().learners_memory - before.learners_memory
    leave.set()
    await asyncio.gather(*tasks)
    await asyncio.sleep(QUIET)
    after = machine.usage()
    kept = after.learners_memory - before.learners_memory
    each = gained / plan.learners, kept / plan.learners
    return Crowd(plan, record, usage, *each, after.remembered)


async def _warm_up(machine: Machine) -> None:
    """One learner sees every page's run: what is loaded for the first one is not the others'."""
    async with Tab(machine.address, Record()) as tab:
        await tab.open(names()[0])
        for name in names():
            if name != names()[0]:
                await asyncio.sleep(SETTLE)
                await tab.go(name)
            if not await tab.until(lambda: tab.action.complete is not None, COLD):
                raise SystemExit(f"{name} is not complete within {COLD:.0f} s, with one learner")
    await asyncio.sleep(QUIET)
