"""What a server sends, for tests of what a tab makes of it."""

from google.protobuf.message import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from sigviz.charts.payload import pack_arrays
from support.learners.figure import FIGURE


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


def figure(payload: bytes) -> ForwardMsg:
    return element("bidi_component", 1, component_name=FIGURE, bytes=payload)


def frame(run: str, state: str, tick: int | None) -> ForwardMsg:
    return figure(pack_arrays({"run": run, "state": state, "tick": tick, "panels": ["one"]}))
