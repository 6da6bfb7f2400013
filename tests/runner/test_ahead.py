"""Idle workers train what learners may ask for next, and nobody waits for it."""

import pytest

from sigviz.course.ahead import likely
from sigviz.course.reader import read_all
from sigviz.experiments.registry import find, names
from sigviz.runner import State
from sigviz.runner.memory import OVERHEAD
from tests.fake_workers import CHUNK, LONG, STEPS, Stage, asked, chosen, finish, own_data

WISHES = (chosen(1), chosen(2), chosen(3))


def idle(stage: Stage, chunks: int = 20) -> None:
    """Let the workers work while no learner asks for anything."""
    for _ in range(chunks):
        stage.work()


def test_what_was_trained_ahead_is_there_at_once() -> None:
    stage = Stage(wishes=WISHES)
    idle(stage)
    assert stage.pool.begun == list(WISHES), "each once, in order"
    run = asked(stage, chosen(2))
    assert (run.state, run.origin) == (State.COMPLETE, "ahead")
    assert len(stage.pool.begun) == len(WISHES)


def test_a_learner_who_asks_for_what_is_under_way_gets_it() -> None:
    stage = Stage(wishes=(LONG,))
    stage.work()
    run = asked(stage, LONG)
    assert run.origin == "ahead"
    stage.tick()
    assert run.state is State.RUNNING
    assert stage.pool.begun == [LONG]


def test_it_gives_way_at_once_and_is_done_later() -> None:
    stage = Stage(wishes=(LONG,))
    stage.work()
    run = asked(stage, chosen(9), "a")
    stage.tick()
    stage.work()
    finish(stage, run)
    assert stage.pool.begun[:2] == [LONG, chosen(9)]
    idle(stage, 2)
    assert stage.pool.begun[2:] == [LONG], "nobody waits any more"


def test_some_workers_stay_free_for_who_comes() -> None:
    stage = Stage(workers=2, wishes=(LONG, chosen(1)))
    stage.work()
    assert stage.pool.begun == [LONG]
    run = asked(stage, chosen(9))
    finish(stage, run)
    assert stage.pool.begun == [LONG, chosen(9)], "it need not give way"


def test_nothing_is_trained_ahead_while_somebody_waits() -> None:
    stage = Stage(workers=2)
    runs = [asked(stage, chosen(seed, LONG.settings.steps), seed) for seed in range(3)]
    stage.wishes = WISHES
    stage.tick()
    stage.work()
    for run in runs:
        run.latest()
    assert not set(WISHES) & set(stage.pool.begun)


def test_it_is_the_first_to_be_forgotten_and_the_least_likely_first() -> None:
    one = OVERHEAD + 4 * (STEPS + 1)
    stage = Stage(remember=3 * one, wishes=WISHES[:2])
    finish(stage, asked(stage, chosen(8)))
    idle(stage)
    finish(stage, asked(stage, chosen(9)))
    kept = [seed for seed in (8, 9, 1, 2) if asked(stage, chosen(seed)).origin != "trained"]
    assert kept == [8, 9, 1]


def test_it_drives_out_nothing_that_was_asked_for() -> None:
    stage = Stage(remember=OVERHEAD + 4 * (STEPS + 1))
    finish(stage, asked(stage, chosen(8)))
    stage.wishes = WISHES
    idle(stage)
    assert len(stage.pool.begun) == 1 + len(WISHES), "each is tried once, and no more"
    assert asked(stage, chosen(8)).origin == "remembered"


def test_new_wishes_are_heard() -> None:
    stage = Stage(wishes=WISHES[:1])
    idle(stage)
    stage.wishes = WISHES
    stage.runner.reconsider()
    idle(stage)
    assert stage.pool.begun == list(WISHES)


def test_a_worker_that_dies_of_it_is_replaced_and_it_is_not_tried_again() -> None:
    stage = Stage(wishes=(LONG,))
    stage.work()
    stage.pool.up[0].die()
    stage.tick()
    stage.tick(1)
    stage.pool.up[0].ready()
    idle(stage, 3)
    assert stage.pool.begun == [LONG]


def test_train_again_trains_again() -> None:
    stage = Stage(wishes=WISHES)
    idle(stage)
    again = asked(stage, chosen(1), fresh=True)
    assert again.origin == "trained"
    finish(stage, again)


@pytest.mark.parametrize("switch", ["0", "1"])
def test_a_switch_turns_it_off(switch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGVIZ_AHEAD", switch)
    stage = Stage(wishes=WISHES)
    idle(stage)
    assert bool(stage.pool.begun) == (switch == "1")


def test_a_learners_own_data_is_nobodys_wish() -> None:
    stage = Stage(wishes=(own_data(), chosen(1)))
    idle(stage)
    assert stage.pool.begun == [chosen(1)]
    assert len(stage.pool.begun) * CHUNK <= STEPS


def test_the_likeliest_come_first() -> None:
    lessons, _ = read_all()
    jobs = likely(lessons, [("vanishing-gradients", 3)])
    assert list(jobs[: len(names())]) == [find(name).job() for name in names()]
    steps = lessons["vanishing-gradients"].steps
    near = [step.preset for step in (steps[3], steps[4], steps[2], steps[5]) if step.preset]
    after = [job.settings for job in jobs[len(names()) :]]
    wanted = [preset for preset in near if preset != find("vanishing-gradients").settings()]
    assert [settings for settings in after if settings in wanted][: len(wanted)] == list(
        dict.fromkeys(wanted)
    )
    assert after.index(wanted[0]) == 0
    assert len(set(jobs)) == len(jobs)
    everything = {
        step.solution for lesson in lessons.values() for step in lesson.steps if step.block.goal
    }
    assert everything <= {job.settings for job in jobs}
