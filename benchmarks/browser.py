"""What a learner waits for, in Chromium, beside a trivial Streamlit page on the same machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.table import heading, row
from sigviz.experiments.registry import names
from support.app import Lab, launch, served

SLIDES = 7


@contextmanager
def _clock() -> Iterator[list[float]]:
    taken: list[float] = []
    started = perf_counter()
    yield taken
    taken.append(perf_counter() - started)


def _trivial(browser: Browser, address: str) -> float:
    """Seconds from a slider's move to the repainted chart of the trivial page."""
    page = browser.new_page()
    page.goto(address)
    _wait_for_slope(page, 10)
    taken = []
    for slope in range(11, 11 + SLIDES):
        with _clock() as seconds:
            page.get_by_role("slider").press("ArrowRight")
            _wait_for_slope(page, slope)
        taken += seconds
    page.close()
    return median(taken)


def _wait_for_slope(page: Page, slope: int) -> None:
    page.wait_for_function(
        "text => document.querySelector('.gtitle')?.textContent === text", arg=f"slope {slope}"
    )


def _moved(lab: Lab) -> tuple[float, float]:
    """Seconds from a slider's move to the first repaint of a page and to the run's end."""
    label = lab.page.locator('[data-testid="stSlider"] label').first.inner_text().strip()
    slider = lab.page.get_by_role("slider", name=label).first
    firsts, wholes = [], []
    for turn in range(SLIDES):
        run = lab.run
        started = perf_counter()
        slider.press("ArrowRight" if turn % 2 else "ArrowLeft")
        lab.first_frame_after(run)
        firsts.append(perf_counter() - started)
        lab.complete()
        wholes.append(perf_counter() - started)
    return median(firsts), median(wholes)


def _played(lab: Lab) -> float:
    """Repaints a second in playback."""
    before = lab.paints
    lab.page.get_by_label("Playback speed").select_option("1")
    with _clock() as seconds:
        lab.page.get_by_role("button", name="Play", exact=True).click()
        lab.page.wait_for_function(
            "() => document.querySelector('.sv-play').dataset.playing === 'false'"
        )
    return (lab.paints - before) / seconds[0]


def pages(browser: Browser, address: str, trivial: float) -> None:
    heading("Slider moved, at each page's defaults (medians)")
    row("", "first repaint", "complete", "playback", "mounts")
    row("a trivial Streamlit page", f"{1e3 * trivial:.0f} ms")
    for name in names():
        lab = Lab(browser, address).open(name)
        first, whole = _moved(lab)
        fps = _played(lab)
        row(
            name,
            f"{1e3 * first:.0f} ms ({first / trivial:.1f}×)",
            f"{whole:.2f} s",
            f"{fps:.0f} /s",
            f"{lab.mounts}",
        )
        lab.page.close()


def main() -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        with served("benchmarks/trivial_page.py") as address:
            trivial = _trivial(browser, address)
        started = perf_counter()
        with served() as address:
            healthy = perf_counter() - started
            Lab(browser, address).open("vanishing-gradients")
            painted = perf_counter() - started
            heading("Start")
            row("command → health answers", f"{healthy:.1f} s")
            row("command → first figure complete", f"{painted:.1f} s")
            pages(browser, address, trivial)
        browser.close()
