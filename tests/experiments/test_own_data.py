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
from sigviz.experiments import names, run_of, settings_of
from sigviz.settings import TrainingSettings
from sigviz.trace import Trace
from support.runs import finished
from tests.test_experiments import panels_of, plain_colours

TAKING_DATA = [name for name in names() if settings_of(name).own_data_field()]
taking_data = pytest.mark.parametrize("name", TAKING_DATA)


def table(header: str, rows: list[str], **choice: str) -> Table:
    return read_table("\n".join([header, *rows]).encode(), "mine.csv", **choice)


def bundled(x: np.ndarray, labels: np.ndarray, **choice: str) -> Table:
    """Data that scikit-learn carries, as somebody would upload it."""
    rows = [
        f"{','.join(map(repr, row))},{label}" for row, label in zip(x.tolist(), labels, strict=True)
    ]
    return table(",".join([*(f"f{i}" for i in range(x.shape[1])), "kind"]), rows, **choice)


def own(name: str, data: Table | None, **fields: object) -> TrainingSettings:
    cls = settings_of(name)
    asked = {str(cls.own_data_field()): "own-data", "repeats": 2, "steps": 20, **fields}
    return cls.model_validate(asked).with_table(data)


def small(classes: int, rows_each: int, features: int) -> Table:
    random = np.random.default_rng(classes)
    labels = np.repeat(np.arange(classes), rows_each)
    x = random.normal(size=(len(labels), features)).round(6) + labels[:, None]
    return bundled(x, np.array([f"<b>class {label}</b>" for label in labels]))


def drawn(name: str, chosen: TrainingSettings) -> Trace:
    """Run it, and check its panels with Plotly itself."""
    trace = finished(run_of(name)(chosen))
    assert set(trace.metrics) == set(chosen.metrics())
    assert np.isfinite(list(trace.metrics.values())).all()
    for panel in panels_of(name, chosen, trace):
        go.Figure(plain_colours({"data": panel.traces, "layout": panel.layout}))
    return trace


def test_the_irises_uploaded_train_as_the_irises_do() -> None:
    iris = load_iris()
    uploaded = bundled(iris.data, iris.target_names[iris.target])
    heads = ("softmax", "sigmoid", "softmax-twice")
    trace = drawn("sigmoid-vs-softmax", own("sigmoid-vs-softmax", uploaded, heads=heads))
    cls = settings_of("sigmoid-vs-softmax")
    same = cls.model_validate({"heads": heads, "repeats": 2, "steps": 20})
    known = finished(run_of("sigmoid-vs-softmax")(same))
    assert trace.metrics == known.metrics
    np.testing.assert_array_equal(trace.series["loss"], known.series["loss"])


def test_the_patients_uploaded_train_as_the_patients_do() -> None:
    """The split and the standardization are the same, for the same rows in the same order."""
    patients = load_breast_cancer()
    labels = patients.target_names[patients.target]
    uploaded = bundled(patients.data, labels, positive="benign")
    chosen = own("mse-vs-bce", uploaded)
    cls = settings_of("mse-vs-bce")
    same = cls.model_validate({"problem": "breast-cancer", "repeats": 2, "steps": 20})
    assert (chosen.rows(), chosen.layer_sizes()) == (same.rows(), same.layer_sizes())
    known = finished(run_of("mse-vs-bce")(same))
    assert drawn("mse-vs-bce", chosen).metrics == known.metrics


@taking_data
@pytest.mark.parametrize(
    ("classes", "rows_each", "features"), [(2, 2, 1), (3, 5, 2), (MOST_CLASSES, 60, 3)]
)
def test_few_rows_many_classes_and_a_single_feature_are_drawn(
    name: str, classes: int, rows_each: int, features: int
) -> None:
    chosen = own(name, small(classes, rows_each, features), steps=2)
    drawn(name, chosen)
    for panel in panels_of(name, chosen, finished(run_of(name)(chosen))):
        assert "<b>" not in str([panel.traces, panel.layout]), "Plotly would make it bold"


@pytest.mark.parametrize(("rows_each", "held_out"), [(4, False), (5, True)])
def test_rows_are_held_out_where_there_are_enough_and_it_is_said(
    rows_each: int, held_out: bool
) -> None:
    chosen = own("mse-vs-bce", small(2, rows_each, 2), steps=2)
    title = panels_of("mse-vs-bce", chosen, finished(run_of("mse-vs-bce")(chosen)))[0].title
    assert title == f"Accuracy on {'held-out' if held_out else 'training'} rows"
    assert chosen.rows() == (2 * rows_each - 2 if held_out else 2 * rows_each)
    assert ("A fifth of the rows is held out" in chosen.about_data()) == held_out


def test_a_constant_feature_changes_nothing() -> None:
    rows = [f"{i % 7}.5,3,{i % 2}" for i in range(30)]
    chosen = own("sigmoid-vs-softmax", table("a,b,kind", rows))
    assert drawn("sigmoid-vs-softmax", chosen).diverged_at is None


def test_of_many_rows_some_are_drawn_and_it_is_said() -> None:
    chosen = own("sigmoid-vs-softmax", small(4, 150, 2), steps=1, repeats=1)
    trace = drawn("sigmoid-vs-softmax", chosen)
    assert len(trace.fixed["points"]) == 500
    assert set(trace.fixed["kind"]) == {0, 1, 2, 3}
    regions = panels_of("sigmoid-vs-softmax", chosen, trace)[2]
    assert "500 of the 600 rows" in regions.title


@taking_data
def test_without_data_nothing_runs_and_it_is_said_why(name: str) -> None:
    chosen = own(name, None)
    assert "a link cannot carry it" in (chosen.refusal() or "")
    assert own(name, small(2, 5, 2)).refusal() is None


def test_too_much_of_it_is_refused_with_what_to_lower() -> None:
    chosen = own(
        "sigmoid-vs-softmax", small(MOST_CLASSES, MOST_ROWS // 10, 2), steps=5000, repeats=16
    )
    assert "the number of your rows (10,000)" in (chosen.refusal() or "")


@taking_data
def test_data_is_part_of_a_run_but_not_of_its_link(name: str) -> None:
    chosen = own(name, small(2, 5, 2))
    assert chosen != own(name, small(3, 5, 2))
    assert pickle.loads(pickle.dumps(chosen)) == chosen
    assert "mine.csv" not in str([chosen.changed(), chosen.model_dump(), repr(chosen)])
    link, problems = settings_of(name).read(chosen.changed())
    assert (link.table, problems) == (None, [])


@taking_data
def test_nothing_keeps_a_table_after_its_run(name: str) -> None:
    chosen = own(name, small(2, 5, 2))
    kept = weakref.ref(chosen.table.x if chosen.table else chosen)
    finished(run_of(name)(chosen))
    del chosen
    gc.collect()
    assert kept() is None


@taking_data
def test_a_lesson_that_asks_for_it_is_refused(name: str, tmp_path: Path) -> None:
    field = settings_of(name).own_data_field()
    lesson = tmp_path / "lesson.md"
    lesson.write_text(
        f"---\ntitle: T\nexperiment: {name}\nminutes: 5\nsummary: S.\n---\n\n"
        f"## One\n\n```yaml step\nset: {{{field}: own-data}}\n```\n"
    )
    with pytest.raises(LessonError, match=f"line 11, set.{field}: a lesson cannot carry data"):
        read(lesson)
