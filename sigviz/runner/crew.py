"""Crew: keeps a number of workers up, and replaces those that die, hang or never become ready."""

import logging
from collections.abc import Callable, Iterator

from sigviz.runner.seats import Seat
from sigviz.runner.workers import Worker, Workers

FAILED_STARTS = 3
"""After so many failed starts for each worker that there should be, nothing waits any longer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 30.0
"""Seconds from a failed start to the next, at first and at most."""

_log = logging.getLogger(__name__)


class Crew:
    """The workers that are up, each at a `Seat`."""

    def __init__(
        self, workers: Workers, size: int, start_within: float, clock: Callable[[], float]
    ) -> None:
        """Keep `size` workers, each ready within `start_within` seconds."""
        self._workers, self._size, self._start_within = workers, size, start_within
        self._clock = clock
        self._seats: dict[Worker, Seat] = {}
        self._next_start, self._failed_starts = clock(), 0

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._seats.values()))

    def of(self, worker: Worker) -> Seat | None:
        """A worker's seat, unless it has been dismissed."""
        return self._seats.get(worker)

    @property
    def complete(self) -> bool:
        """Whether all are up and ready."""
        return len(self._seats) == self._size and all(seat.ready for seat in self)

    @property
    def hopeless(self) -> bool:
        """Whether nobody is there to work and nobody could be started, again and again."""
        enough = self._failed_starts >= FAILED_STARTS * self._size
        return enough and not any(seat.ready for seat in self)

    @property
    def pids(self) -> frozenset[int]:
        return frozenset(pid for seat in self if (pid := seat.worker.pid))

    def welcome(self, seat: Seat) -> None:
        """A worker has said that it is ready."""
        seat.ready, self._failed_starts = True, 0

    def staff(self, now: float) -> None:
        """Start who is missing."""
        for seat in self:
            if not seat.worker.placed:
                seat.started = now
            elif not seat.ready and now - seat.started > self._start_within:
                _log.error("%s was not ready within %g s", seat.worker.name, self._start_within)
                self.dismiss(seat)
        while len(self._seats) < self._size and now >= self._next_start:
            try:
                worker = self._workers.start()
            except OSError:
                _log.exception("a worker could not be started")
                self._start_failed()
            else:
                self._seats[worker] = Seat(worker, started=now)

    def dismiss(self, seat: Seat) -> None:
        """End a worker, dead or not."""
        del self._seats[seat.worker]
        seat.worker.end()
        if not seat.ready:
            self._start_failed()

    def close(self) -> None:
        """End all workers."""
        for seat in self:
            seat.worker.end()
        self._seats.clear()

    def _start_failed(self) -> None:
        self._failed_starts += 1
        pause = FIRST_PAUSE * 4 ** min(self._failed_starts / self._size, 10)
        self._next_start = self._clock() + min(pause, LONGEST_PAUSE)
