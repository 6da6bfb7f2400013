"""The app's themes, for what leaves it."""

import re

import streamlit as st

_OPTIONS = (
    "primaryColor",
    "backgroundColor",
    "secondaryBackgroundColor",
    "textColor",
    "borderColor",
    "baseRadius",
    "buttonRadius",
)
"""The options of Streamlit's theme that the live figure uses."""


def variables(theme: str) -> dict[str, str]:
    """The CSS variables of the light or the dark theme, as Streamlit gives them to components."""
    values = {
        option: st.get_option(f"theme.{theme}.{option}") or st.get_option(f"theme.{option}")
        for option in _OPTIONS
    }
    values["buttonRadius"] = values["buttonRadius"] or values["baseRadius"]
    return {_variable(option): value for option, value in values.items() if value}


def _variable(option: str) -> str:
    return "--st-" + re.sub("[A-Z]", lambda letter: "-" + letter[0].lower(), option)
