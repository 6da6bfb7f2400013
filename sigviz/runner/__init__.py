"""Jobs in, traces out; the training happens in workers, shared by all who ask for the same.

The web process talks to `Runner` and `Run` alone and never imports torch. One thread listens to
all workers and hands them their work.
"""

import logging
from collections.abc import Callable, Hashable, Sequence
from itertools import count
from threading import Lock, Thread
from time import monotonic
from weakref import WeakValueDictionary

from sigviz.runner.environment import environment
from sigviz.runner.memory import Memory
from sigviz.runner.pools import pool_at
from sigviz.runner.runs import FORGOTTEN_AFTER, Origin, Run, State, Training
from sigviz.runner.scheduler import SWEEP, Scheduler
from sigviz.runner.seats import Limits
from sigviz.runner.workers import Workers
from sigviz.settings import Job

__all__ = ["FORGOTTEN_AFTER", "Limits", "Origin", "Run", "Runner", "State"]

_log = logging.getLogger(__name__)


class Runner:
    """The queue of what learners ask for, the workers behind it, and a memory of what is done.

    A run is a pure function of its job, so equal jobs are trained once: whoever asks for
    a run that is under way joins it, and finished runs are remembered. A learner's own data is
    neither shared nor remembered.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        pool: Workers | None = None,
        remember: int | None = None,
        wishes: Callable[[], Sequence[Job]] = tuple,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
        clock: Callable[[], float] = monotonic,
        threaded: bool = True,
    ) -> None:
        """Start `workers`; by default as the environment says, or as many as the pool has room for.

        Args:
            pool: Where workers come from; by default as the environment says.
            remember: Bytes of finished runs to keep; by default as the environment says.
            wishes: What learners may ask for next, the likeliest first; trained by idle workers,
                each once, unless the environment forbids it. The same sequence while nothing has
                changed; called under a lock, so it should be quick.
            threaded: Without, whoever made it calls `tick` again and again.

        Raises:
            ValueError: The environment says what cannot be.
            OSError: The Ray cluster that the environment names cannot be used.
        """
        self._clock = clock
        self._lock = Lock()
        said = environment()
        self._memory = Memory(said.remember if remember is None else remember)
        self._joinable: dict[Job, Training] = {}
        self._wishes = wishes if said.ahead else tuple
        self._fulfilled: Sequence[Job] | None = None
        self._wished: set[Job] = set()
        self._of_learner: WeakValueDictionary[Hashable, Run] = WeakValueDictionary()
        self._arrivals = count(1)
        self._closed = False
        self._pool = pool or pool_at(said.ray_address, fork=said.fork)
        self._size = workers or said.workers or self._pool.size
        self._scheduler = Scheduler(
            self._pool, self._size, limits, clock, self._ended, wish=self._wish
        )
        self._thread = Thread(target=self._serve, name="runner", daemon=True)
        if threaded:
            self._thread.start()

    def submit(
        self,
        job: Job,
        present: Callable[[], bool] = lambda: True,
        learner: Hashable | None = None,
        *,
        fresh: bool = False,
    ) -> Run:
        """Ask for a run, for as long as whoever asks is `present`.

        Args:
            learner: Who asks. What the same learner asked for before is given up: nobody holds
                more than one place.
            fresh: Train it now, whatever is remembered or under way.
        """
        with self._lock:
            before = self._of_learner.get(learner) if learner is not None else None
            training, origin = self._training(job, before, fresh)
            run = Run(training, origin, present, self._pool.wake, self._clock)
            training.asked = True
            if not training.state.over:
                training.runs.append(run)
            if before:
                before.release()
            if learner is not None:
                self._of_learner[learner] = run
        self._pool.wake()
        return run

    def place(self, run: Run) -> int:
        """A waiting run's number in the queue, from 1; 0 if it does not wait."""
        with self._lock:
            waiting = self._scheduler.waiting
            if run.state is not State.WAITING or run.training not in waiting:
                return 0
            before = waiting[: waiting.index(run.training)]
            return 1 + sum(any(not each.state.over for each in one.runs) for one in before)

    @property
    def crowded(self) -> bool:
        """Whether there are more runs than workers, so that they take turns."""
        with self._lock:
            return self._scheduler.asked_for > self._size

    @property
    def processes(self) -> frozenset[int]:
        """The ids of the worker processes that are up."""
        with self._lock:
            return self._scheduler.pids

    @property
    def ready(self) -> int:
        """How many workers are up and have imported what they need."""
        with self._lock:
            return self._scheduler.ready

    @property
    def remembered(self) -> int:
        """Bytes of finished runs that are kept."""
        with self._lock:
            return self._memory.nbytes

    def reconsider(self) -> None:
        """Look at the wishes again: they have changed."""
        self._pool.wake()

    def close(self) -> None:
        """Stop every run and end the workers."""
        with self._lock:
            closed, self._closed = self._closed, True
        if closed:
            return
        self._pool.wake()
        if self._thread.is_alive():
            self._thread.join()
        with self._lock:
            self._scheduler.close()
        self._pool.close()

    def tick(self, timeout: float | None) -> float | None:
        """Listen for up to `timeout` seconds, then plan; returns how long to listen next."""
        reports = self._pool.wait(timeout)
        with self._lock:
            for worker, report in reports:
                self._scheduler.heard(worker, report)
            return self._scheduler.plan()

    def _serve(self) -> None:
        timeout: float | None = 0.0
        while not self._closed:
            try:
                timeout = self.tick(timeout)
            except Exception:
                _log.exception("the scheduler stumbled")
                timeout = SWEEP

    def _training(self, job: Job, before: Run | None, fresh: bool) -> tuple[Training, Origin]:
        """What a learner who asks for a job is given, and where it comes from."""
        training = Training(job, next(self._arrivals))
        if self._closed:
            training.state = State.STOPPED
            return training, "trained"
        key = job.key
        if key and not fresh:
            if remembered := self._memory.recall(key):
                return remembered, "ahead" if remembered.ahead else "remembered"
            under_way = self._joinable.get(key)
            if under_way and not under_way.asked:
                return under_way, "ahead"
            if under_way and any(not run.state.over for run in under_way.runs):
                own = before is not None and before in under_way.runs
                return under_way, before.origin if before and own else "joined"
        if key:
            self._joinable[key] = training
        self._scheduler.add(training)
        return training, "trained"

    def _wish(self) -> Training | None:
        """What to train ahead next: the first wish that nobody has had yet."""
        wishes = self._wishes()
        if wishes is self._fulfilled:
            return None
        for job in wishes:
            if job in self._wished or job in self._joinable or job in self._memory:
                continue
            self._wished.add(job)
            if job.key and job.refusal is None:
                training = Training(job, next(self._arrivals), ahead=True)
                self._joinable[job] = training
                return training
        self._fulfilled = wishes
        return None

    def _ended(self, training: Training) -> None:
        """Remember what is complete; nobody can join it any more."""
        key = training.job.key
        if key is None:
            return
        if training.state is State.STOPPED and not training.asked:
            self._wished.discard(key)  # it gave way to a learner; later, perhaps
            self._fulfilled = None
        if self._joinable.get(key) is training:
            del self._joinable[key]
        if training.state is State.COMPLETE:
            self._memory.keep(training)
