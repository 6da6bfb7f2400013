"""What is taken home is what was recorded: read back by pandas, number for number."""

import io
import re
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sigviz.experiments.initialization import EXPERIMENT as INITIALIZATION
from sigviz.experiments.registry import find, names
from sigviz.settings import Job
from sigviz.takeaway.command import command
from sigviz.takeaway.tidy import MAX_ROWS, USUAL, run_csv
from sigviz.takeaway.weights import weights_csv
from sigviz.trace import Trace, layers_of
from support.runs import finished
from tests.strategies import jobs, settings

every_experiment = pytest.mark.parametrize("name", names())
KEYS = ["step", "variant", "seed", "layer"]


@cache
def small(name: str) -> tuple[Job, Trace]:
    job = find(name).job(steps=12, repeats=3, seed=5)
    return job, finished(find(name).run(job))


def read(document: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(document), comment="#", dtype={"value": np.float32})


def dictionary(document: bytes) -> set[str]:
    """The names that the lines above the numbers describe, each with a unit."""
    return set(re.findall(r"^# (\w+): .+ \[.+\]$", document.decode(), flags=re.MULTILINE))


@every_experiment
def test_a_run_comes_back_number_for_number(name: str) -> None:
    job, trace = small(name)
    chosen = job.settings
    table = read(run_csv(job, trace)).set_index(KEYS)
    layers = len(job.layer_sizes) - 1
    assert len(table) == 13 * len(chosen.variants) * 3 * layers
    assert table.index.is_unique
    assert set(table.columns) == set(trace.series)
    for series, rows in trace.series.items():
        by_layer = rows[:, None].repeat(layers, 1) if rows.ndim == 3 else rows
        for layer in range(1, layers + 1):
            column = table[series].xs(layer, level="layer").astype(np.float32)
            if layer > by_layer.shape[1]:
                assert column.isna().all(), "an output layer has no activations"
                continue
            for v, variant in enumerate(chosen.variants):
                for s, seed in enumerate((5, 6, 7)):
                    got = column.xs(variant, level="variant").xs(seed, level="seed").sort_index()
                    np.testing.assert_array_equal(got, by_layer[:, layer - 1, v, s])


@every_experiment
def test_weights_come_back_number_for_number(name: str) -> None:
    job, trace = small(name)
    chosen = job.settings
    table = read(weights_csv(job, trace))
    sizes = job.layer_sizes
    each = sum((inputs + 1) * units for inputs, units in pairwise(sizes))
    assert len(table) == len(chosen.variants) * 3 * each
    table = table.set_index(["variant", "seed", "layer"])
    for variant in chosen.variants:
        for i, layer in enumerate(layers_of(trace.weights[variant]).values(), 1):
            for s, seed in enumerate((5, 6, 7)):
                of_seed = table.xs(variant, level="variant").xs(seed, level="seed")
                matrix = of_seed.loc[[i]].pivot_table("value", "unit", "input")
                np.testing.assert_array_equal(matrix[0], layer["bias"][s])
                np.testing.assert_array_equal(matrix.drop(columns=0), layer["weight"][s])


@every_experiment
def test_the_dictionary_describes_every_column_and_nothing_else(name: str) -> None:
    job, trace = small(name)
    for document in (run_csv(job, trace), weights_csv(job, trace)):
        assert dictionary(document) == set(read(document).columns)
    assert set(trace.series) - set(USUAL) == set(job.settings.RECORDED)


def test_every_usual_series_is_recorded_somewhere() -> None:
    assert set(USUAL) <= {series for name in names() for series in small(name)[1].series}


def test_a_very_long_run_is_thinned_and_keeps_its_end() -> None:
    schemes = ("zeros", "constant", "normal", "xavier-uniform")
    job = INITIALIZATION.job(schemes=schemes, repeats=16, depth=3, steps=5000)
    per_step = 4 * 16 * 4
    loss = np.arange(5001, dtype=np.float32)[:, None, None].repeat(4, 1).repeat(16, 2)
    series = {"loss": loss, "gradient_norm": loss[:, None].repeat(4, 1)}
    dims = {
        "loss": ("step", "variant", "seed"),
        "gradient_norm": ("step", "layer", "variant", "seed"),
    }
    trace = Trace(steps=5000, step=5000, series=series, dims=dims, done=True)
    trace.metrics.update(dict.fromkeys(job.settings.metrics(), 0.0))
    document = run_csv(job, trace)
    table = read(document)
    assert len(table) <= MAX_ROWS + per_step
    assert len(table) > MAX_ROWS / 2
    np.testing.assert_array_equal(table["loss"], table["step"])
    assert (table["step"].unique() == [*range(0, 5000, 2), 5000]).all()
    assert b"Of 2 steps one is kept, and the last one, 5000." in document


def test_a_run_that_ended_early_says_so() -> None:
    job = find("mse-vs-bce").job(steps=12)
    first = next(find("mse-vs-bce").run(job))
    document = run_csv(job, first).decode()
    assert f"# The training was stopped at step {first.step} of 12." in document


@every_experiment
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_command_line_gives_back_the_settings(name: str, data: st.DataObject) -> None:
    job = data.draw(settings(find(name).settings).flatmap(lambda s: jobs(find(name), s)))
    python, dash, package, verb, experiment, *options = command(job)
    assert [python, dash, package, verb, experiment] == ["python", "-m", "sigviz", "run", name]
    texts = {
        option.removeprefix("--").replace("-", "_"): text
        for option, text in zip(options[::2], options[1::2], strict=True)
    }
    if job.table:
        assert texts.pop("data") == job.table.name
        assert texts.pop("label") == job.table.label
        assert ("positive" in texts) == job.settings.ONE_AGAINST_REST
        texts.pop("positive", None)
    read_back, problems = find(name).settings.read(texts)
    assert not problems
    assert read_back == job.settings
