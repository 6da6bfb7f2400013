"""A worker process: takes one run at a time over a connection and sends its trace as it grows.

Started by `sigviz.runner` as ``python -m sigviz.worker FD`` and not with ``multiprocessing``,
whose spawn imports the parent's ``__main__`` again: under Streamlit that is the page being shown.

It sends `READY` once, then for each `Job` the traces as updates (`sigviz.trace.Trace.since`) and,
in the end, one `Finished`. When the connection closes the process ends.
"""

import signal
import sys
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection

from sigviz.messages import READY, Finished
from sigviz.trace import Trace


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    import torch

    from sigviz.experiments import names, run_of, settings_of

    torch.set_num_threads(1)
    for name in names():
        run_of(name)
    connection.send(READY)
    for name in names():
        if not connection.poll():
            _exhaust(run_of(name)(settings_of(name)(steps=3, repeats=2)))
    try:
        while True:
            job = connection.recv()
            if job is not None:
                connection.send(_work(connection, run_of(job.experiment)(job.settings)))
    except (EOFError, ConnectionError):
        return


def _work(connection: Connection, traces: Iterator[Trace]) -> Finished:
    """Send a run's traces until it ends or a message, which can only be a stop, arrives."""
    sent: Trace | None = None
    try:
        for trace in traces:
            connection.send(trace.since(sent))
            sent = trace
            if connection.poll():
                break
    except ConnectionError:
        raise
    except Exception:
        return Finished(error=traceback.format_exc())
    return Finished()


def _exhaust(traces: Iterator[Trace]) -> None:
    for _ in traces:
        pass


if __name__ == "__main__":
    main()
