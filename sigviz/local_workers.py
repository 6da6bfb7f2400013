"""Workers that are processes on this machine, listened to by one thread."""

import os
import selectors
import socket
import subprocess
import sys
from contextlib import suppress

from sigviz.channel import Channel
from sigviz.messages import Order, Report
from sigviz.workers import Worker


class LocalWorkers:
    """Starts `sigviz.worker` processes; see `sigviz.workers.Workers`."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._bell, self._rung = socket.socketpair()
        for end in (self._bell, self._rung):
            end.setblocking(False)
        self._selector.register(self._rung, selectors.EVENT_READ)

    def start(self) -> "LocalWorker":
        return LocalWorker(self._selector)

    def wait(self, timeout: float | None) -> list[tuple[Worker, Report | None]]:
        heard: list[tuple[Worker, Report | None]] = []
        for key, _ in self._selector.select(timeout):
            if isinstance(key.data, LocalWorker):
                heard += [(key.data, report) for report in key.data.listen()]
            else:
                with suppress(BlockingIOError):
                    self._rung.recv(4096)
        return heard

    def wake(self) -> None:
        with suppress(OSError):  # full: it will wake anyway; closed: nobody waits any more
            self._bell.send(b"!")

    def close(self) -> None:
        self._selector.close()
        self._bell.close()
        self._rung.close()


class LocalWorker:
    """A worker process and the connection to it."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "sigviz.worker", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                )
            except BaseException:
                ours.close()
                raise
        self._channel = Channel(ours, waits=False)
        self._selector = selector
        selector.register(self._channel, selectors.EVENT_READ, self)
        self._ended = False

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def name(self) -> str:
        return f"worker {self.pid}"

    def send(self, order: Order) -> None:
        if not self._ended:
            with suppress(OSError):  # `listen` will tell
                self._channel.send(order)
            self._watch()

    def listen(self) -> list[Report | None]:
        """What it has reported; None last, once, if it has died."""
        if self._ended:
            return []
        try:
            self._channel.flush()
            reports: list[Report | None] = [*self._channel.read()]
        except (EOFError, OSError):
            self.end()
            return [None]
        self._watch()
        return reports

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self._selector.unregister(self._channel)
            self._channel.close()
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        """Look out for room to send only while something is left to send."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._channel.unsent else 0)
        self._selector.modify(self._channel, events, self)
