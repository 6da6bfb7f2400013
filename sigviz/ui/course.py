"""The course: its navigation and the home page's cards."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import streamlit as st

from sigviz.experiments import names, settings_of

_ICON = Path(__file__).parent / "icon.svg"


def show(outline: Mapping[str, str]) -> None:
    """Draw the navigation of an outline and run the page that was asked for.

    Args:
        outline: Scripts in ``pages/``, without their ending, and their titles; the first is the
            home page. Addresses are the names with hyphens.
    """
    st.set_page_config(page_title="sigviz", page_icon=_ICON, layout="wide")
    home, *_ = outline
    pages = [
        st.Page(
            f"pages/{file}.py",
            title=title,
            url_path=file.replace("_", "-"),
            default=file == home,
        )
        for file, title in outline.items()
    ]
    st.session_state["course"] = pages
    page = st.navigation(pages, position="top")
    if page.url_path == "":
        st.session_state["page"] = None
    page.run()


def home() -> None:
    """The home page: what this is, and a card for each part of the course."""
    _, *pages = cast(list[st.Page], st.session_state["course"])
    st.title("What does the sigmoid do to a neural network?")
    st.markdown(
        "Five short parts. In each, small networks are trained while you watch, with the settings "
        "that you choose: every number and every curve comes from that run."
    )
    if pages and st.button("Start with the curve", type="primary", icon=":material/play_arrow:"):
        st.switch_page(pages[0])
    st.space("small")
    with st.grid("auto", min_column_width=300, gap="medium"):
        for page in pages:
            with st.container(border=True, height="stretch"):
                st.subheader(page.title, anchor=False)
                if page.url_path in names():
                    st.markdown(settings_of(page.url_path).__doc__ or "")
                st.space("stretch")
                st.page_link(page, label="Open", icon=":material/arrow_forward:")
