"""The code: a plain PyTorch script of what is on screen, to copy or to download."""

from functools import partial

import streamlit as st

from sigviz.settings import Job
from sigviz.takeaway.script import notebook, script
from sigviz.text.colouring import coloured
from sigviz.ui.components.component import component
from sigviz.ui.components.download import download

_code_block = component("code_block", "code_block.css", "copy_button.css")


def code(job: Job) -> None:
    """A fold-out with the script of a run."""
    name = job.experiment
    fold_out = st.expander(
        "The code", icon=":material/code:", key=f"{name}/code", on_change="rerun"
    )
    if not fold_out.open:
        return
    with fold_out:
        text = script(job)
        st.caption(
            "This run in plain PyTorch, with the settings above. It prints the same numbers, up to "
            "rounding, which some trainings magnify until their ends differ."
        )
        _code_block(
            data={"parts": coloured(text), "label": "Python script"}, key=f"{name}/code-block"
        )
        with st.container(horizontal=True, gap="small"):
            download("Download script", text, f"{name}.py", "text/x-python", key=f"{name}/script")
            download(
                "Download notebook",
                partial(notebook, job),
                f"{name}.ipynb",
                "application/x-ipynb+json",
                key=f"{name}/notebook",
            )
