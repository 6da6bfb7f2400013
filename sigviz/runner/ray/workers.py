"""Workers that are actors in a Ray cluster, reached through a bridge process.

The web process itself does not import Ray; `sigviz.runner.ray.bridge` says why.
"""

import logging
from importlib.util import find_spec
from itertools import count

from sigviz.runner.children import Child, Ears
from sigviz.runner.messages import Order, Report
from sigviz.runner.ray.messages import (
    CONNECT_WITHIN,
    Connected,
    End,
    OrderTo,
    Placed,
    Refused,
    ReportFrom,
    Start,
    split,
)
from sigviz.runner.workers import Worker

LEAVE_WITHIN = 5.0
"""Seconds that the bridge has to take leave of the cluster."""

_log = logging.getLogger(__name__)


class RayWorkers:
    """Starts actors; see `sigviz.runner.workers`. Its size is that of the cluster at first."""

    def __init__(self, address: str) -> None:
        """Connect to the cluster whose head is at `address`, HOST:PORT.

        Raises:
            ValueError: It is no such address.
            OSError: Ray is not installed, or the cluster does not answer.
        """
        split(address)
        if find_spec("ray") is None:
            raise OSError("Ray is not installed; pip install -r requirements-cluster.txt")
        self._address = address
        self._ears = Ears[Child]()
        self._workers: dict[int, RayWorker] = {}
        self._numbers = count(1)
        self._bridge = self._build()
        self.size = self._connected()

    def start(self) -> "RayWorker":
        if self._bridge.ended:
            self._bridge = self._build()
        worker = RayWorker(next(self._numbers), self._bridge, self._workers)
        self._bridge.send(Start(worker.number))
        return worker

    def wait(self, timeout: float | None) -> list[tuple[Worker, Report | None]]:
        heard: list[tuple[Worker, Report | None]] = []
        for bridge, message in self._ears.wait(timeout):
            heard += self._understood(bridge, message)
        return heard

    def wake(self) -> None:
        self._ears.wake()

    def close(self) -> None:
        self._bridge.end(LEAVE_WITHIN)
        self._ears.close()

    def _build(self) -> Child:
        return self._ears.add(Child("sigviz.runner.ray.bridge", self._address))

    def _connected(self) -> int:
        """Wait for the bridge's first message; the CPUs it tells of."""
        why = f"the bridge process failed, or had no answer within {CONNECT_WITHIN} s"
        for _, message in self._ears.wait(2 * CONNECT_WITHIN):
            match message:
                case Connected(cpus):
                    return max(cpus, 1)
                case Refused(reason):
                    why = reason
        self.close()
        raise OSError(
            f"the Ray cluster at {self._address} cannot be used: {why}. Is it running, is this "
            "machine one of its nodes, and has it the same token and versions of Ray and Python?"
        )

    def _understood(self, bridge: Child, message: object) -> list[tuple[Worker, Report | None]]:
        match message:
            case ReportFrom(number, report) if worker := self._workers.get(number):
                return [(worker, report)]
            case Placed(number, place) if worker := self._workers.get(number):
                worker.placed, worker.name = True, f"Ray worker {number} ({place})"
            case Refused(why):
                _log.error("the Ray cluster at %s cannot be used: %s", self._address, why)
            case None:
                _log.error("the bridge to the Ray cluster at %s has ended", self._address)
                return [(each, None) for each in self._workers.values() if each.bridge is bridge]
        return []


class RayWorker:
    """The web process's side of an actor."""

    pid = None

    def __init__(self, number: int, bridge: Child, register: dict[int, "RayWorker"]) -> None:
        self.number, self.bridge, self._register = number, bridge, register
        self.name, self.placed = f"Ray worker {number}", False
        register[number] = self

    def send(self, order: Order) -> None:
        if self.number in self._register:
            self.bridge.send(OrderTo(self.number, order))

    def end(self) -> None:
        if self._register.pop(self.number, None):
            self.bridge.send(End(self.number))
