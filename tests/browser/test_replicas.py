"""Two replicas behind the nginx of deploy/, in a real Chromium, on a machine whose disk is full."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from sigviz.course.reader import read_all
from support.app import Lab
from support.server import free_port, wait_until_healthy
from tests.image import lay_out
from tests.proxy import proxied

pytestmark = pytest.mark.browser
NAME = "sigmoid-curve"
LINK = {"probe": 3, "steps": 60, "repeats": 3}
LESSON = read_all()[0][NAME]

# No file may grow beyond 0 bytes, and there is no home: what a full or read-only disk allows.
NO_DISK = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh"]
NO_HOME = {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass
class Site:
    """The address of nginx, and the process of the replica on each port."""

    address: str
    replicas: dict[int, "subprocess.Popen[bytes]"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    image = tmp_path_factory.mktemp("image")
    lay_out(image)
    replicas = {port: replica(image, port) for port in (free_port(), free_port())}
    try:
        for port, server in replicas.items():
            wait_until_healthy(f"http://127.0.0.1:{port}", server)
        with proxied(tmp_path_factory.mktemp("nginx"), list(replicas)) as address:
            yield Site(address, replicas)
    finally:
        for server in replicas.values():
            end(server, signal.SIGTERM)


def replica(image: Path, port: int) -> "subprocess.Popen[bytes]":
    """Start the app from the files of the image, with one worker and no disk."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=127.0.0.1"]
    return subprocess.Popen(
        [*NO_DISK, *command, f"--server.port={port}"],
        cwd=image,
        env=os.environ | NO_HOME | {"SIGVIZ_WORKERS": "1"},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def end(server: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    """End a replica with its workers, if it has not ended yet."""
    if server.poll() is None:
        os.killpg(server.pid, how)
        server.wait()


def bound_to(page: Lab) -> int:
    """The replica that a browser's cookie names."""
    cookies = {each["name"]: each["value"] for each in page.page.context.cookies()}
    return int(cookies["sigviz"])


def button(page: Lab, name: str) -> Locator:
    return page.page.get_by_role("button", name=name, exact=True)


def test_metrics_stay_inside_and_security_headers_pass(site: Site) -> None:
    port = next(port for port, server in site.replicas.items() if server.poll() is None)
    with urlopen(f"http://127.0.0.1:{port}/_stcore/metrics") as inside:
        assert b"\nsigviz_remembered_bytes{part=" in inside.read()
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{site.address}/_stcore/metrics")
    names = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
    with urlopen(f"http://127.0.0.1:{port}/") as direct, urlopen(site.address) as through:
        assert [through.headers[name] for name in names] == [direct.headers[name] for name in names]
        assert None not in [direct.headers[name] for name in names]


def test_a_killed_replicas_learner_goes_on_at_the_other(
    site: Site, tab: Callable[..., Page]
) -> None:
    page = Lab(tab(), site.address).open(NAME, **LINK)
    probe = page.page.get_by_role("slider", name="Probe").first
    answer = page.page.locator("[class*='choice-0-1'] button")
    second = page.page.get_by_role("heading", name=LESSON.steps[1].title, exact=True)
    answer.click()
    expect(answer).to_be_disabled()
    button(page, "Next").click()
    page.page.wait_for_function(
        "at => localStorage.getItem('sigviz.progress')?.includes(at)",
        arg=f'"at":"{LESSON.steps[1].title}"',
    )
    assert page.complaints == []
    assert page.hosts == {urlsplit(site.address).netloc}
    before, link, run, first = page.drawn(), page.page.url, page.run, bound_to(page)

    end(site.replicas[first], signal.SIGKILL)
    page.after(run)
    assert {first, bound_to(page)} == set(site.replicas)
    expect(probe).to_have_value("3")
    expect(second).to_be_visible()
    assert (page.drawn(), page.page.url) == (before, link)
    page.slide("Probe")
    expect(probe).not_to_have_value("3")
    button(page, "Back").click()
    expect(answer).to_be_disabled()
