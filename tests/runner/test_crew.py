"""Who waits for a place to run is not late; who has one and does not become ready is."""

from sigviz.runner.crew import Crew
from tests.fake_workers import Clock, FakeWorkers


def test_a_worker_that_waits_for_a_place_is_not_a_failed_start() -> None:
    pool, clock, limit = FakeWorkers(), Clock(), 60.0
    crew = Crew(pool, 1, limit, clock)
    crew.staff(clock())
    (worker,) = pool.workers
    worker.placed = False
    for _ in range(10):
        clock.now += limit
        crew.staff(clock())
    assert pool.workers == [worker]
    worker.placed = True
    clock.now += 0.9 * limit
    crew.staff(clock())
    assert not worker.ended
    clock.now += 0.2 * limit
    crew.staff(clock())
    assert worker.ended
