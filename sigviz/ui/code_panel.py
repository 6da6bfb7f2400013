"""The code: a plain PyTorch script of what is on screen, to copy or to download."""

from pathlib import Path

import streamlit as st

from sigviz.script import notebook, script
from sigviz.settings import TrainingSettings

_HERE = Path(__file__).parent

_code_block = st.components.v2.component(
    "sigviz_code_block",
    html=(_HERE / "code_block.html").read_text(),
    css=(_HERE / "code_block.css").read_text(),
    js=(_HERE / "code_block.js").read_text(),
)


def code(name: str, settings: TrainingSettings) -> None:
    """A fold-out with the script of a run."""
    fold_out = st.expander(
        "The code", icon=":material/code:", key=f"{name}/code", on_change="rerun"
    )
    if not fold_out.open:
        return
    with fold_out:
        text = script(name, settings)
        st.caption(
            "This run in plain PyTorch, with the settings above. It prints the same numbers, up to "
            "rounding, which some trainings magnify until their ends differ."
        )
        _code_block(data={"code": text, "label": "Python script"}, key=f"{name}/code-block")
        with st.container(horizontal=True, gap="small"):
            _download("Download script", text, f"{name}.py", "text/x-python")
            _download(
                "Download notebook",
                notebook(name, settings),
                f"{name}.ipynb",
                "application/x-ipynb+json",
            )


def _download(label: str, text: str, file: str, kind: str) -> None:
    st.download_button(
        label, text, file, kind, key=f"code/{file}", icon=":material/download:", on_click="ignore"
    )
