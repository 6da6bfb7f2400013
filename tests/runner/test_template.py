"""Workers that are forked from a template: what they share, what they must not, and what dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil
import pytest

from sigviz.experiments.registry import find
from sigviz.runner import Run, Runner, State
from sigviz.runner.environment import environment
from sigviz.runner.local.workers import CAN_FORK, LocalWorkers
from sigviz.runner.pools import pool_at, prepare
from support.runs import begun, end_of, until

EXPERIMENT = find("vanishing-gradients")
SHORT = EXPERIMENT.job(depth=2, steps=20, repeats=2)
LONG = EXPERIMENT.job(depth=2, steps=5000)
TWO_IDLE = 600_000_000
"""Bytes that two idle workers may take together."""

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CAN_FORK, reason="workers are not forked here"),
]


@pytest.fixture(scope="module")
def pool() -> LocalWorkers:
    return LocalWorkers(fork=True)


@pytest.fixture(scope="module")
def runner(pool: LocalWorkers) -> Iterator[Runner]:
    runner = Runner(workers=2, pool=pool)
    yield runner
    runner.close()


def workers(runner: Runner) -> list[psutil.Process]:
    """Both of them, once they are up."""
    until(lambda: runner.ready == 2)
    return [psutil.Process(pid) for pid in runner.processes]


def template(pool: LocalWorkers) -> psutil.Process:
    until(lambda: pool.template)
    return psutil.Process(pool.template)


def test_two_idle_workers_share_what_they_have_imported(runner: Runner) -> None:
    end_of(runner.submit(SHORT, fresh=True))
    assert sum(worker.memory_info().rss for worker in workers(runner)) < TWO_IDLE


def test_a_worker_has_its_own_connection_open_and_nothing_else(runner: Runner) -> None:
    for worker in workers(runner):
        opened = {int(path.name): path for path in Path(f"/proc/{worker.pid}/fd").iterdir()}
        (connection,) = opened.keys() - {0, 1, 2}
        assert os.readlink(opened[connection]).startswith("socket:")


def test_no_thread_is_copied_or_left_behind(runner: Runner, pool: LocalWorkers) -> None:
    for process in [*workers(runner), template(pool)]:
        assert process.num_threads() == 1


def _died_once(run: Run) -> bool:
    return run.deaths == 1


def _gone(processes: frozenset[int]) -> bool:
    return not any(map(psutil.pid_exists, processes))


def test_a_worker_killed_in_mid_run_leaves_no_zombie(runner: Runner, pool: LocalWorkers) -> None:
    workers(runner)
    before = template(pool).pid
    for _ in range(3):
        run = begun(runner.submit(LONG, fresh=True))
        killed = runner.processes
        for process in killed:
            os.kill(process, signal.SIGKILL)
        until(partial(_died_once, run), run)
        until(partial(_gone, killed), run)
        assert {worker.ppid() for worker in workers(runner)} == {before}
        run.stop()
        assert end_of(run).state is State.STOPPED
    assert len(psutil.Process(before).children()) == 2


def test_workers_survive_their_template_and_another_takes_its_place() -> None:
    """A runner of its own: another test's worker that did not stop in time would be replaced."""
    pool = LocalWorkers(fork=True)
    with closing(Runner(workers=2, pool=pool)) as runner:
        _survive(runner, pool)


def _survive(runner: Runner, pool: LocalWorkers) -> None:
    alive, dead = {worker.pid for worker in workers(runner)}, template(pool)
    run = begun(runner.submit(LONG, fresh=True))
    dead.kill()
    until(lambda: pool.template not in (None, dead.pid), run)
    assert not dead.is_running()
    assert runner.processes == alive
    assert run.deaths == 0
    for worker in alive:
        os.kill(worker, signal.SIGKILL)
    until(lambda: run.deaths == 1, run)
    assert {worker.ppid() for worker in workers(runner)} == {pool.template}
    run.stop()
    assert end_of(run).state is State.STOPPED


def test_a_worker_that_is_not_wanted_before_it_is_forked_ends_all_the_same() -> None:
    pool = LocalWorkers(fork=True)
    unwanted, wanted = pool.start(), pool.start()
    unwanted.end()
    until(lambda: any(worker is wanted for worker, _ in pool.wait(0.1)))
    until(lambda: [child.pid for child in template(pool).children()] == [wanted.pid])
    wanted.end()
    pool.close()


def test_a_template_that_hangs_is_replaced() -> None:
    """The crew gives up a worker that is not ready in time, and asks for another."""
    pool = LocalWorkers(fork=True)
    hung = template(pool)
    hung.suspend()
    pool.start().end()
    wanted = pool.start()
    until(lambda: any(worker is wanted for worker, _ in pool.wait(0.1)))
    assert not hung.is_running()
    wanted.end()
    pool.close()


def test_without_forking_workers_are_started_as_before() -> None:
    runner = Runner(workers=1, pool=LocalWorkers(fork=False))
    assert end_of(runner.submit(SHORT)).state is State.COMPLETE
    (worker,) = runner.processes
    assert psutil.Process(worker).ppid() == os.getpid()
    runner.close()


def test_a_template_that_was_prepared_is_the_one_that_forks() -> None:
    """And is started once, however often it is asked for."""
    before = set(psutil.Process().children())
    prepare()
    prepare()
    pool = pool_at("", fork=True)
    assert isinstance(pool, LocalWorkers)
    assert [child.pid for child in set(psutil.Process().children()) - before] == [pool.template]
    pool.close()


def test_the_environment_can_forbid_to_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGVIZ_FORK", "0")
    pool = pool_at("", fork=environment().fork)
    assert isinstance(pool, LocalWorkers)
    assert pool.template is None
    pool.close()
    monkeypatch.setenv("SIGVIZ_FORK", "never")
    with pytest.raises(ValueError, match="SIGVIZ_FORK is 'never'; it must be 1, or 0 to"):
        environment()


def test_a_template_with_threads_forks_nobody_and_workers_are_started(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """As where a library has started some against our will."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, threading\n"
        "if any('local.template' in word for word in sys.orig_argv):\n"
        "    threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    runner = Runner(workers=1)
    assert end_of(runner.submit(SHORT)).state is State.COMPLETE
    (worker,) = runner.processes
    assert psutil.Process(worker).ppid() == os.getpid()
    runner.close()
    assert "cannot be forked" in caplog.text


def test_nobody_survives_the_web_process() -> None:
    """However it ends; a worker that trains as well as one at rest."""
    code = f"""
from sigviz.experiments.registry import find
from sigviz.runner import Runner
from sigviz.runner.local.workers import LocalWorkers
from support.runs import begun, until

pool = LocalWorkers(fork=True)
runner = Runner(workers=2, pool=pool)
until(lambda: runner.ready == 2)
run = begun(runner.submit(find({LONG.experiment!r}).job(depth=2, steps=5000)))
print(pool.template, *runner.processes, flush=True)
until(lambda: False, run)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as web:
        assert web.stdout
        processes = [psutil.Process(int(pid)) for pid in web.stdout.readline().split()]
        assert len(processes) == 3
        web.kill()
    until(lambda: not any(process.is_running() for process in processes))
