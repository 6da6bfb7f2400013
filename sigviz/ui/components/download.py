"""One way to offer a file."""

from collections.abc import Callable

import streamlit as st


def download(
    label: str,
    data: str | Callable[[], str | bytes],
    file: str,
    kind: str,
    *,
    key: str,
    icon: str = ":material/download:",
    disabled: bool = False,
    help: str | None = None,
) -> None:
    """A button that downloads a `file` of the MIME type `kind` and reruns nothing.

    Args:
        data: What is in it, or what makes it when the button is pressed.
    """
    st.download_button(label, data, file, kind, key, help, "ignore", icon=icon, disabled=disabled)
