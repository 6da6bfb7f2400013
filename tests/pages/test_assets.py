"""Scripts that the app serves itself: as they are at first, compressed once there is time."""

import gzip
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from sigviz.charts.files import plotly_js
from sigviz.ui.server import assets
from support.runs import on_a_loop_of_its_own

APP = Starlette(routes=assets.ROUTES, middleware=[Middleware(GZipMiddleware)])
"""Like Streamlit's server, which compresses what is not yet."""


def fetched(name: str) -> tuple[Mapping[str, str], bytes]:
    """Headers and body, as a browser is sent them."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/assets/{name}",
        "query_string": b"",
        "headers": [(b"accept-encoding", b"gzip, br")],
    }
    on_a_loop_of_its_own(APP(scope, receive, send))
    start, *bodies = sent
    headers = {key.decode(): value.decode() for key, value in start["headers"]}
    return headers, b"".join(body["body"] for body in bodies)


def test_a_script_is_compressed_once_and_not_while_the_first_browser_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assets, "_warm", set())
    script = plotly_js().encode()
    headers, body = fetched("plotly.min.js")
    assert headers["content-encoding"] == "identity"
    assert body == script
    assets.warm_up()
    headers, body = fetched("plotly.min.js")
    assert headers["content-encoding"] == "gzip"
    assert len(body) < len(script) / 2
    assert gzip.decompress(body) == script
