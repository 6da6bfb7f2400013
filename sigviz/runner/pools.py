"""Where workers come from and how many there are, as the environment says."""

import os

from sigviz.runner.local.workers import LocalWorkers
from sigviz.runner.ray.workers import RayWorkers
from sigviz.runner.workers import Workers

RAY_ADDRESS, WORKERS = "SIGVIZ_RAY_ADDRESS", "SIGVIZ_WORKERS"


def pool_from_environment() -> Workers:
    """Actors in the Ray cluster that the environment names, else processes on this machine.

    Raises:
        ValueError: The variable is no address.
        OSError: The cluster cannot be used.
    """
    address = os.environ.get(RAY_ADDRESS, "").strip()
    if not address:
        return LocalWorkers()
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
