"""nginx as in deploy/, for real, before two stand-ins that tell what reaches them."""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from support.server import PATIENCE, free_port
from tests.proxy import proxied

HOST = "sigviz.example:8080"
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket"}
SCRIPT = b"export const one = 1;\n" * 200


class Replica(BaseHTTPRequestHandler):
    """Stands in for a replica: answers with what it has received."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "Upgrade" in self.headers:
            self.send_response(101)
            self.send_header("Connection", "Upgrade")
            self.send_header("Upgrade", self.headers["Upgrade"])
            self.end_headers()
            self.close_connection = True
            return
        answer = SCRIPT if self.path.endswith(".js") else json.dumps(self._told(len(body))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if answer is SCRIPT else "text/json")
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_PUT = do_GET  # noqa: N815 - the name that http.server looks for

    def _told(self, size: int) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        port = cast(ThreadingHTTPServer, self.server).server_port
        return {"replica": port, "path": self.path, "headers": headers, "size": size}

    def log_message(self, format: str, *args: object) -> None:
        """What it has received is in its answer."""


@dataclass
class Site:
    """nginx and the stand-ins behind it, which can be ended and started again."""

    address: str
    ports: tuple[int, int]
    place: Path
    up: dict[int, ThreadingHTTPServer] = field(default_factory=dict)

    def start(self, port: int) -> None:
        self.up[port] = ThreadingHTTPServer(("127.0.0.1", port), Replica)
        Thread(target=self.up[port].serve_forever, args=(0.01,), daemon=True).start()

    def end(self, port: int) -> None:
        server = self.up.pop(port)
        server.shutdown()
        server.server_close()

    def ask(
        self,
        path: str = "/",
        cookie: object = None,
        headers: dict[str, str] | None = None,
        method: str = "GET",
        body: bytes | None = None,
    ) -> "Answer":
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        sent = {"Host": HOST} | ({"Cookie": f"sigviz={cookie}"} if cookie else {}) | (headers or {})
        connection.request(method, path, body, sent)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer


class Answer:
    """What came back, and what the stand-in told of it."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def replica(self) -> int:
        return int(self.told["replica"])

    @property
    def cookie(self) -> str | None:
        """The replica that the browser is now bound to, if that is news."""
        value = self.headers["Set-Cookie"]
        return value and value.split(";")[0].removeprefix("sigviz=")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    ports = (free_port(), free_port())
    with proxied(tmp_path, ports) as address:
        site = Site(address, ports, tmp_path)
        for port in ports:
            site.start(port)
        yield site
        for port in list(site.up):
            site.end(port)


def test_learners_are_spread_and_each_stays_with_one_replica(site: Site) -> None:
    firsts = [site.ask() for _ in range(10)]
    assert set(Counter(first.replica for first in firsts)) == set(site.ports)
    for first in firsts:
        assert first.cookie == str(first.replica)
        for path in ("/vanishing-gradients", "/_stcore/health", "/media/a.csv"):
            again = site.ask(path, first.cookie)
            assert (again.replica, again.cookie) == (first.replica, None)


def test_the_cookie_is_of_no_use_to_anybody_else(site: Site) -> None:
    attributes = site.ask().headers["Set-Cookie"].split("; ")[1:]
    assert attributes == ["Path=/", "HttpOnly", "SameSite=Lax"]


@pytest.mark.parametrize("cookie", ["1", "22", "127.0.0.1:22", "example.org", "a" * 3000, '";'])
def test_an_unknown_cookie_counts_as_none(site: Site, cookie: str) -> None:
    answer = site.ask(cookie=cookie)
    assert answer.cookie == str(answer.replica)
    assert answer.replica in site.ports


def test_a_websocket_is_opened_at_the_learners_replica(site: Site) -> None:
    for port in site.ports:
        answer = site.ask("/_stcore/stream", port, UPGRADE)
        assert (answer.status, answer.headers["Upgrade"]) == (101, "websocket")
        assert answer.cookie is None
    assert site.ask("/_stcore/stream", None, UPGRADE).cookie in [str(port) for port in site.ports]


def test_what_the_app_must_know_reaches_it(site: Site) -> None:
    told = site.ask("/vanishing-gradients?depth=20&x=%2F", headers={"X-Forwarded-For": "1.2.3.4"})
    headers = told.told["headers"]
    assert told.told["path"] == "/vanishing-gradients?depth=20&x=%2F"
    assert headers["host"] == HOST
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert told.headers["Content-Security-Policy"] == "default-src 'self'"


