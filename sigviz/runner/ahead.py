"""Ahead: what workers train that have nothing to do, and what gives way when a learner comes."""

from collections.abc import Callable, Iterator

from sigviz.runner.crew import Crew
from sigviz.runner.runs import Training
from sigviz.runner.seats import Seat


class Ahead:
    """Trains what learners may ask for next on some of the workers.

    The others stay free: who comes next finds one at rest, and the browser a core.
    """

    def __init__(self, crew: Crew, at_once: int, wish: Callable[[], Training | None]) -> None:
        """Train so many at once; `wish` tells what to train next, if anything."""
        self._crew, self._at_once, self._wish = crew, at_once, wish

    def in_the_way(self, waiting: int) -> list[Training]:
        """What has to stop so that so many learners' trainings find a worker."""
        at_rest = sum(seat.ready and seat.current is None for seat in self._crew)
        unasked = [
            seat.current.training
            for seat in self._crew
            if seat.current and seat.training and not seat.current.training.asked
        ]
        return unasked[: max(waiting - at_rest, 0)]

    def next(self) -> Iterator[tuple[Seat, Training]]:
        """Workers at rest and what each should train; each has to begin before the next is told."""
        for seat in self._crew:
            if seat.ready and seat.current is None and not seat.held and self._room:
                training = self._wish()
                if training is None:
                    return
                yield seat, training

    @property
    def _room(self) -> bool:
        """Whether one more may be trained ahead."""
        begun = [attempt.training for seat in self._crew for attempt in seat.live]
        return sum(not training.asked for training in begun) < self._at_once
