"""Helpers for tests that train."""

from collections.abc import Iterator

from sigviz.trace import Trace


def finished(traces: Iterator[Trace]) -> Trace:
    """The last trace of a run."""
    last = None
    for last in traces:
        pass
    assert last is not None
    return last
