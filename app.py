"""sigviz, started by ``streamlit run app.py``.

The server imports this file once, as ``app``, and finds the ASGI app in it. For every page view
Streamlit runs it again, as ``__main__``, and finds the course's outline.
"""

if __name__ != "__main__":
    from sigviz.runner.pools import prepare

    prepare()  # before all other imports: PyTorch's takes longer, and can go on beside them

import streamlit as st

from sigviz import ui

# The scripts in pages/ and their names in the navigation.
OUTLINE = {
    "home": "Home",
    "sigmoid_curve": "1 The curve",
    "vanishing_gradients": "2 Vanishing gradients",
    "initialization": "3 Initialization",
    "mse_vs_bce": "4 MSE vs BCE",
    "sigmoid_vs_softmax": "5 Sigmoid vs softmax",
}

if __name__ == "__main__":
    ui.show(OUTLINE)
else:
    app = st.App(
        __file__,
        lifespan=ui.lifespan,
        routes=ui.ROUTES,
        middleware=ui.MIDDLEWARE,
        on_script_error=ui.apologize,
    )
