"""The files that the browser needs, served by the app itself: Plotly.js and the live figure.

Nothing comes from another host, so the app works with the network unplugged.
"""

import gzip
from functools import cache
from hashlib import sha256

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sigviz.charts.files import SCRIPTS


def url_of(name: str) -> str:
    """The address of a file; it changes with the file, so that browsers may keep it for good."""
    base = st.get_option("server.baseUrlPath").strip("/")
    version = sha256(SCRIPTS[name].read_bytes()).hexdigest()[:12]
    return f"{'/' + base if base else ''}/assets/{name}?v={version}"


@cache
def compressed(name: str) -> bytes:
    return gzip.compress(SCRIPTS[name].read_bytes(), compresslevel=6)


_warm: set[str] = set()


def warm_up() -> None:
    """Compress every file once; until then they are sent as they are."""
    for name in SCRIPTS:
        compressed(name)
        _warm.add(name)


async def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in SCRIPTS:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if name in _warm and "gzip" in request.headers.get("accept-encoding", ""):
        body = compressed(name)
        headers["Content-Encoding"] = "gzip"
    else:
        body = SCRIPTS[name].read_bytes()
        headers["Content-Encoding"] = "identity"  # or Streamlit compresses it for every browser
    return Response(body, media_type="text/javascript", headers=headers)


ROUTES = [Route("/assets/{name}", _serve)]
