"""The queue, giving way and faults, with workers that move when the test says so."""

from sigviz.runner import FORGOTTEN_AFTER, Limits, State
from sigviz.runner.scheduler import RETRIES
from tests.fake_workers import (
    CHUNK,
    LONG,
    MOST_STEPS,
    Stage,
    asked,
    chosen,
    finish,
    losses,
    losses_of,
)


def test_a_learner_has_one_place_and_a_new_setting_replaces_the_old() -> None:
    stage = Stage()
    busy = asked(stage, chosen(), "a")
    stage.tick()
    old, other = asked(stage, chosen(1), "b"), asked(stage, chosen(2), "c")
    assert [stage.runner.place(run) for run in (busy, old, other)] == [0, 1, 2]
    new = asked(stage, chosen(3), "b")
    stage.tick()
    assert old.state is State.STOPPED
    assert old.forgotten, "its page may ask for it again"
    assert [stage.runner.place(run) for run in (old, other, new)] == [0, 1, 2]
    finish(stage, busy, other, new)
    assert chosen(1) not in stage.pool.begun


def test_short_runs_wait_before_long_ones() -> None:
    stage = Stage()
    asked(stage, chosen(), "a")
    stage.tick()
    long, short = asked(stage, LONG, "b"), asked(stage, chosen(1), "c")
    assert (stage.runner.place(short), stage.runner.place(long)) == (1, 2)


def test_long_runs_give_way_at_once_and_lose_nothing() -> None:
    stage = Stage(workers=2)
    long = [asked(stage, chosen(seed, MOST_STEPS)) for seed in range(6)]
    for _ in range(50):
        stage.work()
        [run.latest() for run in long]
    assert all(run.trace for run in long), "they take turns"
    newcomer = asked(stage, chosen(), "new")
    waited = 0.0
    while newcomer.trace is None:
        waited += 0.1
        stage.work(0.1)
    assert waited < 0.8
    finish(stage, newcomer)
    assert not any(run.state.over for run in long)
    [run.latest() for run in long]
    finish(stage, *long)
    assert len(stage.pool.begun) == 7, "nothing was begun twice"
    assert all(losses_of(run) == list(losses(run.job)) for run in long)


def test_a_stream_of_short_runs_does_not_starve_a_long_one() -> None:
    stage = Stage()
    long = asked(stage, LONG, "long")
    for seed in range(1, 60):
        long.latest()
        asked(stage, chosen(seed), f"short {seed}")
        stage.work()
    assert long.trace is not None
    assert long.trace.step >= 3 * CHUNK, "more than its first turn"


def test_a_training_whose_worker_died_is_done_by_another_and_never_goes_back() -> None:
    stage = Stage()
    run = asked(stage, chosen())
    stage.tick()
    for _ in range(2):
        stage.work()
    shown = run.latest()
    stage.pool.up[0].die()
    stage.tick()
    assert (run.state, run.latest()) == (State.WAITING, shown)
    stage.pool.up[0].ready()
    stage.tick()
    stage.work()
    assert run.latest() is shown, "the new worker has not come as far yet"
    finish(stage, run)
    assert losses_of(run) == list(losses(chosen()))


def test_what_rested_in_a_worker_that_died_is_trained_by_another() -> None:
    stage = Stage(workers=1)
    runs = [asked(stage, chosen(seed, MOST_STEPS)) for seed in range(3)]
    while not all(run.trace for run in runs):
        stage.work()
    for _ in range(RETRIES):
        stage.pool.up[0].die()
        stage.tick()
        stage.pool.up[0].ready()
        stage.tick()
    finish(stage, *runs)
    assert [run.state for run in runs] == [State.COMPLETE] * 3


def test_a_training_that_every_worker_dies_of_is_given_up() -> None:
    stage = Stage()
    run = asked(stage, chosen())
    stage.tick()
    for _ in range(RETRIES + 1):
        assert not run.state.over
        stage.pool.up[0].die()
        stage.tick()
        stage.pool.up[0].ready()
        stage.tick()
    assert run.state is State.LOST


def test_workers_that_cannot_be_started_are_told_and_tried_again() -> None:
    stage = Stage()
    stage.pool.startable = False
    stage.pool.up[0].die()
    run = asked(stage, chosen())
    for _ in range(200):
        run.latest()
        stage.tick(0.1)
    assert run.state is State.LOST
    stage.pool.startable = True
    stage.tick(60)
    stage.pool.up[0].ready()
    again = asked(stage, chosen())
    finish(stage, again)
    assert again.state is State.COMPLETE


def test_a_silent_worker_is_replaced_and_the_limit_is_known() -> None:
    stage = Stage()
    finish(stage, asked(stage, chosen(9)))
    run, waiting = asked(stage, chosen(), "a"), asked(stage, chosen(1), "b")
    hung = stage.pool.up[0]
    for _ in range(35):
        run.latest()
        waiting.latest()
        stage.tick(1)
    assert (run.state, run.limit) == (State.HUNG, Limits().silent)
    assert hung.ended
    stage.pool.up[0].ready()
    finish(stage, waiting)


def test_no_run_trains_for_longer_than_the_limit() -> None:
    stage = Stage()
    run = asked(stage, LONG)
    for _ in range(200):
        run.latest()
        stage.work(1)
    assert (run.state, run.limit) == (State.OVERTIME, 3 * LONG.settings.MAX_SECONDS)
    assert asked(stage, LONG).origin == "trained"


def test_a_run_is_forgotten_when_nobody_asks() -> None:
    stage = Stage()
    run = asked(stage, LONG)
    stage.tick()
    stage.work(FORGOTTEN_AFTER + 0.1)
    stage.work()
    assert run.forgotten
    assert not stage.pool.up[0].held


def test_asking_after_the_end_starts_nothing() -> None:
    stage = Stage()
    stage.runner.close()
    run = asked(stage, chosen())
    assert run.state is State.STOPPED
    assert not stage.pool.up
    stage.runner.close()
