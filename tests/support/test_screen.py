"""What a tab knows of its page."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from support.learners.screen import Screen
from tests.support.messages import element, finished, run


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
