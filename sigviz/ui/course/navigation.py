"""The pages of the course in their order, known to every page."""

from typing import cast

import streamlit as st

_KEY = "course"


def course() -> list[st.Page]:
    """The home page and, behind it, the course's pages."""
    return cast(list[st.Page], st.session_state[_KEY])


def remember_course(pages: list[st.Page]) -> None:
    """Make the pages known for this run."""
    st.session_state[_KEY] = pages
