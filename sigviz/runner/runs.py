"""A run as one learner sees it, and the training behind it, which learners may share."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from threading import Condition
from time import monotonic
from typing import Literal

from sigviz.settings import Job
from sigviz.trace import Trace

FORGOTTEN_AFTER = 3.0
"""Seconds after which a run that nobody has asked after is stopped."""

_log = logging.getLogger(__name__)

Origin = Literal["trained", "joined", "remembered", "ahead"]
"""Where a run's numbers come from: trained for this learner, a training that was under way for
another learner, one that was complete before, or one that was begun before anybody had asked."""


class State(Enum):
    """How a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"
    OVERTIME = "overtime"
    HUNG = "hung"

    @property
    def over(self) -> bool:
        return self not in (State.WAITING, State.RUNNING)


@dataclass(eq=False)
class Training:
    """One training of one job. Written by the scheduler, read through `Run`s.

    Attributes:
        trace: The newest view of what it has recorded; never goes back.
        seconds: How long a worker has trained, without the time it rested.
        ended: When it was over, on the clock.
        deaths: How many workers have died while they trained it.
        limit: The seconds that it broke, if it is over because it broke a limit.
        runs: The learners' views of it, while somebody wants them.
        arrival: Its number in the order of asking.
        ahead: It was begun before anybody had asked for it.
        asked: Somebody has.
        expected: About how many seconds it will take.
    """

    job: Job
    arrival: int = 0
    ahead: bool = False
    asked: bool = field(init=False)
    trace: Trace | None = None
    state: State = State.WAITING
    seconds: float = 0.0
    ended: float = 0.0
    deaths: int = 0
    limit: float = 0.0
    runs: list["Run"] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)
    expected: float = field(init=False)

    def __post_init__(self) -> None:
        self.expected = self.job.seconds
        self.asked = not self.ahead

    @property
    def remaining(self) -> float:
        """About how many seconds it will still take."""
        done = max(self.trace.step, 0) / self.trace.steps if self.trace else 0.0
        return self.expected * (1 - done)

    def tell(self, state: State, trace: Trace | None = None) -> None:
        """Tell everyone who waits for news."""
        with self.changed:
            self.state = state
            self.trace = trace or self.trace
            self.changed.notify_all()


@dataclass(eq=False)
class Run:
    """What one learner asked for, from the asking to the end.

    Attributes:
        origin: Where its numbers come from.
        present: Whether whoever asked for it is still there.
        wake: Called when the learner no longer wants it.
    """

    training: Training = field(repr=False)
    origin: Origin = "trained"
    present: Callable[[], bool] = field(default=lambda: True, repr=False)
    wake: Callable[[], None] = field(default=lambda: None, repr=False)
    clock: Callable[[], float] = field(default=monotonic, repr=False)
    _asked: float = field(init=False, repr=False)
    _left_at: tuple[Trace | None, float] | None = field(default=None, repr=False)
    _stopped_by_learner: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        self._asked = self.clock()

    @property
    def job(self) -> Job:
        return self.training.job

    @property
    def number(self) -> int:
        """Tells one training from another; learners who share one have the same."""
        return self.training.arrival

    @property
    def state(self) -> State:
        return State.STOPPED if self._left_at else self.training.state

    @property
    def trace(self) -> Trace | None:
        """The newest view of what has been recorded; once stopped, it stands still."""
        return self._left_at[0] if self._left_at else self.training.trace

    @property
    def seconds(self) -> float:
        """How long a worker has trained so far."""
        return self._left_at[1] if self._left_at else self.training.seconds

    @property
    def deaths(self) -> int:
        """How many workers have died while they trained it."""
        return self.training.deaths

    @property
    def limit(self) -> float:
        """The seconds that it broke, if it ended because it broke a limit."""
        return self.training.limit

    @property
    def age(self) -> float:
        """Seconds since it was complete."""
        return self.clock() - self.training.ended

    def latest(self, beyond: Trace | None = None, timeout: float = 0.0) -> Trace | None:
        """The newest trace; waits up to `timeout` seconds for one newer than `beyond`.

        Asking keeps the run alive.
        """
        self._asked = self.clock() + timeout
        with self.training.changed:
            self.training.changed.wait_for(
                lambda: self.trace is not beyond or self.state.over, timeout
            )
            self._asked = self.clock()
            return self.trace

    def stop(self) -> None:
        """The learner's own end of the run; what it has recorded stays."""
        self._leave(by_learner=True)
        self.wake()

    def release(self) -> None:
        """End the run for another reason than the learner's wish."""
        self._leave(by_learner=False)

    @property
    def forgotten(self) -> bool:
        """Stopped, but not by the learner: left behind for another run, or not asked after."""
        return self.state is State.STOPPED and not self._stopped_by_learner

    @property
    def wanted(self) -> bool:
        """Not stopped, and asked for by somebody who is there and has asked again lately."""
        if self.state.over:
            return False
        try:
            return self.clock() - self._asked <= FORGOTTEN_AFTER and self.present()
        except Exception:
            _log.exception("nobody can tell whether a learner is still there")
            return False

    def _leave(self, *, by_learner: bool) -> None:
        with self.training.changed:
            if not self.state.over:
                self._stopped_by_learner = by_learner
                self._left_at = (self.training.trace, self.training.seconds)
                self.training.changed.notify_all()
