"""sigviz, started by ``streamlit run app.py``.

The server imports this file once, as ``app``, and finds the ASGI app in it. For every page view
Streamlit runs it again, as ``__main__``, and finds the course's outline.
"""

from pathlib import Path

import streamlit as st

from sigviz import ui

OUTLINE = {
    "home": "Home",
    "vanishing_gradients": "Vanishing gradients",
}

ICON = Path(__file__).parent / "sigviz" / "ui" / "icon.svg"

if __name__ == "__main__":
    st.set_page_config(page_title="sigviz", page_icon=ICON, layout="wide")
    pages = [
        st.Page(
            f"pages/{file}.py",
            title=title,
            url_path=file.replace("_", "-"),
            default=file == "home",
        )
        for file, title in OUTLINE.items()
    ]
    st.navigation(pages, position="top").run()
else:
    app = st.App(
        __file__,
        lifespan=ui.lifespan,
        routes=ui.ROUTES,
        middleware=ui.MIDDLEWARE,
        on_script_error=ui.apologize,
    )
