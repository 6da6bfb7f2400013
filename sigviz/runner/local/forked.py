"""The web process's side of the template and of the workers that it forks."""

import os
import selectors
import signal
import socket
import subprocess
from contextlib import suppress

from sigviz.runner.children import Peer, spawn
from sigviz.runner.local.messages import Fork, Packet, receive, send

SINGLE_THREADED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
}
"""The environment in which neither NumPy nor PyTorch, nor the driver of a graphics card, starts a
thread of its own; they look there when they are imported."""

_TEMPLATE = "sigviz.runner.local.template"

END_WITHIN = 5.0
"""Seconds that the template has to end its workers and itself."""

Heard = tuple[Packet, int | None] | None
"""What the template says, and the descriptor that came with it; None when it is gone."""


class ForkedWorker(Peer):
    """A worker process that is no child of ours: the template sees to its burial."""

    placed = True

    def __init__(self, number: int, connection: socket.socket) -> None:
        super().__init__(connection)
        self.number = number
        self.pid: int | None = None
        self._process: int | None = None

    @property
    def name(self) -> str:
        return f"worker {self.pid or 'to be forked'}"

    def forked(self, pid: int, process: int) -> None:
        """It has been, as `pid`; `process` is a descriptor that stands for it and no other."""
        self.pid, self._process = pid, process
        if self.ended:
            self._kill(0.0)

    def _kill(self, grace: float) -> None:
        if self._process is None:
            return  # not forked yet, as far as we know
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        with suppress(ChildProcessError):  # it is ours if its template has died and we are init
            os.waitid(os.P_PIDFD, self._process, os.WEXITED)
        os.close(self._process)
        self._process = None


class TemplateProcess:
    """The template, as a child process."""

    def __init__(self) -> None:
        """Start it.

        Raises:
            OSError: It cannot be started.
        """
        self._connection, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        try:
            self._process = spawn(
                "sigviz.runner.local.template", theirs, environment=SINGLE_THREADED
            )
        except BaseException:
            self._connection.close()
            raise
        self._connection.setblocking(False)
        self._selector: selectors.BaseSelector | None = None
        self.has_forked = self.ended = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def fork(self, number: int, connection: socket.socket) -> None:
        """Have a worker forked that serves a connection; it closes if that cannot be.

        Raises:
            OSError: The template is gone, or has more to do than it can.
        """
        with connection:
            send(self._connection, Fork(number), connection.fileno())

    def attend(self, selector: selectors.BaseSelector) -> None:
        """See `Source`."""
        self._selector = selector
        selector.register(self._connection, selectors.EVENT_READ, self)

    def listen(self) -> list[Heard]:
        """What has come, with its descriptor; None last, once, if it has died."""
        packets: list[Heard] = []
        try:
            while not self.ended:
                packets.append(receive(self._connection))
                self.has_forked = True
        except BlockingIOError:
            pass
        except (EOFError, OSError):
            self.end()
            packets.append(None)
        return packets

    def end(self, grace: float = END_WITHIN) -> None:
        """End it; in `grace` seconds, if it has forked any, it ends and buries its workers."""
        if self.ended:
            return
        self.ended = True
        if self._selector:
            self._selector.unregister(self._connection)
        self._connection.close()
        with suppress(subprocess.TimeoutExpired):
            if self.has_forked and grace:
                self._process.wait(grace)
        self._process.kill()
        self._process.wait()
