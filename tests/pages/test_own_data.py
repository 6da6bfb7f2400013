"""A learner's own data on its pages, in Streamlit's own test harness."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from sigviz.experiments.registry import find, names
from sigviz.ui.server.engine import runner
from tests.pages.test_pages import opened, standing, until

TAKING_DATA = [name for name in names() if find(name).settings.own_data_field()]
taking_data = pytest.mark.parametrize("name", TAKING_DATA)

ROWS = [f"{x},{x * 7 % 5},{'ABC'[x % 3]}" for x in range(30)]
GOOD = "\n".join(["height,width,kind", *ROWS])
MSE = "mse-vs-bce"


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Iterator[None]:
    yield
    runner().close()
    runner.cache_clear()


def waiting(name: str) -> AppTest:
    """A page opened by a link that asks for data, which it cannot carry."""
    return opened(name, **{str(find(name).settings.own_data_field()): "own-data"}, steps="20")


def upload(app: AppTest, text: str, file: str = "mine.csv") -> AppTest:
    app.file_uploader[0].set_value((file, text.encode(), "text/csv"))
    return app.run()


def said(app: AppTest) -> str:
    return " ".join(str(text.value) for text in app.markdown)


@taking_data
def test_a_link_without_its_data_gives_an_empty_page_that_says_so(name: str) -> None:
    app = waiting(name)
    assert "a link cannot carry it" in standing(app)
    assert app.button(key="again").disabled
    assert not app.metric


@taking_data
def test_an_uploaded_table_is_trained_on(name: str) -> None:
    app = until(upload(waiting(name), GOOD), "Trained")
    assert "In use: `mine.csv`, 30 rows, 2 features, 3 classes in `kind`: `A`, `B`, `C`" in said(
        app
    )
    assert app.metric
    assert not app.warning
    assert "mine.csv" not in str(app.query_params)


def test_what_cannot_be_read_leaves_everything_as_it_was() -> None:
    app = until(upload(waiting(MSE), GOOD), "Trained")
    before = [metric.value for metric in app.metric]
    upload(app, GOOD.replace("7,4,B", "7,abc,B"), "worse.csv")
    told = app.warning[0].value
    assert "Row 9, column `width`: `abc` is not a number" in told
    assert "`mine.csv` stays in use" in told
    upload(app, "no table at all", "worst.csv")
    assert "`worst.csv` cannot be trained on" in app.warning[0].value
    assert [metric.value for metric in app.metric] == before
    assert "In use: `mine.csv`" in said(app)
    until(upload(app, GOOD, "mended.csv"), "Trained")
    assert not app.warning


def test_a_table_can_be_pasted() -> None:
    app = waiting("sigmoid-vs-softmax")
    app.text_area[0].set_value(GOOD.replace(",", "\t"))
    app.button(key="FormSubmitter:sigmoid-vs-softmax/own-form-Train on it").click().run()
    until(app, "Trained")
    assert "In use: `pasted.csv`, 30 rows" in said(app)


def test_the_label_column_and_the_class_with_target_1_can_be_chosen() -> None:
    first = "kind,height,width\n" + "\n".join(f"{row[-1]},{row[:-2]}" for row in ROWS)
    app = upload(waiting(MSE), first)
    assert "every column but the label, `width`, holds numbers" in app.warning[0].value
    label = next(box for box in app.selectbox if box.label == "Label column")
    label.set_value("kind").run()
    until(app, "Trained")
    assert not app.warning
    before = [metric.value for metric in app.metric]
    positive = next(box for box in app.selectbox if box.label == "Class with target 1")
    assert positive.value == "B"
    positive.set_value("C").run()
    until(app, "Trained")
    assert [metric.value for metric in app.metric] != before


def test_it_outlives_a_visit_to_another_page_and_is_forgotten_on_request() -> None:
    app = until(upload(waiting(MSE), GOOD), "Trained")
    app.switch_page("pages/home.py").run()
    app.switch_page("pages/mse_vs_bce.py")
    app.query_params.clear()
    app.run()
    assert "In use: `mine.csv`" in said(app)
    app.button(key=f"{MSE}/own-forget").click().run()
    assert "In use" not in said(app)
    assert not app.metric
    assert "a link cannot carry it" in standing(app)
    own = app.session_state[f"{MSE}/own-data"]
    assert (own.table, own.data) == (None, b"")
    assert f"{MSE}/run" not in app.session_state
    assert f"{MSE}/payload" not in app.session_state


def test_nobody_else_gets_it() -> None:
    until(upload(waiting(MSE), GOOD), "Trained")
    other = waiting(MSE)
    assert "mine.csv" not in said(other)
    assert not other.metric
