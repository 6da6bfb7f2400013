"""A learner's own data, in a real Chromium."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect
from sklearn.datasets import load_iris

from sigviz.data.csv_text import LARGEST_FILE
from support.app import PHONE, Lab

pytestmark = pytest.mark.browser

UPLOADER = "presentation-role-conflict"
"""Streamlit's upload area is "presentational" and has a label nevertheless: a minor violation."""

MakeLab = Callable[..., Lab]


def irises() -> bytes:
    iris = load_iris()
    rows = zip(iris.data.tolist(), iris.target_names[iris.target], strict=True)
    lines = [f"{','.join(map(repr, row))},{name}" for row, name in rows]
    return "\n".join(["sepal length,sepal width,petal length,<b>,species", *lines]).encode()


def waiting(lab: Lab) -> Lab:
    """The page of a link that asks for data, which it cannot carry."""
    lab.page.goto(f"{lab.address}/sigmoid-vs-softmax?dataset=own-data&steps=60&repeats=3")
    expect(lab.page.get_by_text("a link cannot carry it")).to_be_visible()
    return lab


def upload(lab: Lab, file: FilePayload | Path) -> None:
    lab.page.locator('input[type="file"]').first.set_input_files(file)


def csv(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": data}


def test_it_is_uploaded_trained_on_and_kept_from_others(lab: MakeLab, tmp_path: Path) -> None:
    page = waiting(lab())
    upload(page, csv("irises.csv", irises()))
    page.complete()
    in_use = page.page.get_by_text("150 rows, 4 features, 3 classes")
    expect(in_use).to_be_visible()
    figure, run = page.drawn(), page.run

    upload(page, csv("bad.csv", b"a,:red[b],kind\n1,2,x\n3,4,y\n5,six,x\n7,8,y\n"))
    expect(page.page.get_by_text("Row 4, column :red[b]: six is not a number")).to_be_visible()
    expect(in_use).to_be_visible()

    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    upload(page, huge)
    expect(page.page.get_by_text("File must be 10.0MB or smaller")).to_be_attached()
    assert (page.drawn(), page.run, page.mounts) == (figure, run, 1)
    page.is_in_order(leave_out=UPLOADER)

    other = waiting(lab())
    expect(other.page.get_by_text("irises.csv")).to_have_count(0)
    assert other.page.locator(".sv-figure").count() == 0


def test_a_table_is_pasted_on_a_phone(lab: MakeLab) -> None:
    page = waiting(lab(theme="dark", width=PHONE))
    page.page.get_by_text("Paste a table", exact=True).click()
    page.page.get_by_role("textbox", name="A table, with").fill(irises().decode())
    page.page.get_by_role("button", name="Train on it").click()
    page.complete()
    assert page.overflow() == 0
    page.is_in_order(leave_out=UPLOADER)
