"""What trains: the interface between the scheduler and whatever the workers are.

`local_workers` has processes on this machine, `ray_workers` actors in a Ray cluster; something else
that can start workers, carry `messages` to and from them and end them can stand in their place.
"""

from typing import Protocol

from sigviz.runner.messages import Order, Report


class Worker(Protocol):
    """One worker. It trains one run at a time and reports to the `Workers` it belongs to."""

    @property
    def name(self) -> str:
        """What the log calls it."""

    @property
    def pid(self) -> int | None:
        """Its process on this machine, if it has one."""

    @property
    def placed(self) -> bool:
        """Whether it has a place to run; a worker that waits for one is not late."""

    def send(self, order: Order) -> None:
        """Give an order. Never waits and never raises: `Workers.wait` tells that it is gone."""

    def end(self) -> None:
        """End it at once, whatever it does, and free what it held."""


class Workers(Protocol):
    """Starts workers and listens to all of them. All but `wake` is called from one thread."""

    @property
    def size(self) -> int:
        """How many workers can work at once: the processors that there are."""

    def start(self) -> Worker:
        """Start a worker; it reports `Ready` when it may be given its first run.

        Raises:
            OSError: It cannot be started.
        """

    def wait(self, timeout: float | None) -> list[tuple[Worker, Report | None]]:
        """What workers have reported, in order; None from one that has died.

        Returns empty after `timeout` seconds (None: any time) or when woken.
        """

    def wake(self) -> None:
        """End the current or the next `wait`; from any thread."""

    def close(self) -> None:
        """Free what listening has taken. The workers have been ended before."""
