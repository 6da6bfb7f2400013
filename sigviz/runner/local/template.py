"""The template: a process that has imported all that a worker needs, and forks workers.

The web process starts it as ``python -m sigviz.runner.local.template FD``. A worker that is forked
from it is ready at once, where a new process imports PyTorch for seconds, and shares its memory.

Only a process with a single thread may fork: what another thread holds just then, a lock say,
would stay held in the copy for ever. `SINGLE_THREADED` keeps the libraries from starting any.
"""

import gc
import os
import selectors
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from sigviz.experiments.registry import names
from sigviz.runner import worker
from sigviz.runner.local.messages import Fork, Forked, Unsafe, receive, send


class Template:
    """Forks workers, and leaves none behind, dead or alive."""

    def __init__(self, web: socket.socket) -> None:
        """Fork what the web process asks for over `web`."""
        self._web = web
        # Not `DefaultSelector`: a worker would share the kernel's list with its template.
        self._selector = selectors.PollSelector()
        self._selector.register(web, selectors.EVENT_READ)

    def serve(self, *, wait: bool) -> None:
        """Fork and bury workers; with `wait`, for ever.

        Raises:
            EOFError, OSError: The web process is gone.
        """
        while ready := self._selector.select(None if wait else 0):
            for key, _ in ready:
                if key.fileobj is self._web:
                    self._fork()
                else:
                    self._bury(key.fd)

    def close(self) -> None:
        """End all workers."""
        for process in self._workers:
            signal.pidfd_send_signal(process, signal.SIGKILL)
            self._bury(process)

    @property
    def _workers(self) -> list[int]:
        """A descriptor of each worker's process."""
        return [key.fd for key in self._selector.get_map().values() if key.fd != self._web.fileno()]

    def _fork(self) -> None:
        """Read an order and obey it."""
        order, connection = receive(self._web)
        assert isinstance(order, Fork), order
        assert connection is not None
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads > 1:
            send(self._web, Unsafe(f"a library has started {threads - 1} threads"))
            raise EOFError
        gc.freeze()  # else the worker's first collection would write to all that it shares
        try:
            pid = os.fork()
        except OSError:
            traceback.print_exc()
        else:
            if not pid:
                self._become_worker(order.number, socket.socket(fileno=connection))
            self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ)
        os.close(connection)

    def _become_worker(self, number: int, connection: socket.socket) -> None:
        """Be a worker until the connection ends, and with it the process."""
        try:
            for sibling in self._workers:
                os.close(sibling)
            own = os.pidfd_open(os.getpid())
            send(self._web, Forked(number, os.getpid()), own)
            os.close(own)
            self._web.close()
            gc.enable()
            worker.work(connection)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)  # what the template would do at its end is none of a worker's business

    def _bury(self, process: int) -> None:
        """Take a dead worker out of the kernel's table."""
        self._selector.unregister(process)
        os.waitid(os.P_PIDFD, process, os.WEXITED)
        os.close(process)


def main() -> None:
    worker.leave_the_end_to_the_web_process()
    gc.disable()  # importing makes a million objects that stay
    template = Template(socket.socket(fileno=int(sys.argv[1])))
    worker.import_all()
    with suppress(EOFError, OSError):
        for name in names():
            template.serve(wait=False)  # one that is wanted now had better begin than be warm
            worker.warm_up(name)
        gc.collect()
        template.serve(wait=True)
    template.close()


if __name__ == "__main__":
    main()
