"""What our own components with a button to copy something have in common."""

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


def copying_component(name: str) -> Any:
    """Register the component in ``name.html``, ``.css`` and ``.js``, with the copy button's own."""
    return st.components.v2.component(
        f"sigviz_{name}",
        html=(_HERE / f"{name}.html").read_text(),
        css=_text(name, "css"),
        js=_text(name, "js"),
    )


def _text(name: str, kind: str) -> str:
    return "".join((_HERE / f"{part}.{kind}").read_text() for part in (name, "copy_button"))
