"""The link to what is on screen: one click to copy it, and a few choices for a class."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from sigviz.settings import TrainingSettings, fields_of
from sigviz.ui.components.component import component
from sigviz.ui.lab.view import ALL_CONTROLS, View, view_of

_copy = component("copy_link", "copy_link.css", "copy_button.css")


def share(
    name: str, settings: TrainingSettings, link: Mapping[str, str], *, own_data: bool
) -> None:
    """Draw "Copy link" and, beside it, a link made for a class.

    Args:
        link: What the page's link says besides the settings and the view.
        own_data: There is some, which no link carries.
    """
    whole = {**settings.changed(), **link}
    note = "Your own data is not in it." if own_data else ""
    view = view_of(name)
    _copy_link("copy", {**whole, **view.link}, note)
    if view.present:
        return
    with st.popover(
        "For a class", icon=":material/groups:", on_change="rerun", key=f"{name}/class"
    ) as popover:
        if not popover.open:
            return
        known = fields_of(type(settings))
        hidden = st.multiselect(
            "Controls to hide",
            [ALL_CONTROLS, *known],
            format_func=lambda field: known[field].title if field in known else "All of them",
            key=f"{name}/class-hide",
            help="They keep the values that they have now.",
        )
        projector = st.toggle(
            "For a projector",
            key=f"{name}/class-present",
            help="Larger type, and nothing but the lab.",
        )
        view = View(tuple(hidden), projector)
        st.caption("Opened elsewhere, this link shows the same run.")
        _copy_link("class-link", {**whole, **view.link}, note, show=True)


def _copy_link(key: str, query: Mapping[str, str], note: str, *, show: bool = False) -> None:
    """A button that copies the page's address with a `query`; with `show`, the address too."""
    _copy(
        data={"query": urlencode(query, safe=","), "note": note, "show": show},
        key=key,
        width="stretch" if show else "content",
    )
