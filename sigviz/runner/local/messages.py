"""What the web process and the template say to each other, one packet each, with what is open."""

import pickle
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Fork:
    """To the template: fork a worker. Goes with the worker's end of a connection."""

    number: int


@dataclass(frozen=True)
class Forked:
    """From a forked worker, before anything else. Goes with a descriptor of its process."""

    number: int
    pid: int


@dataclass(frozen=True)
class Unsafe:
    """The template's last message: it cannot fork."""

    why: str


Packet = Fork | Forked | Unsafe

_LARGEST = 4096


def send(connection: socket.socket, packet: Packet, *descriptors: int) -> None:
    """Send a packet, and copies of open descriptors with it.

    Raises:
        OSError: The other end is gone, or does not read.
    """
    socket.send_fds(connection, [pickle.dumps(packet)], list(descriptors))


def receive(connection: socket.socket) -> tuple[Packet, int | None]:
    """The next packet, and the descriptor that came with it.

    Raises:
        EOFError, OSError: The other end is gone, or `connection` does not wait and has nothing.
    """
    body, descriptors, *_ = socket.recv_fds(
        connection, _LARGEST, maxfds=1, flags=socket.MSG_CMSG_CLOEXEC
    )
    if not body:
        raise EOFError
    packet: Packet = pickle.loads(body)
    return packet, descriptors[0] if descriptors else None
