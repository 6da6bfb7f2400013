"""What a learner takes home, downloaded in a real Chromium and opened."""

import io
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Browser

from sigviz.experiments.registry import find
from sigviz.takeaway.tidy import run_csv
from sigviz.takeaway.weights import weights_csv
from support.app import PHONE, Lab, look
from support.runs import finished

pytestmark = pytest.mark.browser
NAME = "vanishing-gradients"
FEW = {"steps": 60, "repeats": 2, "depth": 3, "seed": 4}


@pytest.fixture(scope="module")
def opened(browser: Browser, address: str) -> Iterator[Lab]:
    """One page for all tests here, its fold-out open."""
    with browser.new_context(**look("dark")) as context:
        lab = Lab(context.new_page(), address).open(NAME, **FEW)
        lab.page.get_by_text("Numbers", exact=True).click()
        lab.page.get_by_text("Final weights").wait_for()
        yield lab


def downloaded(page: Lab, folder: Path, button: str) -> Path:
    """Press a button, by keyboard, and keep the file that comes of it."""
    with page.page.expect_download() as coming:
        page.page.get_by_role("button", name=button).first.press("Enter")
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def test_the_fold_out_is_in_order_and_fits_a_phone(opened: Lab) -> None:
    opened.page.locator('[data-testid="stDataFrame"] canvas').first.wait_for()
    opened.is_in_order()
    opened.page.set_viewport_size({"width": PHONE, "height": 1000})
    opened.page.wait_for_function(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth === innerWidth"
    )
    assert opened.overflow() == 0
    opened.page.set_viewport_size({"width": 1400, "height": 1000})


def test_the_tables_hold_the_numbers_of_the_run(opened: Lab, tmp_path: Path) -> None:
    job = find(NAME).job(**FEW)
    trace = finished(find(NAME).run(job))
    run = downloaded(opened, tmp_path, "Download run (CSV)")
    assert run.name == f"sigviz-{NAME}-seed4.csv"
    assert run.read_bytes() == run_csv(job, trace)
    weights = downloaded(opened, tmp_path, "Download weights (CSV)")
    assert weights.name == f"sigviz-{NAME}-seed4-weights.csv"
    assert weights.read_bytes() == weights_csv(job, trace)
    assert len(pd.read_csv(run, comment="#")) == 61 * 3 * 2 * 4


def test_a_panel_is_saved_as_it_is_shown(opened: Lab, tmp_path: Path) -> None:
    plot = opened.page.locator(".sv-plot").first.bounding_box()
    assert plot
    png = downloaded(opened, tmp_path, "Download as PNG")
    picture = Image.open(io.BytesIO(png.read_bytes())).convert("RGB")
    assert png.name == "sigviz-gradients.png"
    assert picture.width == 2 * int(plot["width"])
    ground = opened.page.evaluate(
        "() => getComputedStyle(document.querySelector('.sv-figure'))"
        ".getPropertyValue('--st-background-color')"
    )
    assert picture.getpixel((0, 0)) == tuple(bytes.fromhex(ground.strip("# ")))
    assert len(set(picture.resize((60, 60)).get_flattened_data())) > 20, "there is a chart on it"
    svg = downloaded(opened, tmp_path, "Download as SVG")
    drawing = ElementTree.fromstring(svg.read_text())
    assert svg.name == "sigviz-gradients.svg"
    words = "".join(drawing.itertext())
    assert "Gradient norm by layer" in words
    assert "layer, from input to output" in words


def test_the_figure_lives_on_without_a_server(opened: Lab, tmp_path: Path) -> None:
    shown = opened.drawn()
    file = downloaded(opened, tmp_path, "Download figure (HTML)")
    assert file.name == f"sigviz-{NAME}-seed4.html"
    context = opened.page.context
    context.set_offline(True)
    offline = Lab(context.new_page(), "").open_file(file)
    assert offline.drawn() == shown
    assert offline.page.title() == "Vanishing gradients · sigviz"
    assert "Depth: 3" in offline.page.inner_text("header p")
    assert f"run {NAME} --depth 3" in offline.page.inner_text("footer")
    where = offline.page.locator(".sv-where")
    offline.page.get_by_role("slider", name="Step of the run").press("Home")
    assert where.inner_text() == "step 0 of 60"
    assert offline.drawn() != shown
    offline.page.get_by_label("Playback speed").select_option("4")
    offline.page.get_by_role("button", name="Play", exact=True).press("Enter")
    offline.page.wait_for_function(
        "() => document.querySelector('.sv-where').textContent === 'step 60 of 60'"
    )
    assert offline.drawn() == shown
    ground = "() => getComputedStyle(document.body).backgroundColor"
    dark = offline.page.evaluate(ground)
    offline.page.emulate_media(color_scheme="light")
    assert offline.page.evaluate(ground) == "rgb(255, 255, 255)" != dark
    offline.is_in_order()
    offline.zoom("loss")
    context.set_offline(False)
