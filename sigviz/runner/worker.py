"""A worker: holds runs, trains one of them at a time and reports its trace as it grows.

`serve` is a worker's life, wherever its orders come from. `sigviz.runner.local.workers` has a
process for it forked or, where that is not safe, started as ``python -m sigviz.runner.worker FD``;
``multiprocessing`` will not do, which imports the parent's ``__main__`` again: under Streamlit that
is the page being shown. What is said over the connection is in `sigviz.runner.messages`; when it
closes, the process ends.

A run is a generator with random generators of its own, so it can rest between two steps while
another is trained, and nothing of it is lost or changed.
"""

import signal
import socket
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from sigviz.experiments.registry import find, names
from sigviz.runner.channel import Channel
from sigviz.runner.messages import (
    Begin,
    Drop,
    Finished,
    Order,
    Pause,
    Paused,
    Progress,
    Ready,
    Report,
    Resume,
)
from sigviz.trace import Trace


class Inbox(Protocol):
    """Where a worker's orders arrive, in order."""

    def poll(self) -> bool:
        """Whether `receive` would have something at once."""

    def receive(self) -> Order:
        """Wait for an order."""


@dataclass
class _Held:
    """A run that this worker has begun."""

    traces: Iterator[Trace]
    sent: Trace | None = None


class Desk:
    """The runs of one worker, by number."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._held: dict[int, _Held] = {}

    def obey(self, order: Order) -> Iterator[Report]:
        """Do what an order says, reporting meanwhile."""
        match order:
            case Begin(number, job):
                try:
                    self._held[number] = _Held(find(job.experiment).run(job))
                except Exception:
                    yield Finished(number, traceback.format_exc())
                    return
                yield from self._train(number)
            case Resume(number):
                yield from self._train(number)
            case Drop(number):
                self._held.pop(number, None)

    def _train(self, number: int) -> Iterator[Report]:
        """Train one run until it ends or an order takes the turn from it."""
        held = self._held[number]
        while True:
            try:
                trace = next(held.traces, None)
                update = trace.since(held.sent) if trace else None
            except Exception:
                del self._held[number]
                yield Finished(number, traceback.format_exc())
                return
            if update is None:
                del self._held[number]
                yield Finished(number)
                return
            yield Progress(number, update)
            held.sent = trace
            while self._inbox.poll():
                match self._inbox.receive():
                    case Pause(other) if other == number:
                        yield Paused(number)
                        return
                    case Drop(other):
                        self._held.pop(other, None)
                        if other == number:
                            yield Finished(number)
                            return


def serve(inbox: Inbox) -> Iterator[Report]:
    """Be a worker from scratch: what it reports, for ever."""
    import_all()
    yield Ready()
    for name in names():
        if not inbox.poll():
            warm_up(name)
    yield from _obeying(inbox)


def work(connection: socket.socket) -> None:
    """Be a worker in a process that has imported everything, until the connection ends."""
    channel = Channel(connection, waits=True)
    _report(chain([Ready()], _obeying(channel)), channel)


def main() -> None:
    leave_the_end_to_the_web_process()
    channel = Channel(socket.socket(fileno=int(sys.argv[1])), waits=True)
    _report(serve(channel), channel)


def leave_the_end_to_the_web_process() -> None:
    """Ignore what is meant for it, such as Ctrl-C, and reaches all processes of its group."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)


def import_all() -> None:
    """Import PyTorch and every experiment."""
    import torch

    torch.set_num_threads(1)
    for name in names():
        with _only_this():
            find(name).load()


def warm_up(name: str) -> None:
    """Train an experiment a little: the first time takes PyTorch longer."""
    with _only_this():
        experiment = find(name)
        for _ in experiment.run(experiment.job(steps=3, repeats=2)):
            pass


@contextmanager
def _only_this() -> Iterator[None]:
    """Let what fails here not harm the other experiments; a run of it will fail and say so."""
    try:
        yield
    except Exception:
        traceback.print_exc()


def _obeying(inbox: Inbox) -> Iterator[Report]:
    desk = Desk(inbox)
    while True:
        yield from desk.obey(inbox.receive())


def _report(reports: Iterable[Report], channel: Channel) -> None:
    """Send reports for as long as there is somebody to read them."""
    with suppress(EOFError, ConnectionError):
        for report in reports:
            channel.send(report)


if __name__ == "__main__":
    main()
