"""The stacked training beside a plain PyTorch loop over the same networks, on one thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from benchmarks.table import heading, row, side_by_side
from sigviz.experiments.registry import find, names
from sigviz.runner import Runner
from sigviz.settings import Job
from sigviz.trace import Trace
from sigviz.training.initializers import linear_layers, matched
from sigviz.training.loop import train
from sigviz.training.losses import Loss, cross_entropy, linear_mse
from sigviz.training.networks import Stack

NETWORKS, RATE, ROUNDS = 20, 0.1, 5


@dataclass(frozen=True)
class Shape:
    """Sigmoid networks of one shape and the data of one step."""

    name: str
    sizes: list[int]
    rows: int
    steps: int
    goal: float | None

    def data(self) -> tuple[Tensor, Tensor]:
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(self.rows, self.sizes[0], generator=generator)
        if self.sizes[-1] == 1:
            return x, torch.randn(self.rows, 1, generator=generator)
        return x, torch.randint(0, self.sizes[-1], (self.rows,), generator=generator)

    @property
    def losses(self) -> tuple[nn.Module, Loss]:
        """PyTorch's loss and the stack's."""
        if self.sizes[-1] == 1:
            return nn.MSELoss(), linear_mse
        return nn.CrossEntropyLoss(), cross_entropy

    def layers(self) -> list[list[nn.Linear]]:
        return [linear_layers(self.sizes, matched("sigmoid"), seed) for seed in range(NETWORKS)]


SHAPES = [
    Shape("depth 1, width 10, 100 rows (initialization)", [10, 10, 1], 100, 1000, 8),
    Shape("depth 10, width 10, 100 rows (initialization)", [10, *[10] * 10, 1], 100, 200, 5),
    Shape("depth 10, width 32, 32 rows", [64, *[32] * 10, 10], 32, 100, None),
    Shape(
        "depth 10, width 32, 128 rows (vanishing gradients)", [64, *[32] * 10, 10], 128, 60, None
    ),
]


def plain(shape: Shape) -> None:
    """Each network in turn, as in any tutorial."""
    x, y = shape.data()
    for layers in shape.layers():
        modules: list[nn.Module] = []
        for layer in layers:
            modules += [layer, nn.Sigmoid()]
        network, loss = nn.Sequential(*modules[:-1]), shape.losses[0]
        optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
        for _ in range(shape.steps + 1):
            optimizer.zero_grad()
            loss(network(x), y).backward()
            optimizer.step()


def _stack(shape: Shape) -> tuple[Stack, Tensor, Tensor]:
    x, y = shape.data()
    stack = Stack(shape.layers(), ["sigmoid"] * NETWORKS)
    return stack, x.expand(NETWORKS, -1, -1), y.expand(NETWORKS, *y.shape)


def bare(shape: Shape) -> None:
    """The stack, with nothing recorded."""
    stack, x, y = _stack(shape)
    optimizer = torch.optim.SGD(stack.parameters(), lr=RATE, foreach=False)
    for _ in range(shape.steps + 1):
        logits, _ = stack.forward(x)
        optimizer.zero_grad()
        torch.autograd.backward(shape.losses[1](logits, y), torch.ones(NETWORKS))
        optimizer.step()


def recorded(shape: Shape) -> None:
    """The stack as the app trains it: all recorded at every step, and handed out."""
    stack, x, y = _stack(shape)
    _finish(
        train(
            stack,
            lambda: (x, y),
            shape.losses[1],
            learning_rate=RATE,
            steps=shape.steps,
            variants=1,
            seeds=NETWORKS,
        )
    )


def _finish(traces: Iterator[Trace]) -> None:
    for _ in traces:
        pass


def stacking() -> None:
    heading(f"{NETWORKS} networks at once, one thread, recording included")
    row("", "plain loop", "stacked", "ratio", "recording")
    for shape in SHAPES:
        works = [partial(work, shape) for work in (plain, recorded, bare)]
        loop, ours, without = side_by_side(ROUNDS, *works)
        goal = f" (goal {shape.goal:g}×)" if shape.goal else ""
        row(
            shape.name,
            f"{1e3 * loop / shape.steps:.2f} ms/step",
            f"{1e3 * ours / shape.steps:.2f} ms/step",
            f"{loop / ours:.1f}×{goal}",
            f"{100 * (ours / without - 1):+.0f} %",
        )


def streaming() -> None:
    heading("A run through a worker process, followed as a page follows it")
    row("", "in process", "streamed", "cost", "estimate")
    runner = Runner(workers=1)
    try:
        for name in names():
            job = find(name).job()
            works = [partial(_here, job), partial(_follow, runner, job)]
            here, there = side_by_side(ROUNDS, *works)
            row(
                name,
                f"{here:.2f} s",
                f"{there:.2f} s",
                f"{100 * (there / here - 1):+.0f} %",
                f"{job.seconds:.2f} s",
            )
    finally:
        runner.close()


def _here(job: Job) -> None:
    _finish(find(job.experiment).run(job))


def _follow(runner: Runner, job: Job) -> None:
    run, seen = runner.submit(job), None
    while not run.state.over:
        seen = run.latest(seen, timeout=0.1)


def main() -> None:
    torch.set_num_threads(1)
    stacking()
    streaming()
