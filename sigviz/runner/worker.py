"""A worker: holds runs, trains one of them at a time and reports its trace as it grows.

`serve` is a worker's life, wherever its orders come from. As a process it is started by
`sigviz.runner.local.workers` as ``python -m sigviz.runner.worker FD`` and not with
``multiprocessing``, whose spawn imports the parent's ``__main__`` again: under Streamlit that is
the page being shown. What is said over the connection is in `sigviz.runner.messages`; when it
closes, the process ends.

A run is a generator with random generators of its own, so it can rest between two steps while
another is trained, and nothing of it is lost or changed.
"""

import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
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
    """Be a worker: what it reports, for ever."""
    import torch

    torch.set_num_threads(1)
    yield Ready()
    for name in names():
        if not inbox.poll():
            _warm_up(name)
    desk = Desk(inbox)
    while True:
        yield from desk.obey(inbox.receive())


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(socket.socket(fileno=int(sys.argv[1])), waits=True)
    try:
        for report in serve(channel):
            channel.send(report)
    except (EOFError, ConnectionError):
        return


def _warm_up(name: str) -> None:
    """Import an experiment and train it a little; the first time takes PyTorch a second."""
    try:
        experiment = find(name)
        for _ in experiment.run(experiment.job(steps=3, repeats=2)):
            pass
    except Exception:
        # A run of it will fail and say so; the other experiments must not suffer.
        traceback.print_exc()


if __name__ == "__main__":
    main()
