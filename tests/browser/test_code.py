"""The code of a run: shown, copied and downloaded."""

from collections.abc import Callable

import nbformat
import pytest
from playwright.sync_api import Page

from sigviz.experiments.registry import find
from sigviz.takeaway.script import notebook, script
from support.app import PHONE, Lab

pytestmark = pytest.mark.browser

MakeLab = Callable[..., Lab]
NAME = "initialization"
FEW = {"steps": 60, "repeats": 3}


def unfold(page: Lab) -> None:
    page.page.locator("summary", has_text="The code").click()
    page.page.get_by_role("region", name="Python script").wait_for()


def downloaded(page: Page, label: str) -> tuple[str, str]:
    """A downloaded file's name and text."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    return download.value.suggested_filename, download.value.path().read_text("utf-8")


def test_the_code_of_what_is_on_screen_is_copied_by_keyboard_and_downloaded(lab: MakeLab) -> None:
    page = lab().open(NAME, **FEW)
    unfold(page)
    text = script(find(NAME).job(**FEW))
    shown = page.page.get_by_role("region", name="Python script")
    assert shown.inner_text().strip() == text.strip()
    page.is_in_order()

    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.focus()
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    page.page.get_by_text("Copied", exact=True).wait_for()
    assert page.page.evaluate("navigator.clipboard.readText()") == text

    run = page.run
    assert downloaded(page.page, "Download script") == (f"{NAME}.py", text)
    name, book = downloaded(page.page, "Download notebook")
    assert name == f"{NAME}.ipynb"
    assert book == notebook(find(NAME).job(**FEW))
    nbformat.validate(nbformat.reads(book, 4))
    assert page.run == run, "a download trains nothing anew"

    page.slide("Depth")
    page.page.get_by_text("DEPTH = 2 ").wait_for()


def test_it_fits_a_phone_and_is_copied_where_the_clipboard_is_kept_away(lab: MakeLab) -> None:
    """Browsers give the clipboard's modern interface to https alone."""
    page = lab(width=PHONE, theme="dark")
    page.page.add_init_script("delete Navigator.prototype.clipboard")
    page.open(NAME, **FEW)
    unfold(page)
    assert page.overflow() == 0
    page.is_in_order()
    page.page.get_by_role("button", name="Copy code").click()
    page.page.get_by_text("Copied", exact=True).wait_for()
