"""The one `Runner` of this web process, started with the server."""

import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from threading import Thread

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sigviz.course.lesson import read_all
from sigviz.runner import Runner
from sigviz.ui.server import assets
from sigviz.ui.server.metrics import RunnerStats

_log = logging.getLogger(__name__)


@cache
def runner() -> Runner:
    """The runner; the first call starts its workers."""
    return Runner()


def learner() -> str | None:
    """Who this session is to the runner, which gives each learner one place."""
    context = get_script_run_ctx()
    return context.session_id if context and Runtime.exists() else None


def presence() -> Callable[[], bool]:
    """Tells, from any thread, whether the learner of this session still has the tab open."""
    context = get_script_run_ctx()

    def present() -> bool:
        if context is None or not Runtime.exists():
            return True
        return bool(Runtime.instance().is_active_session(context.session_id))

    return present


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """The workers and the compressed files are ready before the first page asks for them."""
    # The outline in app.py is the navigation; without this the first visitor's link would be looked
    # up among the file names in pages/, as in Streamlit's older way of finding pages.
    PagesManager.uses_pages_directory = False
    started = runner()
    Runtime.instance().stats_mgr.register_provider(RunnerStats(started))
    Thread(target=_warm_up, daemon=True).start()
    yield
    started.close()


def _warm_up() -> None:
    """Do before the first page what every page needs, and keep it out of garbage collection."""
    assets.warm_up()
    read_all()
    gc.collect()
    gc.freeze()


def apologize(error: Exception) -> bool:
    """Show a learner a sentence in place of a traceback, which goes to the log."""
    _log.error("a page failed", exc_info=error)
    st.error(
        "This page could not be drawn, and that is our fault; the details are in the server's log. "
        "Reloading it may help, and opening it from the navigation gives its default settings.",
        icon=":material/error:",
    )
    return True
