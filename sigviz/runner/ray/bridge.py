"""The bridge to a Ray cluster: a process between the web process and Ray, run by `RayWorkers`.

Ray's library takes over the signals of the process it is used in, and ends it when the cluster has
been gone for a minute. The web process must survive that, as it survives the death of a worker.
"""

import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import sigviz
from sigviz.runner.channel import Channel
from sigviz.runner.ray.actor import WorkerActor
from sigviz.runner.ray.messages import (
    CONNECT_WITHIN,
    Connected,
    End,
    FromBridge,
    OrderTo,
    Placed,
    Refused,
    ReportFrom,
    Start,
    split,
)

# Read when Ray is imported: no word to its makers, no colours in the log.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_COLOR_PREFIX", "0")

import ray

CODE = {"py_modules": [str(Path(sigviz.__file__).parent)], "excludes": ["__pycache__", "*.pyc"]}
"""Our own package is sent to the cluster, so that both sides are always of the same version."""

_log = logging.getLogger(__name__)


class Bridge:
    """The actors behind one web process, by number, and a thread that listens to each."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._lock = channel, Lock()
        self._actors: dict[int, Any] = {}
        remote: Any = ray.remote  # whose annotations lack the groups
        self._actor = remote(num_cpus=1, concurrency_groups={"orders": 1})(WorkerActor)

    def serve(self) -> None:
        """Do what the web process says, until it ends the connection."""
        while True:
            match self._channel.receive():
                case Start(number):
                    self._actors[number] = actor = self._actor.remote()
                    Thread(target=self._listen, args=(number, actor), daemon=True).start()
                case OrderTo(number, order):
                    self._actors[number].order.options(concurrency_group="orders").remote(order)
                case End(number):
                    ray.kill(self._actors.pop(number), no_restart=True)

    def _listen(self, number: int, actor: Any) -> None:
        """Pass on what an actor reports, until it dies."""
        try:
            self._say(Placed(number, ray.get(actor.place.remote())))
            while True:
                for ref in actor.reports.options(num_returns="streaming").remote():
                    self._say(ReportFrom(number, ray.get(ref)))
        except Exception as error:
            if number in self._actors:
                _log.warning("Ray worker %d is gone: %s", number, _sentence(error))
            self._say(ReportFrom(number, None))

    def _say(self, message: FromBridge) -> None:
        with self._lock, suppress(OSError):  # `serve` will see that the web process is gone
            self._channel.send(message)


def connect(address: str) -> Connected | Refused:
    """Connect to a cluster, or tell why not."""
    try:
        socket.create_connection(split(address), CONNECT_WITHIN / 2).close()
    except OSError as error:
        return Refused(f"nothing answers there ({error.strerror or error})")
    try:
        ray.init(address, runtime_env=CODE, logging_level=logging.WARNING)
        return Connected(int(ray.cluster_resources().get("CPU", 0)))
    except Exception as error:
        return Refused(_sentence(error))


def _sentence(error: Exception) -> str:
    """An error in one line; Ray's own have many."""
    return " ".join(str(error).split())[:500] or type(error).__name__


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    channel = Channel(socket.socket(fileno=int(sys.argv[1])), waits=True)
    signal.alarm(CONNECT_WITHIN)
    answer = connect(sys.argv[2])
    signal.alarm(0)
    for each in (signal.SIGINT, signal.SIGTERM):  # the web process decides when to end
        signal.signal(each, signal.SIG_IGN)
    try:
        channel.send(answer)
        if isinstance(answer, Connected):
            Bridge(channel).serve()
    except (EOFError, OSError):
        ray.shutdown()


if __name__ == "__main__":
    main()
