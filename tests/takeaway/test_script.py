"""The numbers that the scripts print: they hold the stacked engine to plain PyTorch."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from math import isclose, isnan
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbformat import NotebookNode, v4

from sigviz.experiments.registry import find, names
from sigviz.settings import Job, fields_of
from sigviz.takeaway.script import notebook
from sigviz.trace import Trace
from support.runs import finished
from tests.scripts import each_option, printed, values
from tests.strategies import short

MODERATE = 1.0
"""A learning rate that does not throw a network about within a few steps."""

ONE_ROW = 0.01
"""One row more or less that is right, where two classes are equally likely but for rounding."""

every_experiment = pytest.mark.parametrize("name", names())
some_examples = hypothesis_settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck)
)


def moderate(name: str) -> st.SearchStrategy[Job]:
    """Any settings whose run is short and does not hang on the last bit of its numbers."""
    rates = st.floats(fields_of(find(name).settings)["learning_rate"].low, MODERATE)
    return st.builds(
        lambda job, rate: changed(job, learning_rate=rate),
        short(find(name)),
        rates,
    )


def changed(job: Job, **fields: object) -> Job:
    """The same run with other values of some fields, which are not checked."""
    return replace(job, settings=job.settings.model_copy(update=fields))


@cache
def shown(job: Job) -> Trace:
    """What the page shows in the end."""
    return finished(find(job.experiment).run(job))


def differing(found: dict[str, float], wanted: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The metrics that are not the same to a thousandth."""
    assert set(found) == set(wanted)
    return {
        name: (found[name], value)
        for name, value in wanted.items()
        if not isclose(found[name], value, rel_tol=1e-3, abs_tol=1e-9)
        and not (isnan(found[name]) and isnan(value))
    }


def unexplained(job: Job, different: Iterable[str]) -> set[str]:
    """Those of the `different` metrics that do not hang on the last bit of some number.

    Nobody can reproduce a metric that some millionths of the settings move by more than a
    thousandth, or that is made of gradients which float32 can hardly hold.
    """
    settings, trace, left = job.settings, shown(job), set(different)
    if (trace.series["gradient_norm"][0] < np.finfo(np.float32).tiny).any():
        left -= {key for key in left if key.startswith("decay_per_layer")}
    floats = [key for key, known in fields_of(type(settings)).items() if known.kind == "float"]
    for by in (1e-6, -1e-6, 3e-6):
        if left:
            nudge = {key: getattr(settings, key) * (1 + by) for key in floats}
            nudged = shown(changed(job, **nudge))
            left -= set(differing(nudged.metrics, trace.metrics))
    return left


@pytest.mark.trains
@every_experiment
def test_the_defaults_give_the_numbers_of_the_page(name: str) -> None:
    job = find(name).job()
    wanted = shown(job).metrics
    different = differing(printed(job), wanted)
    assert len(different) <= len(wanted) / 5
    assert not unexplained(job, different)


def check(job: Job) -> None:
    """The script prints what the page shows; shares may differ by a row.

    After a divergence the page shows the numbers before it, and the script those after it: a
    script that stops in time must print the page's.
    """
    settings, found, trace = job.settings, dict(printed(job)), shown(job)
    if trace.diverged_at is not None:
        # The page sees it earlier where activations are too large to be squared.
        assert found.pop("diverged_at", settings.steps + 1) >= trace.diverged_at
        assert set(found) == set(trace.metrics)
        if trace.step == 0:  # nothing runs for no steps
            return
        found = dict(printed(changed(job, steps=trace.step)))
    metrics = settings.metrics()
    different = {
        key: (value, wanted)
        for key, (value, wanted) in differing(found, trace.metrics).items()
        if not (metrics[key].percent and isclose(value, wanted, abs_tol=ONE_ROW))
    }
    assert not unexplained(job, different), (settings.changed(), different)


@every_experiment
def test_each_option_gives_the_numbers_of_the_page(name: str) -> None:
    for job in each_option(name):
        check(changed(job, steps=10, repeats=2))


@every_experiment
@some_examples
@given(data=st.data())
def test_any_settings_give_the_numbers_of_the_page(name: str, data: st.DataObject) -> None:
    check(data.draw(moderate(name)))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("vanishing-gradients", {"activations": ("relu",), "learning_rate": 100}),
        ("vanishing-gradients", {"depth": 3, "activations": ("relu",), "learning_rate": 3}),
        ("initialization", {"learning_rate": 10}),
    ],
)
def test_divergence_is_told_with_its_step(name: str, other: dict[str, Any]) -> None:
    job = find(name).job(**{"steps": 20, "repeats": 2, **other})
    diverged_at = shown(job).diverged_at
    assert diverged_at
    assert diverged_at > 1
    assert printed(job)["diverged_at"] == diverged_at
    check(job)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("vanishing-gradients", {"gain": 1.01}),
        ("vanishing-gradients", {"seed": 1}),
        ("initialization", {"constant": 9.9}),
        ("mse-vs-bce", {"learning_rate": 0.09}),
        ("sigmoid-curve", {"weight": 1.01}),
        ("sigmoid-vs-softmax", {"learning_rate": 0.09}),
    ],
)
def test_other_settings_would_be_noticed(name: str, other: dict[str, float]) -> None:
    job = short_run(name)
    assert differing(printed(changed(job, **other)), shown(job).metrics)


def short_run(name: str) -> Job:
    return find(name).job(steps=10, repeats=2)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every experiment's notebook prints, a short run each, all run by one kernel."""
    books = {name: nbformat.reads(notebook(short_run(name)), 4) for name in names()}
    cells = []
    for book in books.values():
        cells += [v4.new_code_cell("%reset -f"), *book.cells]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    folder = {"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}
    together = v4.new_notebook(cells=cells)
    NotebookClient(together, timeout=120, kernel_name="python3", resources=folder).execute()
    return {name: output(book.cells) for name, book in books.items()}


def output(cells: list[NotebookNode]) -> str:
    return "".join(part.text for cell in cells for part in cell.get("outputs", []))


@pytest.mark.heavy
@every_experiment
def test_its_notebook_prints_what_the_script_prints(name: str, executed: dict[str, str]) -> None:
    assert not differing(values(executed[name]), printed(short_run(name)))
