"""A plain table, printed row by row as it is measured."""

from collections.abc import Callable
from statistics import median
from time import perf_counter


def heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}")


def row(name: str, *cells: str) -> None:
    print(f"{name:<58}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def side_by_side(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Median seconds of each of several works, done in turn so that all meet the same noise."""
    for work in works:
        work()
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for taken, work in zip(seconds, works, strict=True):
            started = perf_counter()
            work()
            taken.append(perf_counter() - started)
    return [median(taken) for taken in seconds]
