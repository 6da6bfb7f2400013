"""What a tab takes for an error, a frame, an answer, and how often it asks."""

import asyncio
import selectors
from itertools import pairwise

import pytest
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from sigviz.charts.payload import nothing_new
from support.learners.figure import IMPATIENCE
from support.learners.record import Record
from support.learners.tab import Tab
from support.runs import on_a_loop_of_its_own
from tests.support.messages import element, figure, finished, frame, run


def told(*messages: ForwardMsg) -> tuple[Tab, Record]:
    """A tab that was told some messages, without a connection."""
    record = Record()
    tab = Tab("http://127.0.0.1:1", record)
    for message in messages:
        tab._take(message)
    return tab, record


@pytest.mark.parametrize(
    "message",
    [
        element("exception", 0, message="no"),
        element("alert", 0, body="This page could not be drawn", format=Alert.ERROR),
        finished(ForwardMsg.FINISHED_WITH_COMPILE_ERROR),
    ],
)
def test_what_a_learner_must_not_see_is_an_error(message: ForwardMsg) -> None:
    assert told(run(), message)[1].errors.total() == 1


def test_a_refusal_is_none() -> None:
    refusal = "This run would take about 99 s, and one run may take 60 s here."
    tab, record = told(run(), element("alert", 0, body=refusal, format=Alert.WARNING), finished())
    assert tab.action.refused
    assert not record.errors


def test_only_a_new_run_s_frames_are_what_an_action_has_led_to() -> None:
    async def look() -> None:
        tab, record = told(run(), frame("1", "done", None), finished())
        before = tab.action
        tab.action = record.begin("set")
        tab._take(run())
        tab._take(frame("1", "done", None))
        assert not tab.action.under_way
        tab._take(figure(nothing_new(100)))
        assert tab.action.under_way
        assert tab.action.first is None
        tab._take(frame("2", "running", 100))
        assert tab.action.first
        assert not tab.action.complete
        tab._take(frame("2", "done", None))
        tab._take(finished())
        assert tab.action.over
        assert tab.action.first <= tab.action.complete
        assert (before.run, tab.action.run) == ("1", "2")

    on_a_loop_of_its_own(look())


def test_only_this_machine_is_put_under_load() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        Tab("http://example.org", Record())


class Unhurried(selectors.DefaultSelector):
    """Does not wait for what is to come, but says how long it would have."""

    waited = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        self.waited += 0.0 if ready else timeout or 0.0
        return ready


class TimelessLoop(asyncio.SelectorEventLoop):
    """Time passes on it as fast as can be."""

    def __init__(self) -> None:
        self._unhurried = Unhurried()
        super().__init__(self._unhurried)

    def time(self) -> float:
        return self._unhurried.waited


class Wire:
    """The near end of a connection: notes when ticks are sent."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def send(self, data: bytes) -> None:
        (tick,) = BackMsg.FromString(data).rerun_script.widget_states.widgets
        assert "tick" in tick.json_trigger_value
        self.asked.append(asyncio.get_running_loop().time())


def test_a_figure_that_hears_nothing_asks_again_twice_as_late_each_time() -> None:
    wire = Wire()

    async def listen() -> None:
        tab, _ = told()
        tab._connection = wire  # type: ignore[assignment]
        tab._take(figure(nothing_new(100)))
        await asyncio.sleep(20)

    on_a_loop_of_its_own(listen(), TimelessLoop)
    waits = [after - before for before, after in pairwise([0, *wire.asked])]
    assert waits == pytest.approx([0.1, IMPATIENCE, 2 * IMPATIENCE, 4 * IMPATIENCE], abs=0.01)
