"""Sharing, the queue and giving way, with workers that move when the test says so."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from sigviz.experiments.vanishing_gradients.settings import Settings
from sigviz.memory import OVERHEAD, bound_from_environment
from sigviz.runner import FORGOTTEN_AFTER, Run, State
from sigviz.scheduler import RETRIES
from sigviz.seats import TURN
from sigviz.settings import parameters
from sigviz.table import Table
from tests.fake_workers import CHUNK, Stage, losses

NAME = "vanishing-gradients"
STEPS = 3 * CHUNK
MOST_STEPS = int(parameters(Settings)["steps"].high)
LONG = Settings(steps=MOST_STEPS)


def chosen(seed: int = 0, steps: int = STEPS) -> Settings:
    return Settings(seed=seed, steps=steps)


def own_data(seed: int = 0) -> Settings:
    table = Table("digest", "mine.csv", ("a",), "b", ("0", "1"), np.zeros((2, 1)), np.arange(2))
    return chosen(seed).with_table(table)


def asked(stage: Stage, settings: Settings, learner: object = None, *, fresh: bool = False) -> Run:
    return stage.runner.submit(NAME, settings, learner=learner, fresh=fresh)


def finish(stage: Stage, *runs: Run) -> None:
    """Work until the runs are over; their learners are watching."""
    for _ in range(MOST_STEPS):
        if all(run.state.over for run in runs):
            return
        for run in runs:
            run.latest()
        stage.work()
    raise AssertionError([run.state for run in runs])


def losses_of(run: Run) -> list[float]:
    assert run.trace is not None
    return list(map(float, run.trace.series["loss"]))


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
    stage.step()
    stage.work()
    second = asked(stage, chosen(), "b")
    assert second.latest() is first.trace is not None
    assert second.trace is not None
    assert len(second.trace.series["loss"]) == CHUNK + 1


def test_a_finished_run_is_remembered_and_train_again_trains() -> None:
    stage = Stage()
    first = asked(stage, chosen())
    finish(stage, first)
    stage.step(90)
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
    stage.step()
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


@pytest.mark.parametrize("text", ["much", "nan", "inf", "-1", ""])
def test_a_bound_that_is_no_number_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGVIZ_REMEMBER_MB", text)
    with pytest.raises(ValueError, match="number of megabytes"):
        bound_from_environment()


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
    stage.step()
    stage.work()
    first.stop()
    finish(stage, second)
    assert (first.state, second.state) == (State.STOPPED, State.COMPLETE)
    assert first.trace is not None
    assert first.trace.step == CHUNK, "it stands where its learner stopped it"
    assert not first.forgotten


def test_a_learner_has_one_place_and_a_new_setting_replaces_the_old() -> None:
    stage = Stage()
    busy = asked(stage, chosen(), "a")
    stage.step()
    old, other = asked(stage, chosen(1), "b"), asked(stage, chosen(2), "c")
    assert [stage.runner.place(run) for run in (busy, old, other)] == [0, 1, 2]
    new = asked(stage, chosen(3), "b")
    stage.step()
    assert old.state is State.STOPPED
    assert old.forgotten, "its page may ask for it again"
    assert [stage.runner.place(run) for run in (old, other, new)] == [0, 1, 2]
    finish(stage, busy, other, new)
    assert chosen(1) not in stage.pool.begun


def test_asking_again_for_one_s_own_run_goes_on_with_it() -> None:
    stage = Stage()
    first = asked(stage, chosen(), "a")
    stage.step()
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


def test_short_runs_wait_before_long_ones() -> None:
    stage = Stage()
    asked(stage, chosen(), "a")
    stage.step()
    long, short = asked(stage, LONG, "b"), asked(stage, chosen(1), "c")
    assert (stage.runner.place(short), stage.runner.place(long)) == (1, 2)


def test_long_runs_give_way_at_once_and_lose_nothing() -> None:
    stage = Stage(workers=2)
    long = [asked(stage, LONG.model_copy(update={"seed": seed})) for seed in range(6)]
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
    assert all(losses_of(run) == list(losses(run.settings)) for run in long)


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
    stage.step()
    for _ in range(2):
        stage.work()
    shown = run.latest()
    stage.pool.up[0].die()
    stage.step()
    assert (run.state, run.latest()) == (State.WAITING, shown)
    stage.pool.up[0].ready()
    stage.step()
    stage.work()
    assert run.latest() is shown, "the new worker has not come as far yet"
    finish(stage, run)
    assert losses_of(run) == list(losses(chosen()))


def test_what_rested_in_a_worker_that_died_is_trained_by_another() -> None:
    stage = Stage(workers=1)
    runs = [asked(stage, LONG.model_copy(update={"seed": seed})) for seed in range(3)]
    while not all(run.trace for run in runs):
        stage.work()
    for _ in range(RETRIES):
        stage.pool.up[0].die()
        stage.step()
        stage.pool.up[0].ready()
        stage.step()
    finish(stage, *runs)
    assert [run.state for run in runs] == [State.COMPLETE] * 3


def test_a_training_that_every_worker_dies_of_is_given_up() -> None:
    stage = Stage()
    run = asked(stage, chosen())
    stage.step()
    for _ in range(RETRIES + 1):
        assert not run.state.over
        stage.pool.up[0].die()
        stage.step()
        stage.pool.up[0].ready()
        stage.step()
    assert run.state is State.LOST


def test_workers_that_cannot_be_started_are_told_and_tried_again() -> None:
    stage = Stage()
    stage.pool.startable = False
    stage.pool.up[0].die()
    run = asked(stage, chosen())
    for _ in range(200):
        run.latest()
        stage.step(0.1)
    assert run.state is State.LOST
    stage.pool.startable = True
    stage.step(60)
    stage.pool.up[0].ready()
    again = asked(stage, chosen())
    finish(stage, again)
    assert again.state is State.COMPLETE


def test_a_silent_worker_is_replaced_and_the_limit_is_known() -> None:
    stage = Stage()
    finish(stage, asked(stage, chosen(9)))
    run, waiting = asked(stage, chosen(), "a"), asked(stage, chosen(1), "b")
    hung = stage.pool.up[0]
    for _ in range(25):
        run.latest()
        waiting.latest()
        stage.step(1)
    assert (run.state, run.limit) == (State.HUNG, 20)
    assert hung.ended
    stage.pool.up[0].ready()
    finish(stage, waiting)


def test_no_run_trains_for_longer_than_the_limit() -> None:
    stage = Stage()
    run = asked(stage, LONG)
    for _ in range(200):
        run.latest()
        stage.work(1)
    assert (run.state, run.limit) == (State.OVERTIME, 3 * Settings.MAX_SECONDS)
    assert asked(stage, LONG).origin == "trained"


def test_a_run_is_forgotten_when_nobody_asks() -> None:
    stage = Stage()
    run = asked(stage, LONG)
    stage.step()
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


class Class(RuleBasedStateMachine):
    """A class of learners who do anything at any time, on workers that die now and then."""

    runs = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage(workers=2, remember=3 * OVERHEAD)
        self.here: dict[int, bool] = {}
        self.of_learner: dict[int, Run] = {}
        self.steps: dict[Run, int] = {}

    @initialize(target=runs)
    def nobody(self) -> None:
        return multiple()

    @rule(
        target=runs,
        learner=st.integers(0, 4),
        seed=st.integers(0, 2),
        steps=st.sampled_from([5, STEPS, MOST_STEPS]),
        fresh=st.booleans(),
        own=st.booleans(),
    )
    def ask(self, learner: int, seed: int, steps: int, fresh: bool, own: bool) -> Run:
        self.here[learner] = True
        settings = own_data(seed) if own else chosen(seed, steps)
        run = self.stage.runner.submit(NAME, settings, self._present(learner), learner, fresh=fresh)
        assert run.origin == "trained" or not (own or fresh)
        self.of_learner[learner] = run
        return run

    def _present(self, learner: int) -> Callable[[], bool]:
        return lambda: self.here[learner]

    @rule(run=consumes(runs))
    def stop(self, run: Run) -> None:
        run.stop()

    @rule(learner=st.integers(0, 4))
    def leave(self, learner: int) -> None:
        self.here[learner] = False

    @rule(worker=st.integers(0, 1), chunks=st.integers(1, 3))
    def work(self, worker: int, chunks: int) -> None:
        up = self.stage.pool.up
        for _ in range(chunks if worker < len(up) else 0):
            up[worker].work()

    @rule(seconds=st.sampled_from([0.0, 0.05, TURN, 1.0, 2 * FORGOTTEN_AFTER]))
    def plan(self, seconds: float) -> None:
        self.stage.step(seconds)

    @rule(worker=st.integers(0, 1))
    def ready(self, worker: int) -> None:
        up = self.stage.pool.up
        if worker < len(up):
            up[worker].ready()

    @rule(worker=st.integers(0, 1))
    def die(self, worker: int) -> None:
        up = self.stage.pool.up
        if worker < len(up):
            up[worker].die()

    @invariant()
    def everybody_is_treated_well(self) -> None:
        for run in self.of_learner.values():
            trace = run.latest()
            step = trace.step if trace else -1
            assert step >= self.steps.get(run, -1), "what is shown never goes back"
            self.steps[run] = step
            if trace:
                assert (trace.series["loss"] == losses(run.settings)[: step + 1]).all()
            assert run.state is not State.COMPLETE or (trace and trace.done)
            assert (self.stage.runner.place(run) > 0) == (run.state is State.WAITING)
        assert len(self.stage.pool.up) <= 2
        assert self.stage.runner.remembered <= 3 * OVERHEAD

    def teardown(self) -> None:
        """Whoever is still there sees the end; when all have left, nothing is left over."""
        stage = self.stage
        watched = [run for learner, run in self.of_learner.items() if self.here[learner]]
        for _ in range(8 * MOST_STEPS // CHUNK):
            if all(run.state.over for run in watched):
                break
            for worker in stage.pool.up:
                worker.ready()
            [run.latest() for run in watched]
            stage.work()
        assert all(run.state.over for run in watched), [run.state for run in watched]
        self.here = dict.fromkeys(self.here, False)
        for _ in range(6):
            stage.work()
        assert not stage.runner.crowded
        assert not any(worker.held for worker in stage.pool.up)
        assert not any(run.training.runs for run in self.of_learner.values())


Class.TestCase.settings = hypothesis_settings(
    max_examples=40, stateful_step_count=40, deadline=None
)
test_a_class = Class.TestCase
