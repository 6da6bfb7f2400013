"""Workers without processes, time or training: every move is the test's."""

from collections import deque
from collections.abc import Sequence
from itertools import count

import numpy as np

from sigviz.data.table import Table
from sigviz.experiments.registry import find
from sigviz.runner import Run, Runner
from sigviz.runner.messages import (
    Begin,
    Drop,
    Finished,
    Order,
    Pause,
    Paused,
    Progress,
    Ready,
    Report,
    Resume,
)
from sigviz.runner.workers import Worker
from sigviz.settings import OWN_DATA, Job, fields_of
from sigviz.trace import Array, Trace

CHUNK = 10
"""Steps that a worker trains in one `work`."""

_names = count(1)


class Clock:
    """Time that passes when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def losses(job: Job) -> Array:
    """What a fake run of a job records: nothing that other jobs do."""
    settings = job.settings
    return np.arange(settings.steps + 1, dtype=np.float32) + 1000 * settings.seed


class FakeWorker:
    """Obeys as `sigviz.runner.worker` does, and complains of orders that no worker could obey."""

    def __init__(self, pool: "FakeWorkers") -> None:
        self.name, self.pid, self.placed = f"fake {next(_names)}", None, True
        self.ended = False
        self.begun: list[Job] = []
        self.held: dict[int, tuple[Job, int]] = {}
        self.current: int | None = None
        self._orders: deque[Order] = deque()
        self._pool = pool

    def send(self, order: Order) -> None:
        if not self.ended:
            self._orders.append(order)

    def end(self) -> None:
        self.ended = True
        self.held.clear()
        self.current = None

    def die(self) -> None:
        """Die as a killed process does."""
        self.end()
        self._pool.reports.append((self, None))

    def ready(self) -> None:
        self._say(Ready())

    def work(self) -> None:
        """Read the orders and train on by one chunk."""
        while self._orders and not self.ended:
            self._obey(self._orders.popleft())
        if self.current is not None:
            number = self.current
            job, done = self.held[number]
            now = min(done + CHUNK, job.settings.steps)
            self.held[number] = job, now
            first = 0 if done == 0 else done + 1
            self._say(Progress(number, _update(job, first, now)))
            if now == job.settings.steps:
                self._leave(Finished(number))

    def _obey(self, order: Order) -> None:
        match order:
            case Begin(number, job):
                assert self.current is None, "a worker trains one run at a time"
                self.begun.append(job)
                self.held[number], self.current = (job, 0), number
            case Resume(number):
                assert self.current is None, "a worker trains one run at a time"
                assert number in self.held, "only what rests can be resumed"
                self.current = number
            case Pause(number) if number == self.current:
                self.current = None
                self._say(Paused(number))
            case Drop(number) if number == self.current:
                self._leave(Finished(number))
            case Drop(number):
                self.held.pop(number, None)

    def _leave(self, report: Finished) -> None:
        del self.held[report.number]
        self.current = None
        self._say(report)

    def _say(self, report: Report) -> None:
        if not self.ended:
            self._pool.reports.append((self, report))


def _update(job: Job, first: int, last: int) -> Trace:
    return Trace(
        steps=job.settings.steps,
        step=last,
        series={"loss": losses(job)[first : last + 1]},
        done=last == job.settings.steps,
    )


class FakeWorkers:
    """Where a `Runner` gets them."""

    def __init__(self) -> None:
        self.workers: list[FakeWorker] = []
        self.reports: deque[tuple[Worker, Report | None]] = deque()
        self.startable = True

    @property
    def size(self) -> int:
        return 1

    @property
    def up(self) -> list[FakeWorker]:
        return [worker for worker in self.workers if not worker.ended]

    @property
    def begun(self) -> list[Job]:
        """All that was ever begun."""
        return [job for worker in self.workers for job in worker.begun]

    def start(self) -> FakeWorker:
        if not self.startable:
            raise OSError("no more processes")
        self.workers.append(FakeWorker(self))
        return self.workers[-1]

    def wait(self, timeout: float | None) -> list[tuple[Worker, Report | None]]:
        heard = list(self.reports)
        self.reports.clear()
        return heard

    def wake(self) -> None:
        pass

    def close(self) -> None:
        pass


class Stage:
    """A runner on fake workers, moved by hand."""

    def __init__(self, workers: int = 1, remember: int = 10**6, wishes: Sequence[Job] = ()) -> None:
        self.clock, self.pool = Clock(), FakeWorkers()
        self.wishes = wishes
        self.runner = Runner(
            workers,
            pool=self.pool,
            remember=remember,
            wishes=lambda: self.wishes,
            clock=self.clock,
            threaded=False,
        )
        self.tick()
        for worker in self.pool.up:
            worker.ready()
        self.tick()

    def tick(self, seconds: float = 0.0) -> None:
        """Let time pass, and the runner listen and plan."""
        self.clock.now += seconds
        self.runner.tick(0)

    def work(self, seconds: float = 0.1) -> None:
        """Every worker trains one chunk."""
        for worker in self.pool.up:
            worker.work()
        self.tick(seconds)


EXPERIMENT, TAKES_DATA = find("vanishing-gradients"), find("mse-vs-bce")
STEPS = 3 * CHUNK
MOST_STEPS = int(fields_of(EXPERIMENT.settings)["steps"].high)


def chosen(seed: int = 0, steps: int = STEPS) -> Job:
    """A run on data that all learners have."""
    return EXPERIMENT.job(seed=seed, steps=steps)


LONG = chosen(steps=MOST_STEPS)


def own_data(seed: int = 0) -> Job:
    """A short run on a learner's own data."""
    table = Table("digest", "mine.csv", ("a",), "b", ("0", "1"), np.zeros((2, 1)), np.arange(2))
    return TAKES_DATA.job(table, problem=OWN_DATA, seed=seed, steps=STEPS)


def asked(stage: Stage, job: Job, learner: object = None, *, fresh: bool = False) -> Run:
    return stage.runner.submit(job, learner=learner, fresh=fresh)


def finish(stage: Stage, *runs: Run) -> None:
    """Work until the runs are over; their learners are watching."""
    for _ in range(MOST_STEPS):
        if all(run.state.over for run in runs):
            return
        for run in runs:
            run.latest()
        stage.work()
    raise AssertionError([run.state for run in runs])


def losses_of(run: Run) -> list[float]:
    assert run.trace is not None
    return list(map(float, run.trace.series["loss"]))
