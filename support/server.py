"""The app, or another Streamlit script, on a server of its own on this machine."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]

PATIENCE = 120.0
"""Seconds after which whatever was waited for will not come any more."""


@dataclass(frozen=True)
class Server:
    """A server that answers: its address, and its process, which leads a group of its own."""

    address: str
    pid: int


@contextmanager
def started(
    script: str = "app.py", port: int | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Start a script and give its server once it is healthy; in the end, end all it has started.

    Args:
        script: Its path from the project's folder.
        environment: Variables on top of our own.
    """
    port = port or free_port()
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, *options],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
        stdout=subprocess.DEVNULL,  # it only tells the address
    )
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        wait_until_healthy(server.address, process)
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@contextmanager
def served(
    script: str = "app.py", port: int | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The address of a script that has been `started`."""
    with started(script, port, environment) as server:
        yield server.address


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_until_healthy(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Ask the health endpoint until it answers."""
    give_up = monotonic() + PATIENCE
    while True:
        assert server.poll() is None, "the server ended"
        assert monotonic() < give_up, "the server does not answer"
        try:
            with urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.05)
