"""A Ray cluster of this machine alone, for tests."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from support.runs import until

OPTIONS = (
    "--head --port=0 --object-store-memory=80000000 "
    "--include-dashboard=false --include-log-monitor=false --disable-usage-stats --block"
)


class Cluster:
    """A cluster that has been started: its address, and a look at its processes."""

    cpus = 1

    def __init__(self, address: str, started: int) -> None:
        self.address, self._started = address, psutil.Process(started)

    @property
    def actors(self) -> list[psutil.Process]:
        """The processes of all actors, of this and any other test."""
        return [each for each in self._started.children(recursive=True) if _is_actor(each)]


def _is_actor(process: psutil.Process) -> bool:
    try:
        return "WorkerActor" in process.cmdline()[0]
    except (psutil.Error, IndexError):
        return False


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a cluster on the loopback interface that nobody else can use; end it in the end."""
    directory = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # sockets' paths must be short
    ours = {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        # Without it Ray takes 127.0.0.1 for another address and listens on every interface.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    }
    options = [*OPTIONS.split(), "--num-cpus", str(Cluster.cpus), "--temp-dir", directory]
    process = subprocess.Popen(
        [Path(sys.executable).with_name("ray"), "start", *options],
        env={**os.environ, **ours},
        cwd=directory,  # where our code is not: it must be sent
        stdout=subprocess.DEVNULL,
    )
    written = Path(directory, "ray_current_cluster")
    try:
        until(lambda: written.exists() or process.poll() is not None)
        os.environ.update(ours)
        yield Cluster(written.read_text().strip(), process.pid)
    finally:
        for name in ours:
            os.environ.pop(name, None)
        children = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait()
        for child in children:
            if child.is_running():
                child.kill()
        shutil.rmtree(directory, ignore_errors=True)
