"""Equal settings are trained once, and what is done is remembered."""

from sigviz.runner import State
from sigviz.runner.memory import OVERHEAD
from tests.fake_workers import (
    CHUNK,
    STEPS,
    Stage,
    asked,
    chosen,
    finish,
    losses,
    losses_of,
    own_data,
)


def test_equal_settings_are_trained_once() -> None:
    stage = Stage(workers=2)
    first, second = asked(stage, chosen(), "a"), asked(stage, chosen(), "b")
    finish(stage, first, second)
    assert (first.origin, second.origin) == ("trained", "joined")
    assert stage.pool.begun == [chosen()]
    assert first.trace is second.trace


def test_who_joins_gets_what_was_recorded_before() -> None:
    stage = Stage()
    first = asked(stage, chosen(), "a")
    stage.tick()
    stage.work()
    second = asked(stage, chosen(), "b")
    assert second.latest() is first.trace is not None
    assert second.trace is not None
    assert len(second.trace.series["loss"]) == CHUNK + 1


def test_a_finished_run_is_remembered_and_train_again_trains() -> None:
    stage = Stage()
    first = asked(stage, chosen())
    finish(stage, first)
    stage.tick(90)
    second = asked(stage, chosen())
    assert (second.origin, second.state, second.trace) == (
        "remembered",
        State.COMPLETE,
        first.trace,
    )
    assert second.age >= 90
    third = asked(stage, chosen(), fresh=True)
    assert third.origin == "trained"
    finish(stage, third)
    assert len(stage.pool.begun) == 2
    assert losses_of(third) == losses_of(first)
    assert asked(stage, chosen()).age < 90, "the newer one is remembered"


def test_train_again_does_not_join() -> None:
    stage = Stage(workers=2)
    first, second = asked(stage, chosen(), "a"), asked(stage, chosen(), "b", fresh=True)
    finish(stage, first, second)
    assert second.origin == "trained"
    assert len(stage.pool.begun) == 2


def test_stopped_and_failed_runs_are_not_remembered() -> None:
    stage = Stage()
    run = asked(stage, chosen())
    stage.tick()
    stage.work()
    run.stop()
    stage.work()
    assert run.state is State.STOPPED
    assert asked(stage, chosen()).origin == "trained"
    assert stage.runner.remembered == 0


def test_memory_is_bounded_in_bytes_and_forgets_what_was_asked_for_least_recently() -> None:
    each = losses(chosen()).nbytes + OVERHEAD
    stage = Stage(remember=2 * each)
    for seed in (1, 2):
        finish(stage, asked(stage, chosen(seed)))
    assert asked(stage, chosen(1)).origin == "remembered"
    watched = asked(stage, chosen(2))
    assert asked(stage, chosen(1)).origin == "remembered"
    finish(stage, asked(stage, chosen(3)))
    assert stage.runner.remembered == 2 * each
    assert asked(stage, chosen(1)).origin == "remembered"
    assert losses_of(watched) == list(losses(chosen(2))), "whoever looks at it keeps it"
    assert asked(stage, chosen(2)).origin == "trained"


def test_what_is_larger_than_the_memory_drives_nothing_out() -> None:
    stage = Stage(remember=losses(chosen()).nbytes + OVERHEAD)
    finish(stage, asked(stage, chosen()))
    finish(stage, asked(stage, chosen(steps=10 * STEPS)))
    assert asked(stage, chosen()).origin == "remembered"


def test_own_data_is_neither_shared_nor_remembered() -> None:
    stage = Stage(workers=2)
    first, second = asked(stage, own_data(), "a"), asked(stage, own_data(), "b")
    finish(stage, first, second)
    third = asked(stage, own_data(), "a")
    assert [run.origin for run in (first, second, third)] == ["trained"] * 3
    assert asked(stage, chosen()).origin == "trained"
    assert stage.runner.remembered == 0


def test_one_learner_stops_and_the_other_sees_the_end() -> None:
    stage = Stage()
    first, second = asked(stage, chosen(), "a"), asked(stage, chosen(), "b")
    stage.tick()
    stage.work()
    first.stop()
    finish(stage, second)
    assert (first.state, second.state) == (State.STOPPED, State.COMPLETE)
    assert first.trace is not None
    assert first.trace.step == CHUNK, "it stands where its learner stopped it"
    assert not first.forgotten


def test_asking_again_for_one_s_own_run_goes_on_with_it() -> None:
    stage = Stage()
    first = asked(stage, chosen(), "a")
    stage.tick()
    stage.work()
    second = asked(stage, chosen(), "a")
    finish(stage, second)
    assert (first.state, second.origin) == (State.STOPPED, "trained")
    assert stage.pool.begun == [chosen()]


def test_a_run_that_its_learner_has_just_stopped_is_not_joined() -> None:
    stage = Stage()
    asked(stage, chosen(), "a").stop()
    second = asked(stage, chosen(), "b")
    finish(stage, second)
    assert second.origin == "trained"
