"""What a learner waits for, in Chromium, beside a trivial Streamlit page on the same machine."""

from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.fresh import must_be_fresh
from benchmarks.report import GOAL, Report
from sigviz.experiments.registry import names
from support import chromium
from support.app import Lab, look
from support.goals import Figure, at_least, at_most
from support.learners.record import origin_of
from support.live_figure import constant
from support.server import served

SLIDES = 6
PLAYS = 3
FASTEST = "4"
"""The playback speed at which every frame of the browser's could be another one of the run's: what
is painted is then what can be painted."""

COMPLETE = {"vanishing-gradients": 1.2}
"""Seconds in which a page's run should be complete, where that is not `SOON`."""

SOON = 0.5

_PLAY = """() => new Promise((done) => {
    const figure = document.querySelector(".sv-figure");
    const play = document.querySelector(".sv-play");
    const times = [];
    const painted = new MutationObserver(() => times.push(performance.now()));
    const ended = new MutationObserver(() => {
        if (play.dataset.playing !== "false" || times.length < 2) return;
        painted.disconnect();
        ended.disconnect();
        done(1000 * (times.length - 1) / (times.at(-1) - times[0]));
    });
    painted.observe(figure, { attributeFilter: ["data-paints"] });
    play.click();
    ended.observe(play, { attributeFilter: ["data-playing"] });
})"""


def _trivial(page: Page, address: str) -> float:
    """Seconds from a slider's move to the repainted chart of the trivial page."""
    page.goto(address)
    _wait_for_slope(page, 10)
    taken = []
    for slope in range(11, 11 + SLIDES):
        started = perf_counter()
        page.get_by_role("slider").press("ArrowRight")
        _wait_for_slope(page, slope)
        taken.append(perf_counter() - started)
    return median(taken)


def _wait_for_slope(page: Page, slope: int) -> None:
    page.wait_for_function(
        "text => document.querySelector('.gtitle')?.textContent === text", arg=f"slope {slope}"
    )


def _moved(lab: Lab, name: str) -> tuple[float, float]:
    """Seconds from a slider's move to the first repaint of a fresh run and to its end."""
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
        must_be_fresh(origin_of(lab.captions()), name)
    return median(firsts), median(wholes)


def _played(lab: Lab, speed: str) -> float:
    """Repaints of all panels a second in playback, by the browser's own clock."""
    lab.page.get_by_label("Playback speed").select_option(speed)
    return median(float(lab.page.evaluate(_PLAY)) for _ in range(PLAYS))


def _page(report: Report, lab: Lab, name: str, trivial: float) -> None:
    first, whole = _moved(lab, name)
    usual, uncapped = _played(lab, "1"), _played(lab, FASTEST)
    ratio = first / trivial
    report.row(
        name,
        Figure(f"{1e3 * first:.0f} ms = {ratio:.1f}×", ratio, at_most(2, "×")),
        Figure(f"{whole:.2f} s", whole, at_most(COMPLETE.get(name, SOON), " s")),
        f"{usual:.1f} /s",
        Figure(f"{uncapped:.1f} /s", uncapped, at_least(25, " /s")),
        f"{lab.mounts}",
    )


def main(report: Report) -> None:
    cap = constant("FRAMES_PER_SECOND")
    report.table(
        "Slider moved, at each page's defaults, every run a fresh one (medians)",
        {
            "": 26,
            "first repaint": GOAL + 4,
            "complete": GOAL,
            f"played, cap {cap:g}": 18,
            "cap off": GOAL,
            "mounts": 8,
        },
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch())
        with served("benchmarks/trivial_page.py") as address, _tab(browser) as page:
            trivial = _trivial(page, address)
        report.row("a trivial Streamlit page", f"{1e3 * trivial:.0f} ms")
        with served() as address:
            for name in names():
                with _tab(browser) as page:
                    _page(report, Lab(page, address).open(name), name, trivial)
        browser.close()


def _tab(browser: Browser) -> Page:
    return browser.new_page(**look())
