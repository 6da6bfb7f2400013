"""Which worker trains what, and what happens when it dies, hangs or is left alone.

A run that gives way to another rests inside its worker and loses nothing. A worker that dies is
replaced, and what it had begun is trained again from the start.
"""

import logging
from bisect import insort
from collections.abc import Callable
from itertools import count

from sigviz.runner.ahead import Ahead
from sigviz.runner.crew import Crew
from sigviz.runner.messages import (
    Begin,
    Drop,
    Finished,
    Pause,
    Paused,
    Progress,
    Ready,
    Report,
    Resume,
)
from sigviz.runner.runs import State, Training
from sigviz.runner.seats import TURN, Attempt, Candidate, Limits, Seat, choose, order
from sigviz.runner.workers import Worker, Workers

SWEEP = 0.05
"""Seconds between two looks at who is still there and what is overdue."""

STOP_WITHIN = 0.12
"""Seconds that a worker has to stop a run between two steps; then it is replaced."""

RETRIES = 2
"""How often a training is begun again after a worker has died of it."""

_log = logging.getLogger(__name__)


class Scheduler:
    """Decides. Its owner tells it what workers report, asks it to `plan`, and keeps threads out."""

    def __init__(
        self,
        workers: Workers,
        size: int,
        limits: Limits,
        clock: Callable[[], float],
        ended: Callable[[Training], None],
        *,
        wish: Callable[[], Training | None] = lambda: None,
    ) -> None:
        """Keep `size` workers.

        Args:
            ended: Called once for every training that is over.
            wish: What to train ahead next, if anything; asked while no learner waits.
        """
        self._crew = Crew(workers, size, limits.start, clock)
        self._limits, self._clock, self._ended = limits, clock, ended
        self._ahead = Ahead(self._crew, max(1, size // 2), wish)
        self._numbers = count(1)
        self._queued: dict[Training, float] = {}
        self.waiting: list[Training] = []

    @property
    def under_way(self) -> list[Training]:
        """What waits or has been begun, and is not over."""
        begun = (attempt.training for seat in self._crew for attempt in seat.live)
        return [*self.waiting, *begun]

    @property
    def asked_for(self) -> int:
        """How many of those somebody has asked for."""
        return sum(training.asked for training in self.under_way)

    @property
    def pids(self) -> frozenset[int]:
        return self._crew.pids

    @property
    def ready(self) -> int:
        """How many workers are."""
        return sum(seat.ready for seat in self._crew)

    def add(self, training: Training) -> None:
        """Let a training wait for its turn; one that was begun before gets its old place."""
        insort(self.waiting, training, key=order)
        self._queued[training] = self._clock()

    def heard(self, worker: Worker, report: Report | None) -> None:
        """Take in what a worker reports, or None for its death."""
        seat = self._crew.of(worker)
        if seat is None:
            return
        seat.heard = self._clock()
        match report:
            case None:
                _log.warning("%s died; another takes its place", worker.name)
                self._lose(seat)
            case Ready():
                self._crew.welcome(seat)
            case _ if seat.current is None or report.number != seat.current.number:
                pass
            case Progress():
                self._progress(seat, seat.current, report)
            case Paused() | Finished():
                self._free(seat, seat.current, report)

    def plan(self) -> float | None:
        """Give every worker what it should do; returns the seconds until the next look, if any."""
        now = self._clock()
        self._sweep()
        for seat in self._crew:
            self._enforce(seat, now)
        self._crew.staff(now)
        if self._crew.hopeless:
            for training in list(self.waiting):
                self._drop(training, State.LOST)
        for training in self._ahead.in_the_way(len(self.waiting)):
            self._drop(training, State.STOPPED)
        for seat in self._crew:
            if seat.ready and seat.current is None:
                self._next_turn(seat, now)
        self._give_way(now)
        if not self.waiting:
            for seat, training in self._ahead.next():
                self._begin(seat, training, now)
        if self.waiting or any(seat.held for seat in self._crew):
            return SWEEP
        return None if self._crew.complete else 10 * SWEEP

    def close(self) -> None:
        """Stop every training and end every worker."""
        for training in self.under_way:
            self._over(training, State.STOPPED)
        self.waiting.clear()
        self._crew.close()

    def _over(self, training: Training, state: State, limit: float = 0.0) -> None:
        self._queued.pop(training, None)
        training.limit, training.ended = limit, self._clock()
        training.tell(state)
        training.runs.clear()
        self._ended(training)

    def _drop(self, training: Training, state: State, limit: float = 0.0) -> None:
        """End a training wherever it is."""
        self._over(training, state, limit)
        if training in self.waiting:
            self.waiting.remove(training)
            return
        for seat in self._crew:
            for attempt in [each for each in seat.held.values() if each.training is training]:
                seat.worker.send(Drop(attempt.number))
                if attempt is seat.current:
                    seat.free_by = self._clock() + STOP_WITHIN
                else:
                    del seat.held[attempt.number]

    def _progress(self, seat: Seat, attempt: Attempt, report: Progress) -> None:
        training = attempt.training
        if training.state.over:
            return
        seat.count(seat.heard)
        seat.warm = True
        try:
            trace = attempt.builder.add(report.update)
        except Exception:
            _log.exception("a trace of %s does not fit together", training.job.experiment)
            self._drop(training, State.FAILED)
            return
        training.seconds = attempt.seconds
        if training.trace is None or trace.step > training.trace.step or trace.done:
            training.tell(State.RUNNING, trace)
        if trace.done:
            seat.free_by = seat.heard + self._limits.silent
            self._over(training, State.COMPLETE)

    def _free(self, seat: Seat, attempt: Attempt, report: Paused | Finished) -> None:
        """The turn is over; the run rests or is gone."""
        training = attempt.training
        seat.count(seat.heard)
        seat.current, seat.yielding = None, False
        attempt.rested = seat.heard
        if isinstance(report, Paused) and not training.state.over:
            return
        del seat.held[attempt.number]
        if isinstance(report, Paused):
            seat.worker.send(Drop(attempt.number))
        elif not training.state.over:
            _log.error(
                "run of %s failed\n%s", training.job.experiment, report.error or "no last trace"
            )
            self._over(training, State.FAILED)

    def _lose(self, seat: Seat) -> None:
        """End a worker, dead or not; what it had begun waits for another."""
        self._crew.dismiss(seat)
        for attempt in seat.live:
            training = attempt.training
            training.deaths += attempt is seat.current
            if training.deaths > RETRIES or not training.asked:
                self._over(training, State.LOST)
            else:
                training.tell(State.WAITING)
                self.add(training)

    def _sweep(self) -> None:
        """End what nobody wants any more."""
        for training in self.under_way:
            wanted = [run for run in training.runs if run.wanted]
            for run in set(training.runs).difference(wanted):
                run.release()
            training.runs[:] = wanted
            if not wanted and training.asked:
                self._drop(training, State.STOPPED)

    def _enforce(self, seat: Seat, now: float) -> None:
        """End what breaks a limit."""
        limits, name = self._limits, seat.worker.name
        silent = limits.silent if seat.warm else limits.start
        if seat.current is None:
            return
        if not seat.training:
            if now > seat.free_by + (silent if seat.live else 0):
                _log.info("%s did not stop in time; another takes its place", name)
                self._lose(seat)
        elif now - seat.heard > silent:
            _log.error("%s was silent for more than %g s", name, silent)
            self._over(seat.current.training, State.HUNG, silent)
            self._lose(seat)
        else:
            seat.count(now)
            training = seat.current.training
            limit = limits.margin * training.job.settings.MAX_SECONDS
            if seat.current.seconds > limit:
                _log.error("a run of %s trained for more than %g s", training.job.experiment, limit)
                self._drop(training, State.OVERTIME, limit)

    def _candidates(self, spoken_for: int = 0) -> list[Candidate]:
        """What waits and may be begun, without the first that other workers are about to take."""
        held = [each.training for seat in self._crew for each in seat.held.values()]
        room = self._limits.held - sum(each.job.nbytes for each in held)
        admitted = [each for each in self.waiting if not held or each.job.nbytes <= room]
        return [Candidate(each, None, self._queued[each]) for each in admitted[spoken_for:]]

    def _next_turn(self, seat: Seat, now: float) -> None:
        """Give a worker at rest something to train."""
        choice = choose(seat, self._candidates(), now)
        if choice is None:
            return
        training, attempt, _ = choice
        if attempt:
            seat.worker.send(Resume(attempt.number))
            seat.take(attempt, now)
        else:
            self.waiting.remove(training)
            del self._queued[training]
            self._begin(seat, training, now)

    def _begin(self, seat: Seat, training: Training, now: float) -> None:
        """Let a worker at rest train something new."""
        attempt = Attempt(next(self._numbers), training)
        seat.worker.send(Begin(attempt.number, training.job))
        training.tell(State.RUNNING)
        seat.take(attempt, now)

    def _give_way(self, now: float) -> None:
        """Let workers pause a run that has had its turn, for another that should have the next."""
        spoken_for = sum(seat.yielding for seat in self._crew)
        for seat in sorted(self._crew, key=lambda each: len(each.held)):
            if not seat.training or seat.yielding or now - seat.turn_began < TURN:
                continue
            waiting = self._candidates(spoken_for)
            if not waiting and len(seat.live) == 1:
                continue
            choice = choose(seat, waiting, now)
            if choice is None or choice.attempt is seat.current:
                seat.renew(now)
            elif seat.current:
                seat.worker.send(Pause(seat.current.number))
                seat.yielding = True
                spoken_for += choice.attempt is None
