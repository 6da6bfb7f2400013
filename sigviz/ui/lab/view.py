"""View: what a link says about how a page looks, besides settings and the lesson's step."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from sigviz.settings import Problem, TrainingSettings, fields_of

ALL_CONTROLS = "controls"
"""In ``hide=…``, all the controls at once."""


@dataclass(frozen=True)
class View:
    """How a page looks.

    Attributes:
        hide: The fields whose controls are not drawn, or `ALL_CONTROLS`; their values count still.
        present: For a projector: larger type, and nothing but the lab.
    """

    hide: tuple[str, ...] = ()
    present: bool = False

    @classmethod
    def take(
        cls, texts: dict[str, str], settings: type[TrainingSettings]
    ) -> tuple["View", list[Problem]]:
        """Take what is said of the view out of a link's texts; returns it and what was refused."""
        hide, present, problems = texts.pop("hide", ""), texts.pop("present", "0"), []
        known = [ALL_CONTROLS, *fields_of(settings)]
        wanted = [part.strip() for part in hide.split(",") if part.strip()]
        problems += [
            Problem("hide", f"hide: {part[:40]!r} is not one of {', '.join(known)}")
            for part in wanted
            if part not in known
        ]
        if present not in ("0", "1"):
            problems.append(Problem("present", f"present: {present[:40]!r} is not 0 or 1"))
        return cls(tuple(part for part in known if part in wanted), present == "1"), problems

    @property
    def link(self) -> Mapping[str, str]:
        """What a link needs to give this view."""
        hide = {"hide": ",".join(self.hide)} if self.hide else {}
        return hide | ({"present": "1"} if self.present else {})

    def shows(self, field: str) -> bool:
        """Whether the control of a field is drawn."""
        return not {ALL_CONTROLS, field} & set(self.hide)


def view_of(name: str) -> View:
    """The view of a page, as the link into it said."""
    view: View = st.session_state.get(f"{name}/view", View())
    return view


def presenting() -> bool:
    """Whether this session's link asks for a projector; known before a page is."""
    return st.query_params.get("present") == "1"


def enlarge() -> None:
    """Larger type, on everything whose size goes with it, and no room for the navigation."""
    st.html(
        "<style>:root { font-size: clamp(19px, 1.45vw, 30px) !important; }"
        " [data-testid='stMainBlockContainer'] { padding-top: 1rem; }</style>"
    )
