"""Changing a setting that does not concern initialization keeps the same first weights."""

from collections.abc import Callable

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
    """A function that gives the weights and biases with which a run begins, ``[variants of an arm,
    seeds, …]`` each."""
    original = Stack.gather

    def of(job: Job) -> list[torch.Tensor]:
        built: list[torch.Tensor] = []

        def gather(stack: Stack) -> None:
            original(stack)
            built.extend(
                parameter.detach().clone().unflatten(0, (-1, job.settings.repeats))
                for parameter in stack.parameters()
            )

        monkeypatch.setattr(Stack, "gather", gather)
        next(find(job.experiment).run(job))
        monkeypatch.setattr(Stack, "gather", original)
        assert built
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
    for before, after in zip(two, three, strict=True):
        assert torch.equal(before, after[:, :2])
