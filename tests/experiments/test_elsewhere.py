"""An experiment in a folder of its own does all that the app's do, and no other file knows it."""

import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from sigviz import experiments
from sigviz.charts.panels import moments
from sigviz.charts.payload import pack
from sigviz.experiments.registry import find, names
from sigviz.settings import Job
from sigviz.takeaway.export import figure_html
from sigviz.takeaway.script import notebook, script
from sigviz.takeaway.tidy import run_csv
from sigviz.takeaway.weights import weights_csv
from sigviz.trace import Trace
from support.runs import finished
from tests.experiments.elsewhere.two_kinds.run import _network, _sequences
from tests.test_experiments import plain_colours

NAME, ELSEWHERE = "two-kinds", Path(__file__).parent / "elsewhere"


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(experiments, "__path__", [*experiments.__path__, str(ELSEWHERE)])
    yield
    for module in [name for name in sys.modules if name.startswith("sigviz.experiments.two_kinds")]:
        del sys.modules[module]


@cache
def ran() -> tuple[Job, Trace]:
    job = find(NAME).job(repeats=2, seed=3)
    return job, finished(find(NAME).run(job))


def test_it_is_found_by_being_there() -> None:
    assert NAME in names()
    assert find(NAME).title == "Two kinds of network"


def test_both_kinds_go_the_way_of_plain_pytorch() -> None:
    job, trace = ran()
    chosen: Any = job.settings
    for variant, kind in enumerate(chosen.kinds):
        x, y = _sequences(chosen, kind, offset=0)
        held_out, truth = _sequences(chosen, kind, offset=1000)
        for k, seed in enumerate(chosen.seeds):
            network = _network(kind, chosen.length, seed)
            optimizer = torch.optim.Adam(network.parameters(), lr=chosen.learning_rate)
            for step in range(chosen.steps + 1):
                loss = F.cross_entropy(network(x[k]), y[k])
                found = trace.series["loss"][step, variant, k]
                assert found == pytest.approx(loss.item(), rel=1e-3), (kind, step)
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                if step < chosen.steps:
                    optimizer.step()
            tested = F.cross_entropy(network.eval()(held_out[k]), truth[k]).item()
            assert trace.frames["held_out_loss"][-1, variant, k] == pytest.approx(tested, rel=1e-3)


def test_it_records_what_each_kind_has() -> None:
    _, trace = ran()
    norms, hidden = trace.series["gradient_norm"], trace.series["activation_mean"]
    assert norms.shape[1] == 2
    assert np.isfinite(norms).all()
    assert np.isnan(hidden[:, :, 0]).all(), "an LSTM's gates are not its activations"
    assert np.isfinite(hidden[:, :, 1]).all()
    assert set(trace.metrics) == set(find(NAME).job().settings.metrics())


def test_it_draws() -> None:
    job, trace = ran()
    panels = find(NAME).panels(job, trace)
    for panel in panels:
        go.Figure(plain_colours({"data": panel.traces, "layout": panel.layout}))
        for moving in panel.moving:
            assert len(moving.rows) == len(moments(trace))
    html = figure_html(job, pack("run", panels, trace, None), light={}, dark={}).decode()
    assert "Two kinds of network" in html
    assert find(NAME).worked(job, trace, 0, 0).startswith("At step 0")


def test_its_numbers_are_taken_home() -> None:
    job, trace = ran()
    table = pd.read_csv(io.BytesIO(run_csv(job, trace)), comment="#")
    assert set(table["variant"]) == {"lstm", "batch-norm"}
    loss = table[(table.variant == "lstm") & (table.seed == 4) & (table.layer == 1)]["loss"]
    np.testing.assert_allclose(loss, trace.series["loss"][:, 0, 1], rtol=1e-6)
    weights = pd.read_csv(io.BytesIO(weights_csv(job, trace)), comment="#")
    assert {"weight_hh_l0", "bias_ih_l0", "weight"} <= set(weights["parameter"])
    of_one = weights[(weights.variant == "lstm") & (weights.seed == 3)]
    assert len(of_one) == sum(each[0].size for each in trace.weights["lstm"].values())


def test_its_script_begins() -> None:
    job, _ = ran()
    assert "LENGTH = 6" in script(job)
    assert "batch-norm" in notebook(job)
