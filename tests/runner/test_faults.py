"""What goes wrong: workers that are killed or hang, learners who leave, senseless links."""

import gc
import os
import random
import signal
import string
import threading
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import numpy as np
import psutil
import pytest

from sigviz.data.table import Table
from sigviz.experiments.registry import find, names
from sigviz.runner import Limits, Run, Runner, State
from sigviz.settings import FormField, Job, TrainingSettings, fields_of
from support.runs import end_of, until

pytestmark = pytest.mark.heavy

EXPERIMENT = find("vanishing-gradients")
SHORT = EXPERIMENT.job(depth=2, steps=20, repeats=2)
MEDIUM = EXPERIMENT.job(depth=2, steps=1000, repeats=1)
LONG = EXPERIMENT.job(depth=2, steps=5000)
LEARNERS, LINKS = 200, 2_000
SILENT = 3.0
"""Seconds; a worker on a busy machine may be silent for a while and not hang."""

SMALL = Table("digest", "mine.csv", ("a",), "b", ("0", "1"), np.zeros((2, 1)), np.arange(2))

every_experiment = pytest.mark.parametrize("name", names())


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner(workers=2, limits=Limits(silent=SILENT))
    yield runner
    runner.close()


def two_under_way(runner: Runner, *jobs: Job) -> list[Run]:
    """A run on each of the two workers."""
    until(lambda: runner.ready == 2)
    runs = [runner.submit(job, fresh=True) for job in jobs]
    until(lambda: all(run.trace for run in runs), *runs)
    return runs


def seeded(seed: int, job: Job = MEDIUM) -> Job:
    return replace(job, settings=job.settings.model_copy(update={"seed": seed}))


def test_200_learners_who_leave_leave_nothing_behind(runner: Runner) -> None:
    """Half of them share their settings with another; then everything is as it was before."""
    here = True

    def come_and_go(batch: int) -> None:
        nonlocal here
        here = True
        runs = [
            runner.submit(seeded(batch + i // 2, LONG), lambda: here, learner=i)
            for i in range(LEARNERS)
        ]
        until(lambda: sum(run.trace is not None for run in runs) >= 10, *runs)
        here = False
        until(lambda: all(run.state.over for run in runs))
        until(lambda: end_of(runner.submit(SHORT, fresh=True)).state is State.COMPLETE)
        assert not runner.crowded

    def memory() -> int:
        gc.collect()
        processes = [os.getpid(), *runner.processes]
        return sum(psutil.Process(process).memory_info().rss for process in processes)

    until(lambda: runner.ready == 2)
    come_and_go(0)
    before, threads = memory(), threading.active_count()
    come_and_go(1000)
    until(lambda: runner.ready == 2)  # one that did not stop in time has been replaced
    assert len(runner.processes) == 2
    assert threading.active_count() == threads
    assert memory() < 1.1 * before


def test_a_worker_killed_in_mid_run_is_replaced_and_the_run_is_complete(runner: Runner) -> None:
    runs = two_under_way(runner, seeded(1), seeded(2))
    shown = [run.latest() for run in runs]
    killed = min(runner.processes)
    os.kill(killed, signal.SIGKILL)
    until(lambda: all(run.state.over for run in runs), *runs)
    assert [run.state for run in runs] == [State.COMPLETE] * 2
    assert killed not in runner.processes
    for run, before in zip(runs, shown, strict=True):
        undisturbed = end_of(runner.submit(run.job, fresh=True)).trace
        assert undisturbed is not None
        assert run.trace is not None
        assert before is not None
        assert run.trace.metrics == undisturbed.metrics
        assert (undisturbed.series["loss"][: before.step + 1] == before.series["loss"]).all()


def test_every_worker_killed_and_every_run_is_complete(runner: Runner) -> None:
    runs = [runner.submit(seeded(seed)) for seed in range(2, 6)]
    until(lambda: all(run.trace for run in runs), *runs)
    killed = runner.processes
    for process in killed:
        os.kill(process, signal.SIGKILL)
    until(lambda: all(run.state.over for run in runs), *runs)
    assert {run.state for run in runs} == {State.COMPLETE}
    assert not killed & runner.processes


def test_a_worker_that_hangs_is_replaced_within_the_limit(runner: Runner) -> None:
    runs = two_under_way(runner, seeded(7), seeded(8))
    hung = min(runner.processes)
    os.kill(hung, signal.SIGSTOP)
    until(lambda: all(run.state.over for run in runs), *runs)
    assert {run.state for run in runs} == {State.HUNG, State.COMPLETE}
    assert [run.limit for run in runs if run.state is State.HUNG] == [SILENT]
    until(lambda: not psutil.pid_exists(hung))
    assert end_of(runner.submit(SHORT, fresh=True)).state is State.COMPLETE


def link(known: dict[str, FormField], chance: random.Random) -> str:
    """A link as somebody might mistype it, or make it up to do harm."""
    fields = chance.sample([*known, "step", "colour", "__class__", ""], chance.randrange(1, 6))
    return urlencode({name: value(known.get(name), chance) for name in fields})


def value(field: FormField | None, chance: random.Random) -> str:
    if field and chance.random() < 0.6:
        if field.options:
            return ",".join(chance.choices(field.options, k=chance.randrange(4)))
        width = field.high - field.low
        at = chance.uniform(field.low - 0.2 * width, field.high + 0.2 * width)
        return str(round(at)) if field.kind == "int" else repr(at)
    nonsense = "".join(chance.choices(string.printable + "é∞💥\0", k=chance.randrange(12)))
    return chance.choice(["nan", "-inf", "1e999", "9" * 400, "0x10", "-1", "", "null", nonsense])


def within(settings: TrainingSettings) -> bool:
    """Whether every number is within its bounds and every choice is one of the options."""
    for name, field in fields_of(type(settings)).items():
        chosen = getattr(settings, name)
        if field.options:
            if not set([chosen] if isinstance(chosen, str) else chosen) <= set(field.options):
                return False
        elif not field.low <= chosen <= field.high:
            return False
    return True


@every_experiment
def test_random_links_never_get_past_a_fields_bounds(name: str) -> None:
    cls, chance = find(name).settings, random.Random(name)
    known, refused = fields_of(cls), 0
    for _ in range(LINKS):
        texts = {key: values[0] for key, values in parse_qs(link(known, chance)).items()}
        settings, problems = cls.read(texts)
        assert within(settings), texts
        assert all(problem.message for problem in problems)
        refused += bool(problems)
    assert 0.2 * LINKS < refused < LINKS, "some links are wrong and some are right"


def test_links_can_ask_for_too_much() -> None:
    _, problems = EXPERIMENT.settings.read({"depth": "50", "width": "128", "steps": "5000"})
    assert not problems
    largest = EXPERIMENT.job(depth=50, width=128, steps=5000, repeats=16, batch_size=512)
    assert largest.refusal


def test_stopping_and_asking_at_random_loses_no_worker(runner: Runner) -> None:
    """Orders meet reports on the way: pauses, drops and ends at any moment."""
    chance, runs = random.Random(0), list[Run]()
    for _ in range(60):
        runs.append(runner.submit(seeded(chance.randrange(8)), learner=chance.randrange(5)))
        if chance.random() < 0.5:
            chance.choice(runs).stop()
        runs[-1].latest(None, timeout=chance.choice([0, 0.01, 0.1]))
    last = end_of(runner.submit(SHORT, fresh=True))
    assert last.state is State.COMPLETE
    for run in runs:
        run.stop()
    until(lambda: not runner.crowded)
    assert len(runner.processes) == 2
