"""Channel: pickled messages over a socket, at one end without ever waiting.

The web process must not wait for a worker that hangs in the middle of a message, so it reads and
writes only what the socket has or takes at once; a worker has nothing better to do and waits.
"""

import pickle
import select
import socket
from struct import Struct
from typing import Any

_LENGTH = Struct("!Q")
_AT_ONCE = 1 << 20


class Channel:
    """One end of a connection."""

    def __init__(self, connection: socket.socket, *, waits: bool) -> None:
        connection.setblocking(waits)
        self._socket = connection
        self._coming, self._going = bytearray(), bytearray()

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def unsent(self) -> bool:
        """Whether `flush` has something left to send."""
        return bool(self._going)

    def send(self, message: object) -> None:
        """Send a message; what the socket does not take now is for `flush`.

        Raises:
            OSError: The other end is gone.
        """
        body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._going += _LENGTH.pack(len(body))
        self._going += body
        self.flush()

    def flush(self) -> None:
        """Send what is left."""
        try:
            while self._going:
                del self._going[: self._socket.send(self._going)]
        except BlockingIOError:
            pass

    def read(self) -> list[Any]:
        """The messages that are complete after one look at the socket, often none.

        Raises:
            EOFError, OSError: The other end is gone.
        """
        try:
            part = self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return []
        if not part:
            raise EOFError
        self._coming += part
        messages = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def receive(self) -> Any:
        """Wait for a message; for the end that may wait."""
        while (message := self._next()) is None:
            part = self._socket.recv(_AT_ONCE)
            if not part:
                raise EOFError
            self._coming += part
        return message

    def poll(self) -> bool:
        """Whether `receive` would have something to read."""
        return bool(self._coming) or bool(select.select([self._socket], [], [], 0)[0])

    def close(self) -> None:
        self._socket.close()

    def _next(self) -> Any:
        """The first message of what has come, or None while it is not complete."""
        if len(self._coming) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._coming)
        end = _LENGTH.size + length
        if len(self._coming) < end:
            return None
        with memoryview(self._coming) as whole, whole[_LENGTH.size : end] as body:
            message = pickle.loads(body)
        del self._coming[:end]
        return message
