"""The parts of the load generator: what it takes for an error, a frame, an answer."""

import math

import pytest
from google.protobuf.message import Message
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load.record import Record, Seconds, quantile
from benchmarks.load.report import Goal
from benchmarks.load.screen import Screen
from benchmarks.load.tab import FIGURE, Tab
from sigviz.charts.payload import nothing_new, pack_arrays
from support.runs import on_a_loop_of_its_own


def run(*fragments: str) -> ForwardMsg:
    """The beginning of a run of the script or of some fragments."""
    message = ForwardMsg()
    message.new_session.SetInParent()
    message.metadata.run.fragment_ids.extend(fragments)
    return message


def finished(
    status: "ForwardMsg.ScriptFinishedStatus.ValueType" = ForwardMsg.FINISHED_SUCCESSFULLY,
) -> ForwardMsg:
    return ForwardMsg(script_finished=status)


def element(kind: str, *path: int, fragment: str = "", **fields: object) -> ForwardMsg:
    """An element drawn at a path."""
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.fragment_id = fragment
    proto: Message = getattr(message.delta.new_element, kind)
    proto.SetInParent()
    for name, value in fields.items():
        if isinstance(value, list):
            getattr(proto, name).extend(value)
        else:
            setattr(proto, name, value)
    return message


def test_a_widget_keeps_the_browser_s_value_until_the_server_sets_one() -> None:
    screen = Screen()
    screen.take(run())
    screen.take(element("slider", 0, id="depth", default=[3.0]))
    assert screen.values["depth"].double_array_value.data == [3]
    screen.values["depth"].double_array_value.data[0] = 7
    screen.take(element("slider", 0, id="depth", default=[3.0]))
    assert screen.values["depth"].double_array_value.data == [7]
    screen.take(element("slider", 0, id="depth", default=[3.0], value=[5.0], set_value=True))
    assert screen.values["depth"].double_array_value.data == [5]


def test_what_a_run_did_not_draw_again_is_gone_and_a_fragment_clears_only_its_own() -> None:
    screen = Screen()
    screen.take(run())
    screen.take(element("slider", 0, id="outside", default=[1.0]))
    screen.take(element("slider", 1, id="inside", default=[1.0], fragment="f"))
    screen.take(finished())
    screen.take(run("f"))
    screen.take(finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
    assert set(screen.values) == {"outside", "inside"}
    screen.take(finished(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))
    assert set(screen.values) == {"outside"}
    screen.take(run())
    screen.take(finished())
    assert not screen.elements


def test_a_large_message_is_sent_once_and_referred_to_as_long_as_it_is_used() -> None:
    screen = Screen()
    screen.take(run())
    large = element("markdown", 0, body="large")
    large.hash, large.metadata.cacheable = "h", True
    screen.take(large)
    assert screen.known_messages == ["h"]
    reference = ForwardMsg(ref_hash="h")
    reference.metadata.delta_path.append(4)
    screen.take(run())
    screen.take(reference)
    assert screen.elements[(4,)].proto.body == "large"
    for _ in range(4):
        screen.take(run())
        screen.take(finished())
    assert screen.known_messages == []


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


def figure(payload: bytes) -> ForwardMsg:
    return element("bidi_component", 1, component_name=FIGURE, bytes=payload)


def frame(run: str, state: str, tick: int | None) -> ForwardMsg:
    return figure(pack_arrays({"run": run, "state": state, "tick": tick, "panels": ["one"]}))


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


def test_a_quantile_is_a_time_that_was_met_or_a_bound_below_it() -> None:
    waited = [(float(n), None) for n in range(1, 20)]
    assert quantile(waited, 0.5) == Seconds(10)
    assert quantile([*waited, (None, 30.0)], 0.95) == Seconds(19)
    assert quantile([*waited, (None, 30.0)], 1) == Seconds(30, at_least=True)
    assert math.isnan(quantile([], 0.5).value)


def test_a_missed_goal_says_by_how_much() -> None:
    assert Goal(30, 0.5, " s").verdict(0.5) == "≤ 0.5 s at 30: met"
    assert Goal(30, 0.5, " s").verdict(1.0) == "≤ 0.5 s at 30: misses by 2.0×"
    assert "misses" in Goal(60, 0, "").verdict(1)
