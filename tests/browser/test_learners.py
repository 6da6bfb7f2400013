"""The load generator's learners with a real server: they speak as the front end does."""

from random import Random

import pytest

from support.learners.learner import Follower, Learner, Wanderer
from support.learners.record import Record
from support.runs import on_a_loop_of_its_own
from support.server import PATIENCE

pytestmark = pytest.mark.browser

ACTIONS = 3


@pytest.mark.parametrize(("kind", "runs"), [(Follower, 2), (Wanderer, 1 + ACTIONS)])
def test_every_action_is_answered(address: str, kind: type[Learner], runs: int) -> None:
    """Opening leads to a run; so does what a lesson sets up, and a wanderer's every move."""
    record = Record(measuring=True)

    async def live() -> None:
        learner = kind(address, record, Random(2), "sigmoid-curve", "step=2")
        async with learner.tab as tab:
            await tab.open(learner.page, learner.query)
            assert await tab.until(lambda: tab.action.over, PATIENCE)
            for _ in range(ACTIONS):
                assert await learner.act()
                assert await tab.until(lambda: tab.action.over, PATIENCE)

    on_a_loop_of_its_own(live())
    assert not record.errors
    assert record.answers == ACTIONS + 1
    made = record.runs("open") + record.runs("set")
    assert len(made) == len({run.run for run in made}) == runs
    for run in made:
        assert run.first
        assert run.complete
        assert run.first <= run.complete
    assert made[0].origin in ("trained", "joined", "remembered", "ahead")
