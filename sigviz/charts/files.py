"""The files that a browser needs to draw: Plotly.js and the live figure."""

from pathlib import Path

import plotly

HERE = Path(__file__).parent

SCRIPTS = {
    "plotly.min.js": Path(plotly.__file__).parent / "package_data" / "plotly.min.js",
    "live_figure.js": HERE / "live_figure.js",
}


def text_of(name: str) -> str:
    """What is in one of the scripts, or in another file beside this one."""
    return SCRIPTS.get(name, HERE / name).read_text()
