"""A class of learners who do anything at any time."""

from collections.abc import Callable

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from sigviz.runner import FORGOTTEN_AFTER, Run, State
from sigviz.runner.memory import OVERHEAD
from sigviz.runner.seats import TURN
from tests.fake_workers import (
    CHUNK,
    MOST_STEPS,
    STEPS,
    Stage,
    chosen,
    losses,
    own_data,
)


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
    def nobody(self) -> MultipleResults[Run]:
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
        job = own_data(seed) if own else chosen(seed, steps)
        run = self.stage.runner.submit(job, self._present(learner), learner, fresh=fresh)
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
        self.stage.tick(seconds)

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
                assert (trace.series["loss"] == losses(run.job)[: step + 1]).all()
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
