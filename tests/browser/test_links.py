"""The link, copied in one browser and opened in another."""

from collections.abc import Callable

import pytest

from support.app import PHONE, Lab

pytestmark = pytest.mark.browser
FEW = {"steps": 60, "repeats": 3}

MakeLab = Callable[..., Lab]


def test_a_copied_link_shows_the_same_run_in_another_profile(lab: MakeLab) -> None:
    mine = lab().open("vanishing-gradients", **FEW, step=4)
    mine.slide("Depth")
    mine.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mine.page.get_by_role("button", name="Copy link").click()
    mine.page.get_by_role("button", name="Copied").wait_for()
    link = mine.page.evaluate("navigator.clipboard.readText()")
    assert link == mine.page.url
    yours = lab(theme="dark")
    yours.page.goto(link)
    yours.complete()
    assert yours.drawn() == mine.drawn()
    heading = "[data-testid='stHeading'] h2"
    assert yours.page.locator(heading).inner_text() == mine.page.locator(heading).inner_text()


def test_a_link_for_a_class_is_copied_where_the_clipboard_is_kept_away(lab: MakeLab) -> None:
    """Browsers give the clipboard's modern interface to https alone."""
    teacher = lab()
    teacher.page.add_init_script("delete Navigator.prototype.clipboard")
    teacher.open("mse-vs-bce", **FEW)
    teacher.page.get_by_role("button", name="For a class").click()
    teacher.page.get_by_role("combobox", name="Controls to hide").press("ArrowDown")
    teacher.page.get_by_role("option", name="All of them").click()
    teacher.page.keyboard.press("Escape")
    teacher.page.get_by_text("For a projector").click()
    address = teacher.page.get_by_role("textbox", name="Link")
    teacher.page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some((element) =>"
        " element.shadowRoot?.querySelector('.sv-address')?.value.includes('present=1'))"
    )
    assert "hide=controls" in address.input_value()
    teacher.page.get_by_role("button", name="Copy link").last.click()
    teacher.page.get_by_role("button", name="Copied").wait_for()
    learner = lab(width=PHONE)
    learner.page.goto(address.input_value())
    learner.complete()
    assert learner.overflow() <= 0
    assert learner.page.get_by_role("button", name="Next").count() == 0
    assert learner.page.get_by_role("slider", name="Start weight").count() == 0
    learner.is_in_order()
