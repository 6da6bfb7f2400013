"""The one `Runner` of this web process, started with the server."""

import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from threading import Thread, Timer

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sigviz.course.reader import read_all
from sigviz.runner import Runner
from sigviz.ui.server import assets
from sigviz.ui.server.metrics import RunnerStats
from sigviz.ui.server.whereabouts import note_place, wishes

SETTLED_AFTER = 15.0
"""Seconds from the server's start; by then the first figure stands."""

_log = logging.getLogger(__name__)


@cache
def runner() -> Runner:
    """The runner; the first call starts its workers."""
    return Runner(wishes=wishes)


def learner() -> str | None:
    """Who this session is to the runner, which gives each learner one place."""
    context = get_script_run_ctx()
    return context.session_id if context and Runtime.exists() else None


def be_ready_around(experiment: str, step: int) -> None:
    """Train ahead what this session's learner may ask for next, from a step of a lesson on."""
    session = learner()
    if session and note_place(session, (experiment, step)):
        runner().reconsider()


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
    """The workers come up while the first browser loads its page; what can wait does."""
    # The outline in app.py is the navigation; without this the first visitor's link would be looked
    # up among the file names in pages/, as in Streamlit's older way of finding pages.
    PagesManager.uses_pages_directory = False
    started = runner()
    Runtime.instance().stats_mgr.register_provider(RunnerStats(started))
    Thread(target=read_all, daemon=True).start()
    gc.freeze()
    later = Timer(SETTLED_AFTER, _settle)
    later.daemon = True
    later.start()
    yield
    later.cancel()
    started.close()


def _settle() -> None:
    """Save later learners time, at the cost of a moment that the first one's figure needed."""
    assets.warm_up()
    gc.collect()
    gc.freeze()  # Streamlit collects garbage after every run of a script


def apologize(error: Exception) -> bool:
    """Show a learner a sentence in place of a traceback, which goes to the log."""
    _log.error("a page failed", exc_info=error)
    st.error(
        "This page could not be drawn, and that is our fault; the details are in the server's log. "
        "Reloading it may help, and opening it from the navigation gives its default settings.",
        icon=":material/error:",
    )
    return True
