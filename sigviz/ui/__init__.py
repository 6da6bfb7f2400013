"""Everything that touches Streamlit."""

from sigviz.ui.course.course import home, show
from sigviz.ui.lab.page import page
from sigviz.ui.server.assets import ROUTES
from sigviz.ui.server.engine import apologize, lifespan
from sigviz.ui.server.security import MIDDLEWARE

__all__ = ["MIDDLEWARE", "ROUTES", "apologize", "home", "lifespan", "page", "show"]
