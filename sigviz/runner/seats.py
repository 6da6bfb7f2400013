"""What a worker has begun, and which of all that wants to be trained it should train next.

While others wait, a worker trains in turns. A run that has never had a turn goes first, short
before long and else first come first served; then what is nearly complete, so that short runs
follow one another and do not all end at the end; then what has trained least. Every `FAIR_TURN`-th
turn of a worker goes to what has waited longest, so that nothing starves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sigviz.runner.runs import Training
from sigviz.runner.workers import Worker
from sigviz.trace import TraceBuilder

TURN = 0.2
"""Seconds that a run trains at least before it gives way."""

SHORT = 2.0
"""A run that will take no more than so many seconds is short."""

FAIR_TURN = 4


@dataclass(frozen=True)
class Limits:
    """What nothing may exceed.

    Attributes:
        margin: A run may train for so many times the seconds that the app lets it be estimated at.
        silent: Seconds without a word from a worker that is training. The largest step that is
            possible takes 3 s of a core, and a machine may be busy.
        start: Seconds from a worker's start until it is ready, and from there to its first trace.
        held: Bytes, estimated, of all that the workers have begun and not ended.
    """

    margin: float = 3.0
    silent: float = 30.0
    start: float = 60.0
    held: int = 1 << 30


@dataclass(eq=False)
class Attempt:
    """A training that a worker has begun.

    Attributes:
        seconds: Trained so far, in this attempt.
        rested: Since when it rests.
    """

    number: int
    training: Training
    seconds: float = 0.0
    rested: float = 0.0
    builder: TraceBuilder = field(default_factory=TraceBuilder)


@dataclass(eq=False)
class Seat:
    """A worker, and what it has begun.

    Attributes:
        started: When the worker was.
        ready: It has reported that it is.
        warm: It has sent a trace; the first takes it longest.
        held: What it has begun and not ended, by number; `current` is one of them.
        current: What it trains now. If that is over, the worker has still to say that it is free.
        turn_began: When the current turn did; `turns` counts them.
        counted: Up to when the current turn is in the attempt's seconds.
        heard: When it was last heard of, or given something to do.
        yielding: It has been told to pause the current run.
        free_by: When it must have said that it is free, if its current run is over.
    """

    worker: Worker
    started: float
    ready: bool = False
    warm: bool = False
    held: dict[int, Attempt] = field(default_factory=dict)
    current: Attempt | None = None
    turn_began: float = 0.0
    turns: int = 0
    counted: float = 0.0
    heard: float = 0.0
    yielding: bool = False
    free_by: float = 0.0

    def take(self, attempt: Attempt, now: float) -> None:
        """Begin a turn of an attempt."""
        self.held[attempt.number] = self.current = attempt
        self.counted = self.heard = now
        self.renew(now)

    def renew(self, now: float) -> None:
        """Begin another turn of the current attempt."""
        self.turn_began = now
        self.turns += 1

    def count(self, now: float) -> None:
        """Add to the current attempt what it has trained since the last time."""
        if self.current:
            self.current.seconds += now - self.counted
            self.counted = now

    @property
    def live(self) -> list[Attempt]:
        """What it has begun and is not over."""
        return [each for each in self.held.values() if not each.training.state.over]

    @property
    def training(self) -> bool:
        """Whether its current run goes on as far as anybody knows."""
        return self.current is not None and not self.current.training.state.over


class Candidate(NamedTuple):
    """A training that waits, or one that a worker has begun, and since when it has had no turn."""

    training: Training
    attempt: Attempt | None
    since: float

    @property
    def rank(self) -> tuple[float, ...]:
        """The lower, the sooner."""
        if self.attempt is None:
            return (0, *order(self.training))
        if self.training.remaining <= SHORT:
            return (1, self.training.remaining)
        return (2, self.attempt.seconds)


def order(training: Training) -> tuple[bool, int]:
    """The order of the queue."""
    return training.expected > SHORT, training.arrival


def choose(seat: Seat, waiting: Iterable[Candidate], now: float) -> Candidate | None:
    """Who should have a worker's next turn; its current run is asked too and has just had one."""
    candidates = [
        *waiting,
        *(
            Candidate(each.training, each, now if each is seat.current else each.rested)
            for each in seat.live
        ),
    ]
    if (seat.turns + 1) % FAIR_TURN == 0:
        return min(candidates, key=lambda each: each.since, default=None)
    return min(candidates, key=lambda each: each.rank, default=None)
