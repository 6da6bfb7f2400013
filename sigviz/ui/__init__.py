"""Everything that touches Streamlit."""

from sigviz.ui.assets import ROUTES
from sigviz.ui.course import home, show
from sigviz.ui.engine import apologize, lifespan
from sigviz.ui.page import page
from sigviz.ui.security import MIDDLEWARE

__all__ = ["MIDDLEWARE", "ROUTES", "apologize", "home", "lifespan", "page", "show"]
