"""The stacked training beside a plain PyTorch loop over the same networks, on one thread.

In processor seconds.
"""

from collections.abc import Callable
from time import process_time

import torch
from torch import nn

from benchmarks.clock import side_by_side
from benchmarks.report import GOAL, Report
from benchmarks.shapes import NETWORKS, RATE, SHAPES, Shape
from benchmarks.stacked import bare, networks, recorded
from support.goals import Figure, at_least

ROUNDS = 5


def plain(shape: Shape) -> None:
    """Each network in turn, as in any tutorial."""
    x, y = shape.data()
    loss = nn.MSELoss() if shape.regression else nn.CrossEntropyLoss()
    for network in networks(shape):
        optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
        for _ in range(shape.steps + 1):
            optimizer.zero_grad()
            loss(network(x), y).backward()
            optimizer.step()


def _of(shape: Shape, work: Callable[[Shape], None]) -> Callable[[int], None]:
    return lambda _: work(shape)


def main(report: Report) -> None:
    torch.set_num_threads(1)
    report.table(
        f"{NETWORKS} networks at once, one thread, recording included",
        {"": 52, "plain loop": 16, "stacked": 16, "recording": 14, "ratio": GOAL},
    )
    for shape in SHAPES:
        works = [_of(shape, work) for work in (plain, recorded, bare)]
        loop, ours, without = side_by_side(ROUNDS, *works, clock=process_time)
        goal = at_least(shape.goal, "×") if shape.goal else None
        report.row(
            shape.name,
            f"{1e3 * loop / shape.steps:.2f} ms/step",
            f"{1e3 * ours / shape.steps:.2f} ms/step",
            f"{100 * (ours / without - 1):+.0f} %",
            Figure(f"{loop / ours:.1f}×", loop / ours, goal),
        )