def test_an_upload_arrives_whole_at_the_learners_replica(site: Site) -> None:
    for port in site.ports:
        answer = site.ask("/_stcore/upload_file/s/f", port, method="PUT", body=bytes(3_000_000))
        assert (answer.replica, answer.told["size"]) == (port, 3_000_000)


def test_scripts_are_compressed_on_the_way(site: Site) -> None:
    answer = site.ask("/static/js/index.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.body) < len(SCRIPT) / 10
    assert site.ask("/static/js/index.js").body == SCRIPT


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/metrics/",
        "/_stcore/metrics?families=x",
        "//_stcore//metrics",
        "/./_stcore/metrics",
        "/a/../_stcore/metrics",
        "/a/%2e%2e/_stcore/metrics",
        "/a%2f..%2f_stcore%2fmetrics",
        "/_stcore/health/../metrics",
        "/_stcore/upload_file/../metrics",
        "/%5Fstcore/%6Detrics",
        "/_STCORE/Metrics",
        "/sigviz/_stcore/metrics",
        "/_stcore/metrics#",
        "http://sigviz.example/_stcore/metrics",
        "/_stcore/script-health-check",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore",
    ],
)
def test_what_is_inside_only_is_refused_in_every_spelling(site: Site, path: str) -> None:
    for method in ("GET", "PUT", "OPTIONS"):
        answer = site.ask(path, site.ports[0], method=method)
        assert (answer.status, b"replica" in answer.body) == (404, False)


@pytest.mark.parametrize("base", ["", "/sigviz"])
@pytest.mark.parametrize("path", ["health", "host-config", "upload_file/s/f", "bidi-components/a"])
def test_what_the_browser_needs_is_not_refused(site: Site, base: str, path: str) -> None:
    assert site.ask(f"{base}/_stcore/{path}").told["path"] == f"{base}/_stcore/{path}"


def test_learners_of_a_dead_replica_move_to_the_other_and_stay_there(site: Site) -> None:
    dead, other = site.ports
    site.end(dead)
    moved = site.ask("/_stcore/health", dead)
    assert (moved.replica, moved.cookie) == (other, str(other))
    handshake = site.ask("/_stcore/stream", dead, UPGRADE)
    assert (handshake.status, handshake.cookie) == (101, str(other))
    upload = site.ask("/_stcore/upload_file/s/f", dead, method="PUT", body=bytes(3_000_000))
    assert (upload.replica, upload.told["size"]) == (other, 3_000_000)
    assert {site.ask().replica for _ in range(4)} == {other}
    site.start(dead)
    assert site.ask(cookie=moved.cookie).replica == other
    give_up = monotonic() + PATIENCE
    while site.ask().replica != dead:
        assert monotonic() < give_up, "a replica that is back gets no learners"


def test_learners_of_a_replica_that_hangs_move_to_the_other(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hung, other = silent.getsockname()[1], free_port()
        sooner = {"proxy_read_timeout    10s": "proxy_read_timeout 1s"}
        with proxied(tmp_path, (hung, other), sooner) as address:
            site = Site(address, (hung, other), tmp_path)
            site.start(other)
            moved = site.ask("/_stcore/health", hung)
            assert (moved.replica, moved.cookie) == (other, str(other))
            site.end(other)


def test_without_any_replica_it_says_so_and_health_checks_fail(site: Site) -> None:
    assert site.ask("/healthz").told["path"] == "/_stcore/health"
    for port in site.ports:
        site.end(port)
    for path, cookie in (("/", None), ("/", site.ports[0]), ("/healthz", None)):
        answer = site.ask(path, cookie)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert b"Reload this page in a moment" in answer.body


def test_the_log_holds_neither_links_nor_people(site: Site) -> None:
    site.end(site.ports[0])
    site.ask("/initialization?seed=4711", site.ports[0], {"Referer": "http://a/?seed=4711"})
    log = (site.place / "access.log").read_text()
    assert "GET /initialization 200" in log
    dead, other = (f"127.0.0.1:{port}" for port in site.ports)
    assert f"[{dead}, {other}] [502, 200]" in log
    everything = log + (site.place / "error.log").read_text()
    assert "4711" not in everything
    assert not any(line.startswith("127.0.0.1") for line in everything.splitlines())


def test_an_upload_is_not_kept_on_a_disk_on_its_way(site: Site) -> None:
    kept = site.place / "body"
    before = kept.stat().st_mtime_ns
    site.ask("/_stcore/upload_file/s/f", method="PUT", body=bytes(3_000_000))
    assert kept.stat().st_mtime_ns == before
