"""What a run is said to take, beside the operations that it really carries out.

Nothing is timed. On any machine, a run takes so long for each operation, so long for each number
that the operations fill, and so long for each product in a matrix multiplication. Whatever those
three are, the times of two runs are to each other as some mean of what the three counts are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from sigviz.experiments.registry import find
from sigviz.settings import Job
from sigviz.training import loop
from support.runs import finished

pytestmark = pytest.mark.trains

STEPS, REPEATS = 10, 3
SLACK = 1.3
"""The estimate counts the parts of a step by the layer, and leaves out what is done once."""

FASTEST, SLOWEST = 1e-6, 5e-5
"""Seconds that an operation of PyTorch takes to be started, on any processor of these years."""


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often a run hands out what it has would depend on the time."""
    monkeypatch.setattr(loop, "perf_counter", lambda: 0.0)


class Counter(TorchDispatchMode):
    """Counts the operations that reach PyTorch's kernels, and the numbers that they fill."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.operations = self.numbers = 0

    def __torch_dispatch__(
        self, operation: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        result = operation(*args, **(kwargs or {}))
        self.operations += 1
        filled = result if isinstance(result, (tuple, list)) else (result,)
        self.numbers += sum(part.numel() for part in filled if isinstance(part, torch.Tensor))
        return result


@dataclass(frozen=True)
class Work:
    """What a run carries out, and the seconds that it is said to take."""

    operations: int
    numbers: int
    products: int
    said: float

    @property
    def counts(self) -> Sequence[int]:
        return self.operations, self.numbers, self.products


@cache
def work(job: Job) -> Work:
    experiment, settings = find(job.experiment), job.settings
    first = replace(job, settings=settings.model_copy(update={"steps": 1}))
    finished(experiment.run(first))  # now its data is read
    with Counter() as counter, FlopCounterMode(display=False) as products:
        finished(experiment.run(job))
    counted = products.get_total_flops()
    return Work(counter.operations, counter.numbers, counted, job.seconds)


def pair(name: str, changed: dict[str, Any], **common: Any) -> tuple[Work, Work]:
    """The work of a run, and of one in which some of its settings are changed."""
    chosen = {"steps": STEPS, "repeats": REPEATS, **common}
    before, after = (find(name).job(**chosen | more) for more in ({}, changed))
    return work(before), work(after)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("vanishing-gradients", {"depth": 2}),
        ("vanishing-gradients", {"depth": 20, "activations": ("tanh",)}),
        ("vanishing-gradients", {"width": 64}),
        ("vanishing-gradients", {"batch_size": 256}),
        ("vanishing-gradients", {"repeats": 6}),
        ("vanishing-gradients", {"activations": ("sigmoid",)}),
        ("initialization", {"steps": 6 * STEPS}),
        ("initialization", {"depth": 4}),
        ("initialization", {"width": 64}),
        ("initialization", {"repeats": 8}),
        ("initialization", {"dataset": "breast-cancer"}),
        ("mse-vs-bce", {"problem": "breast-cancer"}),
        ("sigmoid-curve", {"dataset": "two-clusters"}),
        ("sigmoid-vs-softmax", {"dataset": "multi-label"}),
    ],
)
def test_it_grows_with_the_work(name: str, changed: dict[str, Any]) -> None:
    before, after = pair(name, changed)
    grown = [more / less for less, more in zip(before.counts, after.counts, strict=True)]
    assert min(grown) / SLACK <= after.said / before.said <= max(grown) * SLACK


def test_where_operations_are_small_their_number_counts() -> None:
    before, after = pair("mse-vs-bce", {"repeats": 16}, repeats=4)
    assert max(after.numbers, after.products) < 1000 * after.operations
    grown = after.operations / before.operations
    assert after.said / before.said == pytest.approx(grown, rel=0.2)


def test_where_operations_are_large_their_products_count() -> None:
    large = {"width": 128, "batch_size": 512, "activations": ("sigmoid",), "steps": 3}
    before, after = pair("vanishing-gradients", {"repeats": 4}, **large, repeats=2)
    assert before.products > 1_000_000 * before.operations
    grown = after.products / before.products
    assert after.said / before.said == pytest.approx(grown, rel=0.1)


@pytest.mark.parametrize("name", ["initialization", "mse-vs-bce", "sigmoid-curve"])
def test_it_is_of_the_size_of_the_work(name: str) -> None:
    """Where products hardly count, between what the fastest and the slowest processor takes."""
    done, _ = pair(name, {})
    assert FASTEST * done.operations < done.said < SLOWEST * done.operations
