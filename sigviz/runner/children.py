"""Child processes of the web process, and listening to all of them at once."""

import os
import selectors
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any, Generic, TypeVar, cast

from sigviz.runner.channel import Channel


class Child:
    """A process that runs one of our modules as ``python -m MODULE FD``, and a channel to it."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start it.

        Raises:
            OSError: It cannot be started.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", module, str(theirs.fileno()), *arguments],
                    pass_fds=[theirs.fileno()],
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                )
            except BaseException:
                ours.close()
                raise
        self.channel = Channel(ours, waits=False)
        self._selector: selectors.BaseSelector | None = None
        self.ended = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def attend(self, selector: selectors.BaseSelector) -> None:
        """Have a selector tell when there is something to `listen` to."""
        self._selector = selector
        selector.register(self.channel, selectors.EVENT_READ, self)

    def send(self, message: object) -> None:
        """Never waits and never raises: `listen` tells that it is gone."""
        if not self.ended:
            with suppress(OSError):
                self.channel.send(message)
            self._watch()

    def listen(self) -> list[Any]:
        """The messages that have come; None last, once, if it has died."""
        if self.ended:
            return []
        try:
            self.channel.flush()
            messages: list[Any] = [*self.channel.read()]
        except (EOFError, OSError):
            self.end()
            return [None]
        self._watch()
        return messages

    def end(self, grace: float = 0.0) -> None:
        """Close the channel and end the process, which may take `grace` seconds to end itself."""
        if self.ended:
            return
        self.ended = True
        if self._selector:
            self._selector.unregister(self.channel)
        self.channel.close()
        with suppress(subprocess.TimeoutExpired):
            if grace:
                self._process.wait(grace)
        self._process.kill()
        self._process.wait()

    def _watch(self) -> None:
        """Look out for room to send only while something is left to send."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.channel.unsent else 0)
        if self._selector:
            self._selector.modify(self.channel, events, self)


AnyChild = TypeVar("AnyChild", bound=Child)


class Ears(Generic[AnyChild]):
    """Listens to children."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._bell, self._rung = socket.socketpair()
        for end in (self._bell, self._rung):
            end.setblocking(False)
        self._selector.register(self._rung, selectors.EVENT_READ)

    def add(self, child: AnyChild) -> AnyChild:
        """Listen to a child too."""
        child.attend(self._selector)
        return child

    def wait(self, timeout: float | None) -> list[tuple[AnyChild, Any]]:
        """What children have said, as `Child.listen`; empty after `timeout` or when woken."""
        heard: list[tuple[AnyChild, Any]] = []
        for key, _ in self._selector.select(timeout):
            if isinstance(key.data, Child):
                child = cast(AnyChild, key.data)
                heard += [(child, message) for message in child.listen()]
            else:
                with suppress(BlockingIOError):
                    self._rung.recv(4096)
        return heard

    def wake(self) -> None:
        """End the current or the next `wait`; from any thread."""
        with suppress(OSError):  # full: it will wake anyway; closed: nobody waits any more
            self._bell.send(b"!")

    def close(self) -> None:
        self._selector.close()
        self._bell.close()
        self._rung.close()
