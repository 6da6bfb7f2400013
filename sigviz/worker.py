"""A worker process: holds runs, trains one of them at a time and sends its trace as it grows.

Started by `sigviz.local_workers` as ``python -m sigviz.worker FD`` and not with
``multiprocessing``, whose spawn imports the parent's ``__main__`` again: under Streamlit that is
the page being shown. What is said over the connection is in `sigviz.messages`; when it closes, the
process ends.

A run is a generator with random generators of its own, so it can rest between two steps while
another is trained, and nothing of it is lost or changed.
"""

import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from sigviz.channel import Channel
from sigviz.experiments import names, run_of, settings_of
from sigviz.messages import (
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


@dataclass
class _Held:
    """A run that this worker has begun."""

    traces: Iterator[Trace]
    sent: Trace | None = None


class Desk:
    """The runs of one worker, by number."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._held: dict[int, _Held] = {}

    def obey(self, order: Order) -> Report | None:
        """Do what an order says; what is to be reported in the end."""
        match order:
            case Begin(number, experiment, settings):
                try:
                    self._held[number] = _Held(run_of(experiment)(settings))
                except Exception:
                    return Finished(number, traceback.format_exc())
                return self._train(number)
            case Resume(number):
                return self._train(number)
            case Drop(number):
                self._held.pop(number, None)
        return None

    def _train(self, number: int) -> Report:
        """Train one run until it ends or an order takes the turn from it."""
        held = self._held[number]
        try:
            for trace in held.traces:
                self._channel.send(Progress(number, trace.since(held.sent)))
                held.sent = trace
                while self._channel.poll():
                    match self._channel.receive():
                        case Pause(other) if other == number:
                            return Paused(number)
                        case Drop(other):
                            self._held.pop(other, None)
                            if other == number:
                                return Finished(number)
        except (EOFError, ConnectionError):
            raise
        except Exception:
            del self._held[number]
            return Finished(number, traceback.format_exc())
        del self._held[number]
        return Finished(number)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(socket.socket(fileno=int(sys.argv[1])), waits=True)
    import torch

    torch.set_num_threads(1)
    desk = Desk(channel)
    try:
        channel.send(Ready())
        for name in names():
            if not channel.poll():
                _warm_up(name)
        while True:
            report = desk.obey(channel.receive())
            if report is not None:
                channel.send(report)
    except (EOFError, ConnectionError):
        return


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
