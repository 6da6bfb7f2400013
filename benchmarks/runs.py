"""An experiment's run at its defaults with another seed, here and through a worker."""

from benchmarks.fresh import must_be_fresh
from sigviz.experiments.registry import find
from sigviz.runner import Run, Runner, State
from sigviz.settings import Job
from sigviz.trace import Trace
from support.runs import finished


def job(name: str, seed: int, **changes: object) -> Job:
    """An experiment's defaults with a seed."""
    return find(name).job(seed=seed, **changes)


def here(name: str, seed: int) -> Trace:
    """The run in this process; its last trace."""
    return finished(find(name).run(job(name, seed)))


def submitted(runner: Runner, name: str, seed: int, **changes: object) -> Run:
    """The run, asked for of a runner; trained for us alone."""
    run = runner.submit(job(name, seed, **changes), fresh=True)
    must_be_fresh(run.origin, name)
    return run


def follow(runner: Runner, name: str, seed: int) -> None:
    """The run through a worker, followed as a page follows it.

    Raises:
        RuntimeError: It did not end well.
    """
    run, seen = submitted(runner, name, seed), None
    while not run.state.over:
        seen = run.latest(seen, timeout=0.1)
    if run.state is not State.COMPLETE:
        raise RuntimeError(f"the run of {name} ended {run.state.value}")
