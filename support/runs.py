"""Helpers for tests that train."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic
from typing import Any

from sigviz.runner import Run
from sigviz.trace import Trace

PATIENCE = 60.0


def finished(traces: Iterator[Trace]) -> Trace:
    """The last trace of a run."""
    *_, last = traces
    return last


def until(condition: Callable[[], object], *watched: Run) -> None:
    """Wait for a condition, looking at runs meanwhile as their pages do."""
    give_up = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < give_up, [run.state for run in watched]
        for run in watched:
            run.latest()
        Event().wait(0.01)


def end_of(run: Run) -> Run:
    """Follow a run as a page does, to its end."""
    give_up = monotonic() + PATIENCE
    seen: Trace | None = None
    while not run.state.over:
        assert monotonic() < give_up, run.state
        seen = run.latest(seen, timeout=1)
    return run


def begun(run: Run) -> Run:
    """Wait for a run's first trace."""
    until(lambda: run.trace is not None, run)
    return run


def on_a_loop_of_its_own(
    work: Coroutine[Any, Any, None],
    make: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop,
) -> None:
    """Run a coroutine to its end; this thread may be running Playwright's loop."""

    def run() -> None:
        with asyncio.Runner(loop_factory=make) as runner:
            runner.run(work)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
