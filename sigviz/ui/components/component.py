"""Our own Streamlit components: what stands in this folder, registered."""

from pathlib import Path
from typing import Any

import streamlit as st

from sigviz.charts.modules import in_one

_HERE = Path(__file__).parent


def component(name: str, *styles: str) -> Any:
    """Register the component in ``name.js`` and, if it shows anything, ``name.html``.

    Args:
        styles: Files with what it looks like.
    """
    html = _HERE / f"{name}.html"
    return st.components.v2.component(
        f"sigviz_{name}",
        html=html.read_text() if html.exists() else None,
        css="\n".join((_HERE / style).read_text() for style in styles) or None,
        js=in_one(_HERE / f"{name}.js"),
    )
