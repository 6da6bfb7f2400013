"""Runs in worker processes: streamed, shared, stopped, taking turns, and never in this process."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from time import monotonic

import numpy as np
import psutil
import pytest

from sigviz.data.table import Table
from sigviz.experiments.registry import find
from sigviz.runner import FORGOTTEN_AFTER, Runner, State
from sigviz.runner.local.workers import LocalWorkers
from sigviz.runner.ray.workers import RayWorkers
from sigviz.runner.workers import Workers
from sigviz.settings import OWN_DATA, Job
from sigviz.trace import Trace
from support.runs import begun, end_of, finished, until

pytestmark = pytest.mark.heavy

EXPERIMENT = find("vanishing-gradients")
SHORT = EXPERIMENT.job(depth=2, steps=20, repeats=2)
MEDIUM = EXPERIMENT.job(depth=2, steps=1000, repeats=1)
LONG = EXPERIMENT.job(depth=2, steps=5000)


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
    run = end_of(runner.submit(SHORT, fresh=True))
    assert run.state is State.COMPLETE
    assert run.trace is not None
    assert run.trace.step == SHORT.settings.steps
    assert len(run.trace.series["loss"]) == SHORT.settings.steps + 1
    assert set(run.trace.metrics) == set(SHORT.settings.metrics())
    assert list(run.trace.weights) == list(SHORT.settings.variants)
    for named in run.trace.weights.values():
        shapes = [named[name].shape for name in ("0.weight", "2.weight", "4.weight")]
        assert shapes == [(2, 32, 64), (2, 32, 32), (2, 10, 32)]


@everywhere
def test_traces_arrive_while_it_trains(runner: Runner) -> None:
    run = begun(runner.submit(LONG))
    assert run.state is State.RUNNING
    assert run.trace is not None
    assert not run.trace.done
    run.stop()
    assert end_of(run).state is State.STOPPED


@everywhere
def test_a_stopped_run_frees_its_worker_for_the_next(runner: Runner) -> None:
    run, following = runner.submit(LONG), runner.submit(SHORT, fresh=True)
    until(lambda: run.trace, run, following)
    run.stop()
    assert end_of(following).state is State.COMPLETE
    assert run.state is State.STOPPED


def test_a_worker_that_does_not_stop_in_time_is_replaced(runner: Runner) -> None:
    """It stands still, as it would in the middle of one very large step."""
    run = begun(runner.submit(LONG))
    (before,) = runner.processes
    os.kill(before, signal.SIGSTOP)
    run.stop()
    assert end_of(run).state is State.STOPPED
    until(lambda: not psutil.pid_exists(before))
    assert end_of(runner.submit(SHORT, fresh=True)).state is State.COMPLETE


def test_a_run_nobody_asks_after_is_stopped(runner: Runner) -> None:
    run = begun(runner.submit(LONG))
    asked_last = monotonic()
    until(lambda: run.state.over)
    assert run.forgotten
    assert monotonic() > asked_last + FORGOTTEN_AFTER - 0.5


def test_a_run_ends_when_whoever_asked_leaves(runner: Runner) -> None:
    here = True
    run = begun(runner.submit(LONG, lambda: here))
    here = False
    left = monotonic()
    until(lambda: run.state.over)
    assert run.forgotten
    assert monotonic() - left < FORGOTTEN_AFTER


@everywhere
def test_a_broken_run_fails_and_the_worker_goes_on(runner: Runner) -> None:
    assert (
        end_of(runner.submit(replace(SHORT, experiment="no-such-experiment"))).state is State.FAILED
    )
    assert end_of(runner.submit(SHORT, fresh=True)).state is State.COMPLETE


@everywhere
def test_two_learners_share_one_training(runner: Runner) -> None:
    first = begun(runner.submit(MEDIUM, learner="a"))
    second = runner.submit(MEDIUM, learner="b")
    assert second.latest() is not None, "it begins with what was recorded before"
    until(lambda: first.state.over and second.state.over, first, second)
    assert second.trace is first.trace
    assert (first.origin, second.origin) == ("trained", "joined")
    assert runner.submit(MEDIUM, learner="c").origin == "remembered"


@everywhere
def test_own_data_reaches_a_worker_and_is_not_shared(runner: Runner) -> None:
    """A table larger than what a socket takes at once."""
    x = np.random.default_rng(0).normal(size=(10_000, 50))
    y = (x[:, 0] > 0).astype(np.int64)
    table = Table("digest", "mine.csv", ("a",) * 50, "b", ("0", "1"), x, y)
    mine = find("mse-vs-bce").job(table, problem=OWN_DATA, steps=20, repeats=2)
    here = finished(find("mse-vs-bce").run(mine))
    for _ in range(2):
        run = end_of(runner.submit(mine))
        assert (run.state, run.origin) == (State.COMPLETE, "trained")
        assert run.trace is not None
        np.testing.assert_array_equal(run.trace.series["loss"], here.series["loss"])


@cache
def alone(job: Job) -> Trace:
    """The end of a run in this process."""
    return finished(EXPERIMENT.run(job))


@everywhere
def test_long_runs_give_way_and_end_as_if_undisturbed(runner: Runner) -> None:
    long = [
        runner.submit(EXPERIMENT.job(depth=2, steps=1000, repeats=1, seed=seed)) for seed in (1, 2)
    ]
    until(lambda: all(run.latest() for run in long))
    newcomer = runner.submit(SHORT, fresh=True)
    until(lambda: newcomer.state.over, *long, newcomer)
    assert not any(run.state.over for run in long)
    until(lambda: all(run.state.over for run in long), *long)
    for run in long:
        assert run.trace is not None
        for name, rows in alone(run.job).series.items():
            np.testing.assert_array_equal(run.trace.series[name], rows)


def test_closing_ends_every_process() -> None:
    runner = Runner(workers=2)
    end_of(runner.submit(SHORT, fresh=True))
    processes = runner.processes
    runner.close()
    assert len(processes) == 2
    assert not any(psutil.pid_exists(process) for process in processes)
