"""The learner's progress, kept in their own browser (local storage) and nowhere else."""

from uuid import uuid4

import streamlit as st
from pydantic import ValidationError

from sigviz.course.progress import Progress
from sigviz.ui.components.component import component

_KEY = "progress"

_component = component("progress")


def progress() -> Progress:
    """The progress of this session's learner."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Progress()
        st.session_state[f"{_KEY}/session"] = uuid4().hex
    found: Progress = st.session_state[_KEY]
    return found


def keep_progress() -> None:
    """Exchange the progress with the browser; at the end of every run.

    At the end, because the browser's answer starts the next run: in the middle it would cut this
    one short. What the browser has kept is taken over once, and only where it makes sense: stale
    or broken progress is ignored.
    """
    known = progress()
    session, loaded = st.session_state[f"{_KEY}/session"], f"{_KEY}/loaded"
    data = {
        "session": session,
        "loaded": st.session_state.get(loaded, False),
        "keep": known.model_dump_json() if known.lessons else None,
    }
    result = _component(key=f"{_KEY}/browser", data=data, on_kept_change=_nothing)
    kept = result.get("kept")
    if data["loaded"] or not isinstance(kept, dict) or kept.get("session") != session:
        return
    st.session_state[loaded] = True
    try:
        st.session_state[_KEY] = Progress.model_validate_json(str(kept.get("progress")))
    except ValidationError:
        return
    st.rerun()


def _nothing() -> None:
    """The rerun that comes with the browser's answer is all that is needed."""
