"""WorkerActor: a worker as an actor in a Ray cluster. Knows nothing of Ray itself."""

import os
import socket
from collections.abc import Iterator
from queue import SimpleQueue

from sigviz.runner.messages import Finished, Order, Paused, Report
from sigviz.runner.worker import serve


class WorkerActor:
    """Takes orders in one thread while it trains in another.

    A run rests inside its worker between two turns, so a worker is an actor and not a task. Each
    turn is one streaming generator, and no stream lasts longer than that.
    """

    def __init__(self) -> None:
        self._inbox = _Inbox()
        self._reports = serve(self._inbox)

    def place(self) -> str:
        """Where it runs."""
        return f"{os.getpid()} on {socket.gethostname()}"

    def order(self, order: Order) -> None:
        self._inbox.put(order)

    def reports(self) -> Iterator[Report]:
        """What it reports until the end of its next turn."""
        for report in self._reports:
            yield report
            if isinstance(report, Paused | Finished):
                return


class _Inbox(SimpleQueue[Order]):
    """See `sigviz.runner.worker.Inbox`."""

    def poll(self) -> bool:
        return not self.empty()

    def receive(self) -> Order:
        return self.get()
