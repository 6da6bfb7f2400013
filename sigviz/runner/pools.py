"""Where workers come from and how many there are, as the environment says."""

import os

from sigviz.runner.local.forked import TemplateProcess
from sigviz.runner.local.workers import CAN_FORK, LocalWorkers
from sigviz.runner.ray.workers import RayWorkers
from sigviz.runner.workers import Workers

RAY_ADDRESS, WORKERS, FORK = "SIGVIZ_RAY_ADDRESS", "SIGVIZ_WORKERS", "SIGVIZ_FORK"


_prepared: list[TemplateProcess] = []


def prepare() -> None:
    """Begin with what takes long before workers can be had; the next pool goes on with it.

    Raises:
        ValueError: The environment says what cannot be.
    """
    if not (_prepared or os.environ.get(RAY_ADDRESS, "").strip()) and _forks():
        _prepared.append(TemplateProcess())


def pool_from_environment() -> Workers:
    """Actors in the Ray cluster that the environment names, else processes on this machine.

    Raises:
        ValueError: A variable is no address, or neither 0 nor 1.
        OSError: The cluster cannot be used.
    """
    address = os.environ.get(RAY_ADDRESS, "").strip()
    if not address:
        return LocalWorkers(fork=_forks(), template=_prepared.pop() if _prepared else None)
    try:
        return RayWorkers(address)
    except ValueError as error:
        raise ValueError(f"{RAY_ADDRESS}: {error}, such as 10.0.0.4:6379") from error
    except OSError as error:
        raise OSError(f"{RAY_ADDRESS}: {error}") from error


def size_from_environment() -> int | None:
    """How many workers there should be; None if the environment does not say.

    Raises:
        ValueError: The variable is no positive whole number.
    """
    text = os.environ.get(WORKERS, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(
            f"{WORKERS} is {text!r}; it must be a whole number from 1, or unset for as many "
            "workers as there are processors"
        )
    return int(text)


def _forks() -> bool:
    """Whether local workers are forked: where that is safe, unless the environment forbids it.

    Raises:
        ValueError: The variable is neither 0 nor 1.
    """
    text = os.environ.get(FORK, "").strip()
    if text not in ("", "0", "1"):
        raise ValueError(f"{FORK} is {text!r}; it must be 0, 1 or unset")
    return CAN_FORK and text != "0"
