"""What the web process and the bridge to a Ray cluster say to each other about numbered workers."""

from dataclasses import dataclass

from sigviz.runner.messages import Order, Report

CONNECT_WITHIN = 30
"""Seconds that a cluster has to answer."""


@dataclass(frozen=True)
class Start:
    """To the bridge: start a worker."""

    worker: int


@dataclass(frozen=True)
class OrderTo:
    """To the bridge: an order to pass on."""

    worker: int
    order: Order


@dataclass(frozen=True)
class End:
    """To the bridge: end a worker at once."""

    worker: int


@dataclass(frozen=True)
class Connected:
    """The bridge's first message: the cluster has answered, and has so many CPUs."""

    cpus: int


@dataclass(frozen=True)
class Refused:
    """The bridge's first and last message if it cannot connect."""

    why: str


@dataclass(frozen=True)
class Placed:
    """From the bridge: a worker has found a place in the cluster and begins to import."""

    worker: int
    place: str


@dataclass(frozen=True)
class ReportFrom:
    """From the bridge: what a worker reports; None when it is gone."""

    worker: int
    report: Report | None


FromBridge = Connected | Refused | Placed | ReportFrom


def split(address: str) -> tuple[str, int]:
    """Host and port of a cluster's head.

    Raises:
        ValueError: It is not written HOST:PORT.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not host or "/" in host or not port.isdecimal() or int(port) > 65_535:
        raise ValueError(f"{address!r} is not the HOST:PORT of a Ray cluster's head")
    return host.strip("[]"), int(port)
