"""A worker process: takes one run at a time over a connection and sends its trace as it grows.

Started by `sigviz.runner` as ``python -m sigviz.worker FD`` and not with ``multiprocessing``,
whose spawn imports the parent's ``__main__`` again: under Streamlit that is the page being shown.

It sends `READY` once, then for each `Job` the traces as updates (`sigviz.trace.Trace.since`) and,
in the end, one `Finished`. When the connection closes the process ends.
"""

import signal
import sys
import traceback
from multiprocessing.connection import Connection

from sigviz.experiments import names, run_of, settings_of
from sigviz.messages import READY, Finished, Job
from sigviz.trace import Trace


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    import torch

    torch.set_num_threads(1)
    connection.send(READY)
    for name in names():
        if not connection.poll():
            _warm_up(name)
    try:
        while True:
            job = connection.recv()
            if job is not None:
                connection.send(_work(connection, job))
            del job  # a learner's own data is not kept while this waits for the next one
    except (EOFError, ConnectionError):
        return


def _work(connection: Connection, job: Job) -> Finished:
    """Send a run's traces until it ends or a message, which can only be a stop, arrives."""
    sent: Trace | None = None
    try:
        for trace in run_of(job.experiment)(job.settings):
            connection.send(trace.since(sent))
            sent = trace
            if connection.poll():
                break
    except ConnectionError:
        raise
    except Exception:
        return Finished(error=traceback.format_exc())
    return Finished()


def _warm_up(name: str) -> None:
    """Import an experiment and train it a little; the first time takes PyTorch a second."""
    try:
        for _ in run_of(name)(settings_of(name)(steps=3, repeats=2)):
            pass
    except Exception:
        # A run of it will fail and say so; the other experiments must not suffer.
        traceback.print_exc()


if __name__ == "__main__":
    main()
