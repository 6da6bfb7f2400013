"""The live figure's part of a tab: what it is sent, and how it asks for more."""

import json
import struct
from dataclasses import dataclass

from streamlit.proto.WidgetStates_pb2 import WidgetState

from support.live_figure import constant

PAINT = 0.08
"""Seconds that a browser takes to paint the panels of one frame: four charts, one to a frame."""

IMPATIENCE = constant("IMPATIENCE") / 1000
"""Seconds after which the figure asks again if nothing has come; each time twice as many."""

FIGURE = "sigviz_live_figure"


@dataclass(frozen=True)
class Frame:
    """What a tab reads of a payload: see `sigviz.charts.payload`."""

    run: str
    state: str
    tick: float | None
    panels: int


def read_frame(payload: bytes) -> Frame:
    """The head of what the live figure is sent."""
    (length,) = struct.unpack_from("<I", payload)
    head = json.loads(payload[4 : 4 + length])
    milliseconds = head["tick"]
    return Frame(
        head.get("run", ""),
        head["state"],
        None if milliseconds is None else milliseconds / 1000,
        len(head.get("panels", ())),
    )


def tick(component: str) -> WidgetState:
    """The figure's trigger, as Streamlit's front end sends a component's."""
    value = [{"event": "tick", "value": True}]
    return WidgetState(
        id=f"$$STREAMLIT_INTERNAL_KEY_{component}__events", json_trigger_value=json.dumps(value)
    )
