"""Panels as bytes: a JSON header, and behind it every array's numbers.

Four bytes tell the header's length (little-endian); the numbers are float32, one array behind the
other. In the header an array is ``{"$start": first number, "$shape": […]}``. JSON alone would
take four times the bytes, and the web process would spend its time on writing digits.
"""

import json
import struct
from typing import Any

import numpy as np

from sigviz.palette import colours
from sigviz.panels import Panel, moments
from sigviz.trace import Trace


def pack(run: str, panels: list[Panel], trace: Trace) -> bytes:
    """What the live figure draws.

    Args:
        run: Tells one run from another; with a new one the playback starts afresh.
    """
    return pack_arrays(
        {
            "run": run,
            "running": not trace.done,
            "progress": trace.step,
            "planned": trace.steps,
            "steps": moments(trace),
            "colours": colours(),
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
