"""What every experiment must keep, whatever its folder is called; a new folder is tested too."""

import json
import re
from functools import cache
from itertools import count, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sigviz.charts.palette import SHADES, style_of
from sigviz.charts.panels import Panel, moments
from sigviz.charts.payload import pack
from sigviz.experiments.registry import find, names
from sigviz.settings import Job, fields_of
from sigviz.trace import Trace
from sigviz.training import loop
from support.runs import finished
from tests.strategies import settings, short

ROOT = Path(__file__).parents[1]
every_experiment = pytest.mark.parametrize("name", names())
few_examples = hypothesis_settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck)
)


def panels_of(job: Job, trace: Trace) -> list[Panel]:
    return find(job.experiment).panels(job, trace)


def trained(job: Job) -> Trace:
    return finished(find(job.experiment).run(job))


@cache
def default_run(name: str) -> tuple[Trace, Trace]:
    """The first and the last trace of a run at an experiment's defaults, with fewer seeds."""
    traces = find(name).run(find(name).job(repeats=2, steps=40))
    first = next(traces)
    return first, finished(traces)


@every_experiment
def test_it_has_a_page(name: str) -> None:
    file = name.replace("-", "_")
    assert f'ui.page("{name}")' in (ROOT / "pages" / f"{file}.py").read_text()
    assert f'"{file}"' in (ROOT / "app.py").read_text()


@every_experiment
def test_whatever_it_compares_can_be_told_apart(name: str) -> None:
    """By its name and its colour, and by more than its colour."""
    settings = find(name).settings
    several = [field.options for field in fields_of(settings).values() if field.kind == "choices"]
    for options in (*several, settings().variants):
        looks = [style_of(settings, option) for option in options]
        for told_by in (
            {style.label for style in looks},
            {style.shade for style in looks},
            {(style.dash, style.symbol) for style in looks},
        ):
            assert len(told_by) == len(looks)


@every_experiment
def test_it_repeats_itself_bit_for_bit(name: str) -> None:
    _, before = default_run(name)
    again = trained(find(name).job(repeats=2, steps=40))
    np.testing.assert_equal(again.metrics, before.metrics)  # where a NaN equals a NaN
    for key, rows in before.series.items():
        np.testing.assert_array_equal(again.series[key], rows)


@every_experiment
def test_runs_that_take_turns_do_not_disturb_one_another(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a worker a run rests while another is trained."""
    jobs = [find(name).job(repeats=2, steps=12, seed=seed) for seed in (0, 5)]
    alone = [trained(job) for job in jobs]
    monkeypatch.setattr(loop, "perf_counter", count().__next__)  # each step hands out its trace
    turns = list(zip_longest(*[find(name).run(job) for job in jobs]))
    assert len(turns) >= 12
    for by_itself, interleaved in zip(alone, turns[-1], strict=True):
        for series, rows in by_itself.series.items():
            np.testing.assert_array_equal(interleaved.series[series], rows)
        np.testing.assert_equal(interleaved.metrics, by_itself.metrics)


@every_experiment
def test_another_seed_changes_it_or_is_said_to_change_nothing(name: str) -> None:
    _, before = default_run(name)
    other = trained(find(name).job(repeats=2, steps=40, seed=77))
    same = all(np.array_equal(other.series[key], rows) for key, rows in before.series.items())
    assert same == (not find(name).settings().random)


@every_experiment
def test_its_metrics_are_those_it_names(name: str) -> None:
    chosen = find(name).settings(repeats=2, steps=40)
    for trace in default_run(name):
        assert set(trace.metrics) == set(chosen.metrics())


@every_experiment
def test_its_panels_are_valid_and_can_be_heard(name: str) -> None:
    job = find(name).job(repeats=2, steps=40)
    for trace in default_run(name):
        panels = panels_of(job, trace)
        assert len({panel.key for panel in panels}) == len(panels) >= 3
        for panel in panels:
            figure = go.Figure(plain_colours({"data": panel.traces, "layout": panel.layout}))
            assert len(panel.alt) > 40
            uids = [trace["uid"] for trace in panel.traces if "uid" in trace]
            assert len(set(uids)) == len(uids), "what is hidden and shown goes by uid"
            assert all(re.fullmatch(r"[A-Za-z][\w-]*", uid) for uid in uids), "made into a selector"
            assert panel.title
            for axis in [*figure.select_xaxes(), *figure.select_yaxes()]:
                unmarked = axis.visible is False or axis.showticklabels is False
                assert axis.title.text or axis.matches or unmarked
            for moving in panel.moving:
                assert len(moving.rows) == len(moments(trace))


@every_experiment
def test_what_moves_ends_where_the_figure_stands(name: str) -> None:
    _, last = default_run(name)
    panels = panels_of(find(name).job(repeats=2, steps=40), last)
    assert any(panel.moving for panel in panels)
    for panel in panels:
        for moving in panel.moving:
            shown = panel.traces[moving.trace][moving.name]
            np.testing.assert_array_equal(shown, moving.rows[-1])


@pytest.mark.trains
@every_experiment
def test_its_payload_stays_small(name: str) -> None:
    job = find(name).job()
    trace = trained(job)
    assert len(pack("run", panels_of(job, trace), trace, None)) < 2_000_000


@every_experiment
def test_its_defaults_are_allowed_to_run(name: str) -> None:
    assert find(name).job().refusal is None


@every_experiment
@few_examples
@given(data=st.data())
def test_any_settings_end_in_numbers_or_in_a_reported_divergence(
    name: str, data: st.DataObject
) -> None:
    job = data.draw(short(find(name)))
    trace = trained(job)
    assert trace.done
    assert trace.step == job.settings.steps or trace.diverged_at is not None
    assert set(trace.metrics) == set(job.settings.metrics())
    for rows in trace.series.values():
        assert np.isfinite(rows).all() or trace.diverged_at == 0
    pack("run", panels_of(job, trace), trace, None)


@every_experiment
@few_examples
@given(data=st.data())
def test_a_link_gives_back_the_settings_it_was_made_from(name: str, data: st.DataObject) -> None:
    chosen = data.draw(settings(find(name).settings))
    read, problems = find(name).settings.read(chosen.changed())
    assert read == chosen
    assert not problems


@every_experiment
@few_examples
@given(texts=st.dictionaries(st.text(max_size=8), st.text(max_size=20)), data=st.data())
def test_any_link_gives_settings_and_a_word_about_the_rest(
    name: str, texts: dict[str, str], data: st.DataObject
) -> None:
    cls = find(name).settings
    field = data.draw(st.sampled_from(list(fields_of(cls))))
    read, problems = cls.read({**texts, field: data.draw(st.text())})
    assert isinstance(read, cls)
    assert {problem.field for problem in problems} >= {key[:40] for key in texts if len(key) <= 40}


def plain_colours(figure: Any) -> Any:
    """A figure with ``@name`` and ``@name/alpha`` replaced, as the page does it."""
    if isinstance(figure, str) and figure.startswith("@"):
        assert figure[1:].split("/")[0] in {*SHADES, "surface", "text"}, figure
        return "#123456"
    if isinstance(figure, dict):
        return {key: plain_colours(value) for key, value in figure.items()}
    if isinstance(figure, list):
        return [plain_colours(value) for value in figure]
    return figure


def test_json_in_a_payload_is_json() -> None:
    """Browsers refuse NaN in JSON; in arrays it is a number like any other."""
    packed = pack("run", [], Trace(steps=1, step=0), 60)
    length = int.from_bytes(packed[:4], "little")
    assert json.loads(packed[4 : 4 + length])["state"] == "running"
