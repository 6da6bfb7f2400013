"""The app in a real browser: a page object that knows what to wait for."""

from pathlib import Path
from typing import Any, Literal, Self, TypedDict
from urllib.parse import urlencode, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from support.server import PATIENCE

PHONE = 390
"""The width of a phone's screen, in pixels."""

Theme = Literal["light", "dark"]


class Look(TypedDict):
    """How a browser's profile wants pages: Playwright's words for it."""

    viewport: ViewportSize
    color_scheme: Theme


def look(theme: Theme = "light", width: int = 1400) -> Look:
    """A profile of this theme and with windows of this width."""
    return {"viewport": {"width": width, "height": 1000}, "color_scheme": theme}


class Lab:
    """One experiment's page in a browser."""

    def __init__(self, page: Page, address: str) -> None:
        """Watch a page that is to show the app at an address, or a figure saved from it."""
        self.address, self.page = address, page
        self.page.set_default_timeout(PATIENCE * 500)
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("request", lambda request: self._note_host(request.url))

    def _note(self, kind: str, text: str) -> None:
        # Streamlit's front end asks for its health below a page's own address first.
        if kind == "error" and "404 (Not Found)" not in text:
            self.complaints.append(text)

    def _note_host(self, address: str) -> None:
        if not address.startswith(("data:", "blob:")):
            self.hosts.add(urlsplit(address).netloc)

    def open(self, name: str, **link: object) -> Self:
        """Open an experiment's page with settings in its link, and wait for its run."""
        query = f"?{urlencode(link)}" if link else ""
        self.page.goto(f"{self.address}/{name}{query}")
        return self.complete()

    def open_file(self, file: Path) -> Self:
        """Open a figure that was saved."""
        self.page.goto(file.as_uri())
        return self.complete()

    def complete(self) -> Self:
        """Wait for the run on screen to be complete and painted."""
        self.page.wait_for_function(
            """() => {
                const figure = document.querySelector(".sv-figure");
                const plots = [...document.querySelectorAll(".sv-plot")];
                return figure?.dataset.state === "done" && plots.length > 0
                    && plots.every((plot) => plot.querySelector(".main-svg"));
            }"""
        )
        return self

    @property
    def run(self) -> str:
        """Tells the run on screen from any other."""
        return self._figure("run")

    @property
    def mounts(self) -> int:
        """How many figures this window has mounted."""
        return int(self._figure("mounts"))

    @property
    def paints(self) -> int:
        """How often the figure was painted."""
        return int(self._figure("paints"))

    def _figure(self, name: str) -> str:
        value = self.page.locator(".sv-figure").get_attribute(f"data-{name}")
        assert value is not None
        return value

    def settled(self) -> Self:
        """Wait until the page's script has run and nothing is faded, or still fading, for it."""
        self.page.wait_for_function(
            """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState
                    !== "running"
                && !document.querySelector('[data-stale="true"]')
                && !document.getAnimations().some((each) => each instanceof CSSTransition)"""
        )
        return self

    def captions(self) -> list[str]:
        """The small print on the page, once it has settled."""
        self.settled()
        return self.page.locator('[data-testid="stCaptionContainer"]').all_inner_texts()

    def after(self, run: str) -> Self:
        """Wait for the first frame of a run later than `run`, and for its end."""
        self.first_frame_after(run)
        return self.complete()

    def first_frame_after(self, run: str) -> None:
        """Wait for the first frame of a run later than `run`."""
        self.page.wait_for_function(
            "run => document.querySelector('.sv-figure').dataset.run !== run", arg=run
        )

    def slide(self, label: str, key: str = "ArrowRight") -> Self:
        """Move a slider by one stop and wait for the run that follows."""
        run = self.run
        self.page.get_by_role("slider", name=label).first.press(key)
        return self.after(run)

    def drawn(self) -> list[Any]:
        """The numbers in every panel, as they are drawn now."""
        numbers: list[Any] = self.page.evaluate(
            """() => [...document.querySelectorAll(".sv-plot")].map((plot) =>
                plot.data.map((trace) => ["x", "y", "z"].map((name) =>
                    trace[name] && Array.from(trace[name], (row) =>
                        row?.length === undefined ? row : Array.from(row)))))"""
        )
        return numbers

    def ranges(self, panel: str) -> list[list[float]]:
        """The ranges of a panel's axes."""
        found: list[list[float]] = self.page.evaluate(
            """panel => {
                const { xaxis, yaxis } =
                    document.querySelector(`[data-panel="${panel}"] .sv-plot`)._fullLayout;
                return [xaxis.range, yaxis.range];
            }""",
            panel,
        )
        return found

    def zoom(self, panel: str) -> None:
        """Drag a rectangle over the middle of a panel and wait until it is shown."""
        before = self.ranges(panel)
        box = self.page.locator(f'[data-panel="{panel}"] .nsewdrag').first.bounding_box()
        assert box
        x, y, width, height = box["x"], box["y"], box["width"], box["height"]
        self.page.mouse.move(x + 0.3 * width, y + 0.3 * height)
        self.page.mouse.down()
        self.page.mouse.move(x + 0.7 * width, y + 0.7 * height, steps=4)
        self.page.mouse.up()
        self.page.wait_for_function(
            """([panel, before]) => document.querySelector(`[data-panel="${panel}"] .sv-plot`)
                ._fullLayout.xaxis.range[0] !== before""",
            arg=[panel, before[0][0]],
        )

    def is_in_order(self, *, leave_out: str = "") -> None:
        """No accessibility violation, nothing in the console, no request to another host.

        Args:
            leave_out: A rule of axe's that Streamlit itself breaks here.
        """
        self.settled()
        assert self.complaints == []
        assert self.hosts == {self.address.removeprefix("http://")}
        rules = {leave_out: {"enabled": False}} if leave_out else {}
        found = Axe().run(self.page, options={"rules": rules})
        assert found.violations_count == 0, found.generate_report()

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide: int = self.page.evaluate(
            """() => Math.max(...[document.documentElement,
                ...document.querySelectorAll('[data-testid="stMain"]')]
                .map((element) => element.scrollWidth - element.clientWidth))"""
        )
        return wide
