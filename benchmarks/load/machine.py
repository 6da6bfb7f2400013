"""A real server with the app, and what it takes of the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import psutil

from support.app import served

MB = 1e6


@dataclass(frozen=True)
class Usage:
    """Processor seconds so far, and bytes of memory in use, by kind of process."""

    at: float
    web: float
    workers: float
    ourselves: float
    machine: float
    web_memory: int
    workers_memory: int

    @property
    def others(self) -> float:
        """What is no part of this benchmark; much of it, and the times mean little."""
        return max(0.0, self.machine - self.web - self.workers - self.ourselves)

    def since(self, before: "Usage") -> "Usage":
        """The processor seconds since an earlier look, for each second; memory as it is now."""
        seconds = self.at - before.at
        return Usage(
            self.at,
            (self.web - before.web) / seconds,
            (self.workers - before.workers) / seconds,
            (self.ourselves - before.ourselves) / seconds,
            (self.machine - before.machine) / seconds,
            self.web_memory,
            self.workers_memory,
        )


class Machine:
    """The server's processes and our own."""

    def __init__(self, address: str, web: psutil.Process) -> None:
        self.address, self._web = address, web
        self._ourselves = psutil.Process()
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
        )


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
    before = {child.pid for child in psutil.Process().children()}
    with served() as address:
        (web,) = [child for child in psutil.Process().children() if child.pid not in before]
        yield Machine(address, web)
