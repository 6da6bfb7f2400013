"""Training on a learner's own table, beside the same rows as the package has them."""

import gc
import pickle
import weakref
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from sklearn.datasets import load_breast_cancer, load_iris

from sigviz.course.errors import LessonError
from sigviz.course.reader import read
from sigviz.data.columns import MOST_CLASSES
from sigviz.data.table import Table
from sigviz.data.table_reader import MOST_ROWS, read_table
from sigviz.experiments.registry import find, names
from sigviz.settings import OWN_DATA, Job
from sigviz.trace import Trace
from tests.test_experiments import panels_of, plain_colours, trained

TAKING_DATA = [name for name in names() if find(name).settings.own_data_field()]
taking_data = pytest.mark.parametrize("name", TAKING_DATA)


def table(header: str, rows: list[str], **choice: str) -> Table:
    return read_table("\n".join([header, *rows]).encode(), "mine.csv", **choice)


def bundled(x: np.ndarray, labels: np.ndarray, **choice: str) -> Table:
    """Data that scikit-learn carries, as somebody would upload it."""
    rows = [
        f"{','.join(map(repr, row))},{label}" for row, label in zip(x.tolist(), labels, strict=True)
    ]
    return table(",".join([*(f"f{i}" for i in range(x.shape[1])), "kind"]), rows, **choice)


def own(name: str, data: Table | None, **fields: object) -> Job:
    field = str(find(name).settings.own_data_field())
    return find(name).job(data, **{field: OWN_DATA, "repeats": 2, "steps": 20, **fields})


def small(classes: int, rows_each: int, features: int) -> Table:
    random = np.random.default_rng(classes)
    labels = np.repeat(np.arange(classes), rows_each)
    x = random.normal(size=(len(labels), features)).round(6) + labels[:, None]
    return bundled(x, np.array([f"<b>class {label}</b>" for label in labels]))


def drawn(job: Job) -> Trace:
    """Run it, and check its panels with Plotly itself."""
    trace = trained(job)
    assert set(trace.metrics) == set(job.settings.metrics())
    assert np.isfinite(list(trace.metrics.values())).all()
    for panel in panels_of(job, trace):
        go.Figure(plain_colours({"data": panel.traces, "layout": panel.layout}))
    return trace


def test_the_irises_uploaded_train_as_the_irises_do() -> None:
    iris = load_iris()
    uploaded = bundled(iris.data, iris.target_names[iris.target])
    heads = ("softmax", "sigmoid", "softmax-twice")
    trace = drawn(own("sigmoid-vs-softmax", uploaded, heads=heads))
    known = trained(find("sigmoid-vs-softmax").job(heads=heads, repeats=2, steps=20))
    assert trace.metrics == known.metrics
    np.testing.assert_array_equal(trace.series["loss"], known.series["loss"])


def test_the_patients_uploaded_train_as_the_patients_do() -> None:
    """The split and the standardization are the same, for the same rows in the same order."""
    patients = load_breast_cancer()
    labels = patients.target_names[patients.target]
    uploaded = bundled(patients.data, labels, positive="benign")
    job = own("mse-vs-bce", uploaded)
    same = find("mse-vs-bce").job(problem="breast-cancer", repeats=2, steps=20)
    assert (job.rows, job.layer_sizes) == (same.rows, same.layer_sizes)
    assert drawn(job).metrics == trained(same).metrics


@taking_data
@pytest.mark.parametrize(
    ("classes", "rows_each", "features"), [(2, 2, 1), (3, 5, 2), (MOST_CLASSES, 60, 3)]
)
def test_few_rows_many_classes_and_a_single_feature_are_drawn(
    name: str, classes: int, rows_each: int, features: int
) -> None:
    job = own(name, small(classes, rows_each, features), steps=2)
    for panel in panels_of(job, drawn(job)):
        assert "<b>" not in str([panel.traces, panel.layout]), "Plotly would make it bold"


@pytest.mark.parametrize(("rows_each", "held_out"), [(4, False), (5, True)])
def test_rows_are_held_out_where_there_are_enough_and_it_is_said(
    rows_each: int, held_out: bool
) -> None:
    table = small(2, rows_each, 2)
    job = own("mse-vs-bce", table, steps=2)
    title = panels_of(job, trained(job))[0].title
    assert title == f"Accuracy on {'held-out' if held_out else 'training'} rows"
    assert job.rows == (2 * rows_each - 2 if held_out else 2 * rows_each)
    assert ("A fifth of the rows is held out" in job.settings.about_data(table)) == held_out


def test_a_constant_feature_changes_nothing() -> None:
    rows = [f"{i % 7}.5,3,{i % 2}" for i in range(30)]
    assert drawn(own("sigmoid-vs-softmax", table("a,b,kind", rows))).diverged_at is None


def test_of_many_rows_some_are_drawn_and_it_is_said() -> None:
    job = own("sigmoid-vs-softmax", small(4, 150, 2), steps=1, repeats=1)
    trace = drawn(job)
    assert len(trace.fixed["points"]) == 500
    assert set(trace.fixed["kind"]) == {0, 1, 2, 3}
    regions = panels_of(job, trace)[2]
    assert "500 of the 600 rows" in regions.title


@taking_data
def test_without_data_nothing_runs_and_it_is_said_why(name: str) -> None:
    with pytest.raises(ValueError, match="a link cannot carry it"):
        own(name, None)
    assert own(name, small(2, 5, 2)).refusal is None


@taking_data
def test_data_that_nobody_asks_for_is_no_part_of_a_run(name: str) -> None:
    with pytest.raises(ValueError, match="do not ask for"):
        find(name).job(small(2, 5, 2))


def test_too_much_of_it_is_refused_with_what_to_lower() -> None:
    job = own("sigmoid-vs-softmax", small(MOST_CLASSES, MOST_ROWS // 10, 2), steps=5000, repeats=16)
    assert "the number of your rows (10,000)" in (job.refusal or "")


@taking_data
def test_data_is_part_of_a_run_but_not_of_its_link(name: str) -> None:
    job = own(name, small(2, 5, 2))
    assert job != own(name, small(3, 5, 2))
    assert pickle.loads(pickle.dumps(job)) == job
    assert job.key is None
    assert "mine.csv" not in str([job.settings.changed(), job.settings.model_dump(), repr(job)])


@taking_data
def test_nothing_keeps_a_table_after_its_run(name: str) -> None:
    job = own(name, small(2, 5, 2))
    kept = weakref.ref(job.table.x if job.table else job)
    trained(job)
    del job
    gc.collect()
    assert kept() is None


@taking_data
def test_a_lesson_that_asks_for_it_is_refused(name: str, tmp_path: Path) -> None:
    field = find(name).settings.own_data_field()
    lesson = tmp_path / "lesson.md"
    lesson.write_text(
        f"---\ntitle: T\nexperiment: {name}\nminutes: 5\nsummary: S.\n---\n\n"
        f"## One\n\n```yaml step\nset: {{{field}: own-data}}\n```\n"
    )
    with pytest.raises(LessonError, match=f"line 11, set.{field}: a lesson cannot carry data"):
        read(lesson)
