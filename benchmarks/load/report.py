"""What crowds of several sizes met, beside the goals."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.load.crowd import Crowd
from benchmarks.load.machine import MB
from benchmarks.report import heading
from support.goals import Goal, at_most
from support.learners.record import Seconds

TITLES = {"lesson": "Following a lesson", "wander": "Wandering"}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        goal: What the value should be for a crowd of `at` learners.
    """

    title: str
    value: Callable[[Crowd], float | Seconds]
    form: str = "{:.0f}"
    goal: Goal | None = None
    at: int = 30


def _web_time(done: Crowd) -> float:
    """Milliseconds that the web process computes for each answer: the same on a busy machine."""
    answers = done.record.answers + done.record.ticks
    return 1000 * done.usage.web * done.plan.seconds / answers if answers else math.nan


def rows(mode: str) -> list[Row]:
    """The table's lines for one kind of learner."""
    complete = {"lesson": 0.2, "wander": 4.0}[mode]
    seconds = "{}"
    return [
        Row("actions answered a second", lambda c: c.record.answers / c.plan.seconds, "{:.2f}"),
        Row("ticks answered a second", lambda c: c.record.ticks / c.plan.seconds, "{:.1f}"),
        Row("page opened → first frame, p95", lambda c: c.record.first(0.95, "open"), seconds),
        Row("page opened → complete, p95", lambda c: c.record.complete(0.95, "open"), seconds),
        Row("setting → first frame, p50", lambda c: c.record.first(0.5), seconds),
        Row("setting → first frame, p95", lambda c: c.record.first(0.95), seconds),
        Row("setting → complete, p50", lambda c: c.record.complete(0.5), seconds),
        Row(
            "setting → complete, p95",
            lambda c: c.record.complete(0.95),
            seconds,
            at_most(complete, " s"),
        ),
        Row("runs asked for", lambda c: len(c.record.runs())),
        Row("  not waited for to the end", lambda c: c.record.left),
        Row("  joined", lambda c: c.record.shares().get("joined", 0), "{:.0%}"),
        Row("  trained ahead", lambda c: c.record.shares().get("ahead", 0), "{:.0%}"),
        Row("  remembered", lambda c: c.record.shares().get("remembered", 0), "{:.0%}"),
        Row("refused as too long", lambda c: c.record.refused),
        Row("errors", lambda c: c.record.errors.total(), goal=at_most(0), at=60),
        Row(
            "memory for each learner",
            lambda c: c.per_learner / MB,
            "{:.2f} MB",
            at_most(2, " MB"),
            at=60,
        ),
        Row("  just after they have left", lambda c: c.kept / MB, "{:.2f} MB"),
        Row("memory of remembered runs, in all", lambda c: c.remembered / MB, "{:.1f} MB"),
        Row("web processor time an answer", _web_time, "{:.0f} ms"),
        Row("cores busy: web process", lambda c: c.usage.web, "{:.2f}"),
        Row("  workers", lambda c: c.usage.workers, "{:.2f}"),
        Row("  the learners of this benchmark", lambda c: c.usage.ourselves, "{:.2f}"),
        Row("  anything else on this machine", lambda c: c.usage.others, "{:.2f}"),
        Row("memory of the workers", lambda c: c.usage.workers_memory / MB, "{:.0f} MB"),
    ]


def report(mode: str, crowds: list[Crowd]) -> None:
    """Print the table for one kind of learner, and below it what went wrong."""
    heading(TITLES[mode])
    _print("learners", [f"{crowd.plan.learners}" for crowd in crowds])
    for line in rows(mode):
        cells = [line.form.format(line.value(crowd)).replace("nan ms", "–") for crowd in crowds]
        _print(line.title, [*cells, f"  {_verdict(line, crowds)}"])
    wrong = sum((crowd.record.errors for crowd in crowds), Counter[str]())
    for message, times in wrong.most_common():
        print(f"{times:>6} × {message}")


def _print(title: str, cells: list[str]) -> None:
    print(f"{title:<36}" + "".join(f"{cell:>11}" for cell in cells).rstrip(), flush=True)


def _verdict(line: Row, crowds: list[Crowd]) -> str:
    for crowd in crowds:
        if line.goal and crowd.plan.learners == line.at:
            value = line.value(crowd)
            number = value.value if isinstance(value, Seconds) else value
            return f"at {line.at}, {line.goal.verdict(number)}"
    return ""
