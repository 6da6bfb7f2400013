"""The scripts that the browser needs, served by the app itself: Plotly.js and the live figure.

Nothing comes from another host, so the app works with the network unplugged.
"""

import gzip
from functools import cache
from hashlib import sha256

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sigviz.charts.files import figure_js, plotly_js

_SCRIPTS = {"plotly.min.js": plotly_js, "live_figure.js": figure_js}


@cache
def _plain(name: str) -> bytes:
    return _SCRIPTS[name]().encode()


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_plain(name), compresslevel=6)


@cache
def url_of(name: str) -> str:
    """The address of a script; it changes with the script, so browsers may keep it for good."""
    base = st.get_option("server.baseUrlPath").strip("/")
    version = sha256(_plain(name)).hexdigest()[:12]
    return f"{'/' + base if base else ''}/assets/{name}?v={version}"


_warm: set[str] = set()


def warm_up() -> None:
    """Compress every script once; until then they are sent as they are."""
    for name in _SCRIPTS:
        _compressed(name)
        _warm.add(name)


async def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _SCRIPTS:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if name in _warm and "gzip" in request.headers.get("accept-encoding", ""):
        body = _compressed(name)
        headers["Content-Encoding"] = "gzip"
    else:
        body = _plain(name)
        headers["Content-Encoding"] = "identity"  # or Streamlit compresses it for every browser
    return Response(body, media_type="text/javascript", headers=headers)


ROUTES = [Route("/assets/{name}", _serve)]
