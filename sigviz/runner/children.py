"""Processes that the web process has started, and listening to all of them at once."""

import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar, cast

from sigviz.runner.channel import Channel


def spawn(
    module: str,
    connection: socket.socket,
    *arguments: str,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> "subprocess.Popen[bytes]":
    """Start one of our modules as ``python -m MODULE FD``, with a connection to us.

    Args:
        environment: Variables that it sees besides our own.

    Raises:
        OSError: It cannot be started.
    """
    with connection:
        return subprocess.Popen(
            [sys.executable, "-m", module, str(connection.fileno()), *arguments],
            pass_fds=[connection.fileno()],
            env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        )


class Peer:
    """A process that we have a channel to, through which we learn of its end."""

    def __init__(self, connection: socket.socket) -> None:
        self.channel = Channel(connection, waits=False)
        self._selector: selectors.BaseSelector | None = None
        self.ended = False

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
        self._kill(grace)

    def _kill(self, grace: float) -> None:
        """End the process."""
        raise NotImplementedError

    def _watch(self) -> None:
        """Look out for room to send only while something is left to send."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.channel.unsent else 0)
        if self._selector:
            self._selector.modify(self.channel, events, self)


class Child(Peer):
    """A process that runs one of our modules."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start it.

        Raises:
            OSError: It cannot be started.
        """
        ours, theirs = socket.socketpair()
        try:
            self._process = spawn(module, theirs, *arguments)
        except BaseException:
            ours.close()
            raise
        super().__init__(ours)

    @property
    def pid(self) -> int:
        return self._process.pid

    def _kill(self, grace: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            if grace:
                self._process.wait(grace)
        self._process.kill()
        self._process.wait()


class Source(Protocol):
    """What `Ears` can listen to."""

    def attend(self, selector: selectors.BaseSelector) -> None:
        """Register with a selector, with this object as its data."""

    def listen(self) -> list[Any]:
        """What has come; never waits."""


AnySource = TypeVar("AnySource", bound=Source)


class Ears(Generic[AnySource]):
    """Listens to all of them at once."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._bell, self._rung = socket.socketpair()
        for end in (self._bell, self._rung):
            end.setblocking(False)
        self._selector.register(self._rung, selectors.EVENT_READ)

    def add(self, source: AnySource) -> AnySource:
        """Listen to one more."""
        source.attend(self._selector)
        return source

    def wait(self, timeout: float | None) -> list[tuple[AnySource, Any]]:
        """What each has said, as its `listen`; empty after `timeout` or when woken."""
        heard: list[tuple[AnySource, Any]] = []
        for key, _ in self._selector.select(timeout):
            if key.fileobj is self._rung:
                with suppress(BlockingIOError):
                    self._rung.recv(4096)
            else:
                source = cast(AnySource, key.data)
                heard += [(source, message) for message in source.listen()]
        return heard

    def wake(self) -> None:
        """End the current or the next `wait`; from any thread."""
        with suppress(OSError):  # full: it will wake anyway; closed: nobody waits any more
            self._bell.send(b"!")

    def close(self) -> None:
        self._selector.close()
        self._bell.close()
        self._rung.close()
