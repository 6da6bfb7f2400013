"""The app in a real browser: a server of its own, and a page object that knows what to wait for."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0
PHONE = 390

LAUNCH = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def served(script: str = "app.py", port: int | None = None) -> Iterator[str]:
    """Start the app on this machine; gives its address once it is healthy."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", script]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    server = subprocess.Popen([*command, *options], cwd=ROOT, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(address, server)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_until_healthy(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Ask the health endpoint until it answers."""
    give_up = monotonic() + PATIENCE
    while True:
        assert server.poll() is None, "the server ended"
        assert monotonic() < give_up, "the server does not answer"
        try:
            with urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except (URLError, OSError):
            server_poll_pause(server)


def server_poll_pause(server: "subprocess.Popen[bytes]") -> None:
    """Wait a moment, or less if the server ends."""
    try:
        server.wait(0.1)
    except subprocess.TimeoutExpired:
        return


def launch(playwright: Playwright) -> Browser:
    """Chromium as named by ``CHROME``, which `make` finds."""
    return playwright.chromium.launch(executable_path=os.environ["CHROME"], args=list(LAUNCH))


class Lab:
    """One experiment's page in a browser."""

    def __init__(self, browser: Browser, address: str, *, theme: Any = "light", width: int = 1400):
        context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=theme)
        self._watch(context.new_page(), address)

    @classmethod
    def of_file(cls, page: Page, file: Path) -> "Lab":
        """A figure that was saved, opened in another tab."""
        lab = cls.__new__(cls)
        lab._watch(page, "http://")
        page.goto(file.as_uri())
        return lab.complete()

    def _watch(self, page: Page, address: str) -> None:
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

    def open(self, name: str, **link: object) -> "Lab":
        query = f"?{urlencode(link)}" if link else ""
        self.page.goto(f"{self.address}/{name}{query}")
        return self.complete()

    def complete(self) -> "Lab":
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
        return self._figure("run")

    @property
    def mounts(self) -> int:
        return int(self._figure("mounts"))

    @property
    def paints(self) -> int:
        return int(self._figure("paints"))

    def _figure(self, name: str) -> str:
        value = self.page.locator(".sv-figure").get_attribute(f"data-{name}")
        assert value is not None
        return value

    def after(self, run: str) -> "Lab":
        """Wait for the first frame of a run later than `run`, and for its end."""
        self.first_frame_after(run)
        return self.complete()

    def first_frame_after(self, run: str) -> None:
        self.page.wait_for_function(
            "run => document.querySelector('.sv-figure').dataset.run !== run", arg=run
        )

    def slide(self, label: str, key: str = "ArrowRight") -> "Lab":
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
