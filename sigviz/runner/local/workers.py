"""Workers that are processes on this machine, listened to by one thread."""

import os

from sigviz.runner.children import Child, Ears
from sigviz.runner.messages import Report
from sigviz.runner.workers import Worker


class LocalWorkers:
    """Starts `sigviz.runner.worker` processes; see `sigviz.runner.workers.Workers`."""

    def __init__(self) -> None:
        self._ears = Ears[LocalWorker]()

    @property
    def size(self) -> int:
        return os.cpu_count() or 1

    def start(self) -> "LocalWorker":
        return self._ears.add(LocalWorker("sigviz.runner.worker"))

    def wait(self, timeout: float | None) -> list[tuple[Worker, Report | None]]:
        return [*self._ears.wait(timeout)]

    def wake(self) -> None:
        self._ears.wake()

    def close(self) -> None:
        self._ears.close()


class LocalWorker(Child):
    """A worker process."""

    placed = True

    @property
    def name(self) -> str:
        return f"worker {self.pid}"
