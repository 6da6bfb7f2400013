"""Trains the default run of vanishing gradients, with the seed of each line that comes in.

``python default_run.py now`` (or ``then``), with the project's folder of that time as PYTHONPATH;
prints the processor seconds of each run. All that is imported has been by the first line.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from time import process_time
from typing import Any

import torch

NAME = "vanishing-gradients"


def now() -> Callable[[int], object]:
    """How this version trains it."""
    from benchmarks.runs import here  # noqa: PLC0415 - another version may have no such module

    return lambda seed: here(NAME, seed)


def then() -> Callable[[int], object]:
    """How the version that we compare with did."""
    experiments: Any = import_module("sigviz.experiments")
    run, settings = experiments.run_of(NAME), experiments.settings_of(NAME)
    return lambda seed: list(run(settings(seed=seed)))


def main() -> None:
    torch.set_num_threads(1)
    train = {"now": now, "then": then}[sys.argv[1]]()
    for line in sys.stdin:
        started = process_time()
        train(int(line))
        print(process_time() - started, flush=True)


if __name__ == "__main__":
    main()
