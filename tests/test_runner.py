"""Runs in worker processes: streamed, stopped, replaced, and never in this process."""

import os
import signal
import sys
from collections.abc import Iterator
from time import monotonic

import pytest

from sigviz.experiments import names
from sigviz.experiments.vanishing_gradients.settings import Settings
from sigviz.runner import FORGOTTEN_AFTER, Run, Runner, State
from sigviz.trace import Trace

NAME = "vanishing-gradients"
SHORT = Settings(depth=2, steps=20, repeats=2)
LONG = Settings(depth=2, steps=5000)
HEAVY = Settings(depth=50, width=128, repeats=16, batch_size=512, steps=50)
"""One step of this takes longer than a worker has to stop."""

PATIENCE = 60.0


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner(workers=1)
    yield runner
    runner.close()


def end_of(run: Run) -> Run:
    """Follow a run as a page does, to its end."""
    give_up = monotonic() + PATIENCE
    seen: Trace | None = None
    while not run.state.over:
        assert monotonic() < give_up, run.state
        seen = run.latest(seen, timeout=1)
    return run


def begun(run: Run) -> Run:
    give_up = monotonic() + PATIENCE
    while run.trace is None:
        assert monotonic() < give_up, run.state
        run.latest(None, timeout=1)
    return run


def test_a_run_comes_back_whole(runner: Runner) -> None:
    run = end_of(runner.submit(NAME, SHORT))
    assert run.state is State.COMPLETE
    assert run.trace is not None
    assert run.trace.step == SHORT.steps
    assert len(run.trace.series["loss"]) == SHORT.steps + 1
    assert set(run.trace.metrics) == set(SHORT.metrics())
    shapes = [layer.weights.shape for layer in run.trace.layers]
    assert shapes == [(3, 2, 64, 32), (3, 2, 32, 32), (3, 2, 32, 10)]


def test_torch_stays_out_of_the_web_process() -> None:
    """In a process of its own, since other tests of this one import torch."""
    figures = [f"sigviz.experiments.{name.replace('-', '_')}.figures" for name in names()]
    code = (
        f"import sys, sigviz.ui, {', '.join(figures)}; "
        "sys.exit('torch' in sys.modules or 'sklearn' in sys.modules)"
    )
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0


def test_traces_arrive_while_it_trains(runner: Runner) -> None:
    run = begun(runner.submit(NAME, LONG))
    assert run.state is State.RUNNING
    assert run.trace is not None
    assert not run.trace.done
    run.stop()
    assert end_of(run).state is State.STOPPED


def test_a_stopped_run_frees_its_worker_for_the_next(runner: Runner) -> None:
    run, following = runner.submit(NAME, LONG), runner.submit(NAME, SHORT)
    assert runner.ahead_of(following) == 0 or runner.ahead_of(following) == 1
    begun(run).stop()
    assert end_of(following).state is State.COMPLETE
    assert run.state is State.STOPPED


def test_a_worker_deep_in_one_step_is_replaced(runner: Runner) -> None:
    before = runner.processes
    run = begun(runner.submit(NAME, HEAVY))
    run.stop()
    assert end_of(run).state is State.STOPPED
    assert end_of(runner.submit(NAME, SHORT)).state is State.COMPLETE
    assert runner.processes != before


def test_a_killed_worker_is_reported_and_replaced(runner: Runner) -> None:
    run = begun(runner.submit(NAME, LONG))
    (worker,) = runner.processes
    os.kill(worker, signal.SIGKILL)
    assert end_of(run).state is State.LOST
    assert end_of(runner.submit(NAME, SHORT)).state is State.COMPLETE


def test_a_worker_killed_while_idle_costs_nobody_a_run(runner: Runner) -> None:
    end_of(runner.submit(NAME, SHORT))
    (worker,) = runner.processes
    os.kill(worker, signal.SIGKILL)
    assert end_of(runner.submit(NAME, SHORT)).state is State.COMPLETE


def test_a_run_nobody_asks_after_is_stopped(runner: Runner) -> None:
    run = begun(runner.submit(NAME, LONG))
    asked_last = monotonic()
    while not run.state.over:
        assert monotonic() < asked_last + FORGOTTEN_AFTER + PATIENCE
        with run._changed:
            run._changed.wait(0.1)
    assert run.forgotten
    assert monotonic() > asked_last + FORGOTTEN_AFTER - 0.5


def test_a_run_ends_when_whoever_asked_leaves(runner: Runner) -> None:
    here = True
    run = begun(runner.submit(NAME, LONG, lambda: here))
    here = False
    left = monotonic()
    with run._changed:
        run._changed.wait_for(lambda: run.state.over, FORGOTTEN_AFTER)
    assert run.forgotten
    assert monotonic() - left < FORGOTTEN_AFTER


def test_closing_ends_every_process() -> None:
    runner = Runner(workers=2)
    end_of(runner.submit(NAME, SHORT))
    processes = runner.processes
    runner.close()
    assert processes
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
