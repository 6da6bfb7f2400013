"""Runs in worker processes: streamed, shared, stopped, taking turns, and never in this process."""

import os
import signal
import sys
from collections.abc import Iterator
from functools import cache
from time import monotonic

import numpy as np
import psutil
import pytest

from sigviz.data.table import Table
from sigviz.experiments import names, run_of
from sigviz.experiments.mse_vs_bce.settings import Settings as MseVsBce
from sigviz.experiments.vanishing_gradients.settings import Settings
from sigviz.runner import FORGOTTEN_AFTER, Runner, State
from sigviz.runner.local.workers import LocalWorkers
from sigviz.runner.ray.workers import RayWorkers
from sigviz.runner.workers import Workers
from sigviz.trace import Trace
from support.runs import begun, end_of, finished, until

NAME = "vanishing-gradients"
SHORT = Settings(depth=2, steps=20, repeats=2)
MEDIUM = Settings(depth=2, steps=1000, repeats=1)
LONG = Settings(depth=2, steps=5000)
OWN_DATA = MseVsBce(problem="own-data", steps=20, repeats=2)


@pytest.fixture(scope="module")
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """With one worker, of this machine or wherever a test says."""
    pool: Workers = LocalWorkers()
    if getattr(request, "param", None) == "ray":
        pool = RayWorkers(request.getfixturevalue("ray_cluster").address)
    runner = Runner(workers=1, pool=pool)
    yield runner
    runner.close()


everywhere = pytest.mark.parametrize(
    "runner", ["local", pytest.param("ray", marks=pytest.mark.heavy)], indirect=True
)


@everywhere
def test_a_run_comes_back_whole(runner: Runner) -> None:
    run = end_of(runner.submit(NAME, SHORT, fresh=True))
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


@everywhere
def test_traces_arrive_while_it_trains(runner: Runner) -> None:
    run = begun(runner.submit(NAME, LONG))
    assert run.state is State.RUNNING
    assert run.trace is not None
    assert not run.trace.done
    run.stop()
    assert end_of(run).state is State.STOPPED


@everywhere
def test_a_stopped_run_frees_its_worker_for_the_next(runner: Runner) -> None:
    run, following = runner.submit(NAME, LONG), runner.submit(NAME, SHORT, fresh=True)
    until(lambda: run.trace, run, following)
    run.stop()
    assert end_of(following).state is State.COMPLETE
    assert run.state is State.STOPPED


def test_a_worker_that_does_not_stop_in_time_is_replaced(runner: Runner) -> None:
    """It stands still, as it would in the middle of one very large step."""
    run = begun(runner.submit(NAME, LONG))
    (before,) = runner.processes
    os.kill(before, signal.SIGSTOP)
    run.stop()
    assert end_of(run).state is State.STOPPED
    until(lambda: not psutil.pid_exists(before))
    assert end_of(runner.submit(NAME, SHORT, fresh=True)).state is State.COMPLETE


def test_a_run_nobody_asks_after_is_stopped(runner: Runner) -> None:
    run = begun(runner.submit(NAME, LONG))
    asked_last = monotonic()
    until(lambda: run.state.over)
    assert run.forgotten
    assert monotonic() > asked_last + FORGOTTEN_AFTER - 0.5


def test_a_run_ends_when_whoever_asked_leaves(runner: Runner) -> None:
    here = True
    run = begun(runner.submit(NAME, LONG, lambda: here))
    here = False
    left = monotonic()
    until(lambda: run.state.over)
    assert run.forgotten
    assert monotonic() - left < FORGOTTEN_AFTER


@everywhere
def test_a_broken_run_fails_and_the_worker_goes_on(runner: Runner) -> None:
    assert end_of(runner.submit("no-such-experiment", SHORT)).state is State.FAILED
    assert end_of(runner.submit(NAME, SHORT, fresh=True)).state is State.COMPLETE


@everywhere
def test_two_learners_share_one_training(runner: Runner) -> None:
    first = begun(runner.submit(NAME, MEDIUM, learner="a"))
    second = runner.submit(NAME, MEDIUM, learner="b")
    assert second.latest() is not None, "it begins with what was recorded before"
    until(lambda: first.state.over and second.state.over, first, second)
    assert second.trace is first.trace
    assert (first.origin, second.origin) == ("trained", "joined")
    assert runner.submit(NAME, MEDIUM, learner="c").origin == "remembered"


@everywhere
def test_own_data_reaches_a_worker_and_is_not_shared(runner: Runner) -> None:
    """A table larger than what a socket takes at once."""
    x = np.random.default_rng(0).normal(size=(10_000, 50))
    y = (x[:, 0] > 0).astype(np.int64)
    table = Table("digest", "mine.csv", ("a",) * 50, "b", ("0", "1"), x, y)
    mine = OWN_DATA.with_table(table)
    here = finished(run_of("mse-vs-bce")(mine))
    for _ in range(2):
        run = end_of(runner.submit("mse-vs-bce", mine))
        assert (run.state, run.origin) == (State.COMPLETE, "trained")
        assert run.trace is not None
        np.testing.assert_array_equal(run.trace.series["loss"], here.series["loss"])


@cache
def alone(settings: Settings) -> Trace:
    """The end of a run in this process."""
    return finished(run_of(NAME)(settings))


@everywhere
def test_long_runs_give_way_and_end_as_if_undisturbed(runner: Runner) -> None:
    long = [runner.submit(NAME, MEDIUM.model_copy(update={"seed": seed})) for seed in (1, 2)]
    until(lambda: all(run.latest() for run in long))
    newcomer = runner.submit(NAME, SHORT, fresh=True)
    until(lambda: newcomer.state.over, *long, newcomer)
    assert not any(run.state.over for run in long)
    until(lambda: all(run.state.over for run in long), *long)
    for run in long:
        assert run.trace is not None
        for name, rows in alone(run.settings).series.items():
            np.testing.assert_array_equal(run.trace.series[name], rows)


def test_closing_ends_every_process() -> None:
    runner = Runner(workers=2)
    end_of(runner.submit(NAME, SHORT, fresh=True))
    processes = runner.processes
    runner.close()
    assert len(processes) == 2
    assert not any(psutil.pid_exists(process) for process in processes)
