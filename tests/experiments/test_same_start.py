"""Changing a setting that does not concern initialization keeps the same first weights."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
import torch

from sigviz.experiments.registry import find, names
from sigviz.settings import Job, fields_of
from sigviz.training.networks import Stack

FirstWeights = Callable[[Job], list[torch.Tensor]]

NOT_THE_START = (
    "batch_size",
    "focal_alpha",
    "focal_gamma",
    "learning_rate",
    "output",
    "precision",
    "probe",
    "steps",
    "target",
    "temperature",
    "z1",
)


@pytest.fixture
def first_weights(monkeypatch: pytest.MonkeyPatch) -> FirstWeights:
    """A function that gives the weights and biases with which a run begins."""

    def of(job: Job) -> list[torch.Tensor]:
        built: list[torch.Tensor] = []

        class Spy(Stack):
            def __init__(self, *arguments: Any) -> None:
                super().__init__(*arguments)
                built.extend(parameter.detach().clone() for parameter in self.parameters())

        run = import_module(f"sigviz.experiments.{job.experiment.replace('-', '_')}.run")
        monkeypatch.setattr(run, "Stack", Spy)
        next(find(job.experiment).run(job))
        return built

    return of


@pytest.mark.parametrize("name", names())
def test_the_start_is_kept_by_what_does_not_concern_it(
    name: str, first_weights: FirstWeights
) -> None:
    experiment = find(name)
    start = first_weights(experiment.job(repeats=2))
    changed = [field for field in NOT_THE_START if field in fields_of(experiment.settings)]
    assert len(changed) >= 2
    for field in changed:
        known = fields_of(experiment.settings)[field]
        other = known.options[-1] if known.kind == "choice" else known.high
        job = experiment.job(**{"repeats": 2, field: other})
        assert job != experiment.job(repeats=2), field
        for before, after in zip(start, first_weights(job), strict=True):
            assert torch.equal(before, after), field


@pytest.mark.parametrize("name", names())
def test_more_repeats_keep_the_first_ones(name: str, first_weights: FirstWeights) -> None:
    experiment = find(name)
    two, three = (first_weights(experiment.job(repeats=repeats)) for repeats in (2, 3))
    variants = len(experiment.settings().variants)
    for fewer, more in zip(two, three, strict=True):
        before, after = fewer.unflatten(0, (variants, 2)), more.unflatten(0, (variants, 3))
        assert torch.equal(before, after[:, :2])
