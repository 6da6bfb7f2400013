"""A real server with the app, and what it takes of the machine."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from urllib.request import urlopen

import psutil

from sigviz.ui.server.metrics import REMEMBERED
from support.server import Server, started

MB = 1e6


@dataclass(frozen=True)
class Usage:
    """Processor seconds so far, and bytes of memory in use, by kind of process.

    Attributes:
        web_memory: Of the web process, `remembered` runs included.
    """

    at: float
    web: float
    workers: float
    ourselves: float
    machine: float
    web_memory: int
    workers_memory: int
    remembered: int

    @property
    def others(self) -> float:
        """What is no part of this benchmark; much of it, and the times mean little."""
        return max(0.0, self.machine - self.web - self.workers - self.ourselves)

    @property
    def learners_memory(self) -> int:
        """What the web process needs besides the runs that it remembers."""
        return self.web_memory - self.remembered

    def since(self, before: "Usage") -> "Usage":
        """The processor seconds since an earlier look, for each second; memory as it is now."""
        seconds = self.at - before.at
        return replace(
            self,
            web=(self.web - before.web) / seconds,
            workers=(self.workers - before.workers) / seconds,
            ourselves=(self.ourselves - before.ourselves) / seconds,
            machine=(self.machine - before.machine) / seconds,
        )


class Machine:
    """The server's processes and our own."""

    def __init__(self, server: Server) -> None:
        self.address = server.address
        self._web, self._ourselves = psutil.Process(server.pid), psutil.Process()
        self._seen: dict[int, float] = {}

    def usage(self) -> Usage:
        workers = self._web.children(recursive=True)
        for worker in workers:
            self._seen[worker.pid] = _seconds(worker)  # one that is replaced has counted, too
        return Usage(
            monotonic(),
            _seconds(self._web),
            sum(self._seen.values()),
            _seconds(self._ourselves),
            _busy(),
            self._web.memory_info().rss,
            sum(_memory(worker) for worker in workers),
            self._remembered(),
        )

    def _remembered(self) -> int:
        """Bytes of finished runs, as the web process counts them."""
        with urlopen(f"{self.address}/_stcore/metrics?families={REMEMBERED}") as answer:
            text = answer.read().decode()
        parts = re.findall(rf"^{REMEMBERED}{{.*}} (\d+)$", text, re.MULTILINE)
        if not parts:
            raise LookupError(f"the server's metrics say nothing of {REMEMBERED}")
        return sum(map(int, parts))


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _busy() -> float:
    """Processor seconds of all cores that were not idle."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0) - getattr(times, "guest", 0))


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


@contextmanager
def machine() -> Iterator[Machine]:
    """A server of the app on a free port of this machine."""
    with started() as server:
        yield Machine(server)
