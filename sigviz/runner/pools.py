"""Where workers come from."""

from sigviz.runner.environment import environment
from sigviz.runner.local.forked import TemplateProcess
from sigviz.runner.local.workers import CAN_FORK, LocalWorkers
from sigviz.runner.ray.workers import RayWorkers
from sigviz.runner.workers import Workers

_prepared: list[TemplateProcess] = []


def prepare() -> None:
    """Begin with what takes long before workers can be had; the next pool goes on with it.

    Raises:
        ValueError: The environment says what cannot be.
    """
    said = environment()
    if CAN_FORK and said.fork and not said.ray_address and not _prepared:
        _prepared.append(TemplateProcess())


def pool_at(ray_address: str, *, fork: bool) -> Workers:
    """Actors in the Ray cluster at an address or, without one, processes on this machine.

    Args:
        fork: Processes on this machine are forked from one that has imported everything, where that
            is safe.

    Raises:
        ValueError: It is no address.
        OSError: The cluster cannot be used.
    """
    if not ray_address:
        template = _prepared.pop() if _prepared else None
        return LocalWorkers(fork=CAN_FORK and fork, template=template)
    try:
        return RayWorkers(ray_address)
    except ValueError as error:
        raise ValueError(f"SIGVIZ_RAY_ADDRESS: {error}, such as 10.0.0.4:6379") from error
    except OSError as error:
        raise OSError(f"SIGVIZ_RAY_ADDRESS: {error}") from error
