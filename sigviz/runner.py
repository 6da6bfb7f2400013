"""Settings in, traces out; the training happens in worker processes.

The web process talks to `Runner` and `Run` alone and never imports torch. Each worker has a
thread here that hands it one run at a time, first come first served, and listens to it.
"""

import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from multiprocessing.connection import Connection
from threading import Condition, Thread
from time import monotonic

from sigviz.messages import READY, Finished, Job
from sigviz.settings import TrainingSettings
from sigviz.trace import Trace, TraceBuilder

FORGOTTEN_AFTER = 3.0
"""Seconds after which a run that nobody has asked after is stopped."""

STOP_WITHIN = 0.12
"""Seconds that a worker has to stop a run between two steps; then it is replaced."""

_LISTEN = 0.02
_log = logging.getLogger(__name__)


class State(Enum):
    """How a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"

    @property
    def over(self) -> bool:
        return self not in (State.WAITING, State.RUNNING)


@dataclass(eq=False)
class Run:
    """One run, from the asking to the end. Read by pages, written by a worker's thread.

    Attributes:
        trace: The newest view of what it has recorded.
        seconds: How long a worker has trained so far.
        handed_out_again: Its first worker had died before it began.
        present: Whether whoever asked for the run is still there.
    """

    experiment: str
    settings: TrainingSettings
    trace: Trace | None = None
    state: State = State.WAITING
    seconds: float = 0.0
    handed_out_again: bool = False
    present: Callable[[], bool] = lambda: True
    _asked: float = field(default_factory=monotonic)
    _stop: bool = False
    _changed: Condition = field(default_factory=Condition)

    def latest(self, beyond: Trace | None = None, timeout: float = 0.0) -> Trace | None:
        """The newest trace; waits up to `timeout` seconds for one newer than `beyond`.

        Asking keeps the run alive.
        """
        self._asked = monotonic()
        with self._changed:
            self._changed.wait_for(lambda: self.trace is not beyond or self.state.over, timeout)
            return self.trace

    def stop(self) -> None:
        """Ask for the end of the run; what it has recorded stays."""
        self._stop = True

    @property
    def forgotten(self) -> bool:
        """Ended because nobody had asked after it for a while."""
        return self.state is State.STOPPED and not self._stop

    @property
    def unwanted(self) -> bool:
        """Stopped, or asked for by somebody who has left or has not asked again for a while."""
        if self._stop or not self.present():
            return True
        return monotonic() - self._asked > FORGOTTEN_AFTER

    def _update(self, state: State, trace: Trace | None = None) -> None:
        with self._changed:
            self.state = state
            self.trace = trace or self.trace
            self._changed.notify_all()


class Runner:
    """Worker processes and the queue before them."""

    def __init__(self, workers: int | None = None) -> None:
        """Start `workers` processes, as many as there are cores by default."""
        self._queue: deque[Run] = deque()
        self._ready = Condition()
        self._closed = False
        self._threads = [
            Thread(target=self._serve, name=f"worker-{i}", daemon=True)
            for i in range(workers or os.cpu_count() or 1)
        ]
        self._processes: set[int] = set()
        for thread in self._threads:
            thread.start()

    def submit(
        self,
        experiment: str,
        settings: TrainingSettings,
        present: Callable[[], bool] = lambda: True,
    ) -> Run:
        """Queue a run for as long as whoever asks is `present`."""
        run = Run(experiment, settings, present=present)
        with self._ready:
            self._queue.append(run)
            self._ready.notify()
        return run

    def ahead_of(self, run: Run) -> int:
        """How many runs are waiting before this one."""
        with self._ready:
            return self._queue.index(run) if run in self._queue else 0

    @property
    def processes(self) -> frozenset[int]:
        """The ids of the worker processes that are up."""
        return frozenset(self._processes)

    def close(self) -> None:
        """Stop every run and end the workers."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()
        for thread in self._threads:
            thread.join()

    def _next(self, timeout: float) -> Run | None:
        """The next run that somebody still wants, or None after `timeout` seconds."""
        with self._ready:
            self._ready.wait_for(lambda: self._queue or self._closed, timeout)
            while self._queue:
                run = self._queue.popleft()
                if not run.unwanted:
                    return run
                run._update(State.STOPPED)
            return None

    def _serve(self) -> None:
        """Hand runs to one worker, and replace it when it dies."""
        worker: _Worker | None = None
        while not self._closed:
            if worker is None or not worker.alive():
                if worker:
                    _log.warning("worker %d died; starting another", worker.pid)
                    self._dismiss(worker)
                worker = _Worker()
                self._processes.add(worker.pid)
            run = self._next(timeout=0.2)
            if run and not self._attend(worker, run):
                self._dismiss(worker)
                worker = None
        if worker:
            self._dismiss(worker)

    def _dismiss(self, worker: "_Worker") -> None:
        worker.end()
        self._processes.discard(worker.pid)

    def _attend(self, worker: "_Worker", run: Run) -> bool:
        """See one run through; False if the worker must be replaced."""
        builder, started, stop_by = TraceBuilder(), monotonic(), None
        try:
            worker.send(Job(run.experiment, run.settings))
            run._update(State.RUNNING)
            while True:
                message = worker.receive(_LISTEN)
                if isinstance(message, Trace):
                    run.seconds = monotonic() - started
                    run._update(State.RUNNING, builder.add(message))
                elif isinstance(message, Finished):
                    if message.error:
                        _log.error("run of %s failed\n%s", run.experiment, message.error)
                    run._update(_outcome(run, message))
                    return True
                if stop_by is None and (run.unwanted or self._closed):
                    worker.send(None)
                    stop_by = monotonic() + STOP_WITHIN
                elif stop_by is not None and monotonic() > stop_by:
                    run._update(State.STOPPED)
                    return False
        except Exception as error:
            ended = isinstance(error, EOFError | OSError)
            _log.warning(
                "worker %d was lost in a run of %s", worker.pid, run.experiment, exc_info=not ended
            )
            if run.trace is None and not run.handed_out_again:
                run.handed_out_again = True
                with self._ready:
                    self._queue.appendleft(run)
                    self._ready.notify()
            else:
                run._update(State.LOST)
            return False


def _outcome(run: Run, finished: Finished) -> State:
    if finished.error:
        return State.FAILED
    return State.COMPLETE if run.trace and run.trace.done else State.STOPPED


class _Worker:
    """A worker process and the connection to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sigviz.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        self._connection = Connection(ours.detach())
        self.pid = self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: Job | None) -> None:
        self._connection.send(message)

    def receive(self, timeout: float) -> Trace | Finished | None:
        """The next message, or None after `timeout` seconds.

        Raises:
            EOFError, OSError: The process has ended.
        """
        if not self._connection.poll(timeout):
            return None
        message: Trace | Finished | str = self._connection.recv()
        return None if message == READY else message  # type: ignore[return-value]

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._connection.close()
