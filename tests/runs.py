"""Helpers for tests that train."""

from collections.abc import Iterator

from sigviz.trace import Trace


def finished(traces: Iterator[Trace]) -> Trace:
    """The last trace of a run."""
    *_, last = traces
    return last
