"""Panels as bytes: a JSON header, and behind it every array's numbers.

Four bytes tell the header's length (little-endian); the numbers are float32, one array behind the
other. In the header an array is ``{"$start": first number, "$shape": […]}``. JSON alone would
take four times the bytes, and the web process would spend its time on writing digits.
"""

import json
import struct
from itertools import count
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from sigviz.charts.palette import SHADES
from sigviz.charts.panels import DrawPanels, Panel, moments
from sigviz.settings import Job
from sigviz.trace import Trace

_turns = count()
_packing = Lock()
_packed: WeakKeyDictionary[Trace, dict[int | None, bytes]] = WeakKeyDictionary()


def packed(run: str, panels: DrawPanels, job: Job, trace: Trace, tick: int | None) -> bytes:
    """`pack` of a trace's panels; learners who look at the same trace are given the same bytes."""
    with _packing:
        kept = _packed.setdefault(trace, {})
    if tick not in kept:
        kept[tick] = pack(run, panels(job, trace), trace, tick)
    return kept[tick]


def packed_bytes() -> int:
    """Bytes of all that is packed and kept, which is as long as its trace is."""
    with _packing:
        return sum(len(each) for kept in list(_packed.values()) for each in list(kept.values()))


def pack(run: str, panels: list[Panel], trace: Trace, tick: int | None) -> bytes:
    """What the live figure draws.

    Args:
        run: Tells one run from another; with a new one the playback starts afresh.
        trace: What the panels show.
        tick: After so many milliseconds the figure asks for more; None if there will be no more.
    """
    return pack_arrays(
        {
            "run": run,
            "state": "done" if tick is None else "running",
            "tick": tick,
            "progress": trace.step,
            "planned": trace.steps,
            "steps": moments(trace),
            "colours": SHADES,
            "panels": [
                {
                    "key": panel.key,
                    "title": panel.title,
                    "alt": panel.alt,
                    "layout": panel.layout,
                    "traces": panel.traces,
                    "moving": [vars(moving) for moving in panel.moving],
                }
                for panel in panels
            ],
        }
    )


def nothing_new(tick: int | None) -> bytes:
    """Nothing to draw: the figure keeps what it shows and asks again, if `tick` is not None.

    Every call gives other bytes: equal ones would not reach the browser.
    """
    return pack_arrays({"state": "waiting", "tick": tick, "turn": next(_turns)})


def pack_arrays(content: Any) -> bytes:
    """A JSON-like object, with arrays in it, as bytes."""
    arrays: list[bytes] = []
    start = 0

    def stand_in(value: object) -> Any:
        nonlocal start
        if isinstance(value, np.ndarray):
            numbers = np.ascontiguousarray(value, np.float32)
            arrays.append(numbers.tobytes())
            begin, start = start, start + numbers.size
            return {"$start": begin, "$shape": value.shape}
        if isinstance(value, np.generic):
            return value.item()
        raise TypeError(f"{type(value).__name__} cannot be sent to the live figure")

    header = json.dumps(content, default=stand_in, allow_nan=False, separators=(",", ":")).encode()
    return b"".join([struct.pack("<I", len(header)), header, *arrays])
