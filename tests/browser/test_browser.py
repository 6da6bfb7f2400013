"""What a learner sees and does, in a real Chromium."""

from collections.abc import Callable

import pytest

from sigviz.experiments import names
from support.app import PHONE, Lab

pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("name", names())
FEW = {"steps": 60, "repeats": 3}

MakeLab = Callable[..., Lab]


@every_page
def test_it_trains_on_opening_and_plays_the_run_back(lab: MakeLab, name: str) -> None:
    page = lab().open(name)
    page.is_in_order()
    end = page.drawn()
    where = page.page.locator(".sv-where")
    last = where.inner_text()
    page.page.get_by_role("slider", name="Step of the run").press("Home")
    assert where.inner_text().startswith("step 0 of")
    start = page.drawn()
    moved = [panel for panel, (a, b) in enumerate(zip(start, end, strict=True)) if a != b]
    assert len(moved) >= 2
    page.page.get_by_label("Playback speed").select_option("4")
    page.page.get_by_role("button", name="Play", exact=True).click()
    page.page.wait_for_function(
        "last => document.querySelector('.sv-where').textContent === last", arg=last
    )
    assert page.drawn() == end
    assert page.mounts == 1


@every_page
def test_a_slider_changes_the_figure_and_the_link_and_a_reload_brings_them_back(
    lab: MakeLab, name: str
) -> None:
    page = lab(theme="dark").open(name, **FEW)
    before = page.drawn()
    label = page.page.locator('[data-testid="stSlider"] label').first.inner_text().strip()
    page.slide(label)
    after, link = page.drawn(), page.page.url
    assert after != before
    assert "steps=60" in link
    assert page.mounts == 1
    page.page.reload()
    page.complete()
    assert page.page.url == link
    assert page.drawn() == after
    page.is_in_order()


@every_page
def test_it_fits_a_phone(lab: MakeLab, name: str) -> None:
    page = lab(width=PHONE).open(name, **FEW)
    assert page.overflow() == 0
    boxes = [box.bounding_box() for box in page.page.locator(".sv-box").all()]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(set(tops)), "one below the other"
    assert all(box and box["width"] > PHONE * 0.8 for box in boxes)


def test_playback_by_keyboard_and_by_buttons(lab: MakeLab) -> None:
    page = lab().open("vanishing-gradients", **FEW)
    where = page.page.locator(".sv-where")
    page.page.get_by_role("button", name="One frame back").press("Enter")
    assert where.inner_text() == "step 59 of 60"
    page.page.get_by_role("button", name="One frame forward").press("Space")
    assert where.inner_text() == "step 60 of 60"
    page.page.get_by_role("slider", name="Step of the run").press("ArrowLeft")
    assert where.inner_text() == "step 59 of 60"
    page.page.get_by_label("Playback speed").select_option("0.25")
    page.page.get_by_role("slider", name="Step of the run").press("Home")
    page.page.get_by_role("button", name="Play", exact=True).press("Enter")
    page.page.get_by_role("button", name="Pause").press("Enter")
    assert page.page.get_by_role("button", name="Play", exact=True).is_visible()


def test_what_moves_while_it_plays_is_what_the_frame_shows_at_rest(lab: MakeLab) -> None:
    """Between frames only marks are moved; a frame that one goes to is drawn as a whole."""
    page = lab().open("vanishing-gradients", **FEW)
    page.page.evaluate(
        """() => {
            const figure = document.querySelector(".sv-figure");
            const panel = document.querySelector('[data-panel="gradients"]');
            const lines = () => [...panel.querySelectorAll(".js-line, .js-fill, .point")]
                .map((mark) => mark.getAttribute("d") + mark.getAttribute("transform"));
            const played = {};
            panel.querySelector(".sv-plot").on("plotly_animated",
                () => { played[figure.dataset.frame] = lines(); });
            Object.assign(window, { lines, played });
        }"""
    )
    page.page.get_by_label("Playback speed").select_option("0.25")
    page.page.get_by_role("button", name="Play", exact=True).click()
    page.page.get_by_text("step 60 of 60").wait_for()
    same = page.page.evaluate(
        """() => Object.entries(played).slice(0, 8).map(([frame, seen]) => {
            const scrub = document.querySelector(".sv-scrub");
            scrub.value = frame;
            scrub.dispatchEvent(new Event("input"));
            return String(lines()) === String(seen) && seen.length > 3;
        })"""
    )
    assert same
    assert all(same)


def test_a_zoom_and_a_hidden_line_outlive_a_slider_and_reset_gives_them_up(lab: MakeLab) -> None:
    page = lab().open("vanishing-gradients", **FEW)
    initially = page.ranges("loss")
    page.zoom("loss")
    zoomed = page.ranges("loss")
    page.page.locator('[data-panel="loss"] .legendtoggle').first.click()
    hidden = "() => document.querySelector('[data-panel=\"loss\"] .sv-plot')._fullData[1].visible"
    page.page.wait_for_function(f"() => ({hidden})() === 'legendonly'")
    page.slide("Depth", "ArrowLeft")
    assert page.ranges("loss") == zoomed
    assert page.page.evaluate(hidden) == "legendonly"
    page.page.get_by_role("button", name="Reset view").click()
    assert page.ranges("loss")[0] == initially[0]
    assert page.page.evaluate(hidden) is True


def test_a_panel_can_be_enlarged_and_put_back(lab: MakeLab) -> None:
    page = lab().open("vanishing-gradients", **FEW)
    box = page.page.locator('[data-panel="loss"]')
    small = box.bounding_box()
    page.page.get_by_role("button", name="Enlarge: Loss by step").click()
    large = box.bounding_box()
    assert small
    assert large
    assert large["width"] > 1.8 * small["width"]
    page.page.keyboard.press("Escape")
    page.page.wait_for_function("() => !document.querySelector('.sv-dialog').open")
    assert box.bounding_box() == small
    enlarge = page.page.get_by_role("button", name="Enlarge: Loss by step")
    assert enlarge.evaluate("button => button === document.activeElement")


def test_every_panel_has_a_name_and_a_description(lab: MakeLab) -> None:
    page = lab().open("vanishing-gradients", **FEW)
    plots = page.page.locator(".sv-plot")
    for plot in plots.all():
        named = plot.evaluate(
            """plot => ["labelledby", "describedby"].map((name) =>
                document.getElementById(plot.getAttribute(`aria-${name}`)).textContent)"""
        )
        assert all(named)
    assert plots.count() >= 3


def test_a_link_out_of_bounds_opens_the_page_and_says_so(lab: MakeLab) -> None:
    page = lab().open("vanishing-gradients", depth="9" * 300, gain="nan", steps=20)
    assert page.page.get_by_text("Part of the link was ignored").is_visible()
    assert "depth" not in page.page.url


def test_the_course_can_be_walked_without_a_mouse(lab: MakeLab) -> None:
    page = lab()
    page.page.goto(page.address)
    page.page.get_by_role("button", name="Start with the curve").press("Enter")
    page.complete()
    assert page.page.url.endswith("/sigmoid-curve")
    page.page.get_by_role("link", name="2 Vanishing gradients").press("Enter")
    page.page.wait_for_url("**/vanishing-gradients")
    page.complete()
    assert page.complaints == []
