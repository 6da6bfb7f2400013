"""From a command to what it is for: the page in Chromium, and a run on the command line."""

import sys
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright

from benchmarks.clock import command, side_by_side
from benchmarks.fresh import must_be_fresh
from benchmarks.report import GOAL, Report
from support import chromium
from support.app import Lab, look
from support.goals import Figure, at_most
from support.learners.record import origin_of
from support.server import served

PAGE = "vanishing-gradients"
ROUNDS = 3


def _app(browser: Browser) -> tuple[float, float]:
    """Seconds until the app's health answers, and until its first figure is complete."""
    started = perf_counter()
    with served() as address, browser.new_context(**look()) as profile:
        healthy = perf_counter() - started
        lab = Lab(profile.new_page(), address).open(PAGE)
        painted = perf_counter() - started
        must_be_fresh(origin_of(lab.captions()), PAGE)
    return healthy, painted


def _trivial(browser: Browser) -> tuple[float, float]:
    """The same of the trivial page."""
    started = perf_counter()
    with served("benchmarks/torch_page.py") as address, browser.new_context(**look()) as profile:
        healthy = perf_counter() - started
        page = profile.new_page()
        page.goto(address)
        page.locator(".main-svg .gtitle").wait_for()
        return healthy, perf_counter() - started


def pages(report: Report) -> None:
    report.table(
        "From the command to the first figure, in Chromium (medians)",
        {"": 52, "health answers": 16, "figure complete": GOAL, "beside the trivial": GOAL},
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch())
        taken = [(*_trivial(browser), *_app(browser)) for _ in range(ROUNDS + 1)]
        browser.close()
    health, trivial, healthy, painted = (median(each) for each in zip(*taken[1:], strict=True))
    report.row("a trivial page, PyTorch in one worker", f"{health:.1f} s", f"{trivial:.1f} s")
    report.row(
        f"the app, {PAGE}",
        f"{healthy:.1f} s",
        Figure(f"{painted:.1f} s", painted, at_most(4.5, " s")),
        Figure(f"{painted / trivial:.2f}×", painted / trivial, at_most(1.5, "×")),
    )


def commands(report: Report) -> None:
    report.table("A whole process (medians)", {"": 52, "seconds": 16, "ratio": GOAL})
    bare = [sys.executable, "-c", "import torch"]
    run = [sys.executable, "-m", "sigviz", "run", "sigmoid-curve", "--steps", "60"]
    importing, running = side_by_side(ROUNDS, command(bare), command(run))
    report.row('python -c "import torch"', f"{importing:.1f} s")
    report.row(
        "python -m sigviz run sigmoid-curve --steps 60",
        f"{running:.1f} s",
        Figure(f"{running / importing:.2f}×", running / importing, at_most(1.7, "×")),
    )


def main(report: Report) -> None:
    pages(report)
    commands(report)
