"""The frame of every experiment's page: the lesson beside the lab, the run and what came of it."""

from collections.abc import Callable
from itertools import count
from time import time_ns
from typing import Any, cast

import streamlit as st

from sigviz.panels import Panel
from sigviz.runner import Run, State
from sigviz.settings import TrainingSettings
from sigviz.trace import Trace
from sigviz.ui.code_panel import code
from sigviz.ui.controls import controls, read_link
from sigviz.ui.engine import presence, runner
from sigviz.ui.lesson_panel import lesson_column, linked_step
from sigviz.ui.live_figure import live_figure
from sigviz.ui.maths_panel import maths
from sigviz.ui.payload import nothing_new, pack
from sigviz.ui.results import headline, numbers

Panels = Callable[[Any, Trace], list[Panel]]

TICK_MS = 100
"""Milliseconds from a painted frame of a running training to the next look at it."""

FIRST_LOOK, NEXT_LOOK = 0.2, 0.1
"""Seconds that a tick waits at most for something new: before the first trace, and after it."""

# An open page may move to another server process; its runs there must not count as those here.
_run_numbers = count(time_ns())


class Page:
    """One experiment's page while it is being drawn."""

    def __init__(self, name: str, settings: type[TrainingSettings]) -> None:
        self.name = name
        problems = read_link(name, settings, linked_step)
        lesson, self._lab = st.columns([1, 2], gap="large")
        with lesson:
            st.title(settings.TITLE)
            self._lesson = lesson_column(name, self._run)
        with self._lab, st.container():
            if problems:
                ignored = "\n".join(f"- {problem.message}" for problem in problems)
                st.warning(f"Part of the link was ignored:\n{ignored}", icon=":material/link_off:")

    def controls(self) -> TrainingSettings:
        """Draw the controls; returns the settings that they and the link now hold."""
        with self._lab:
            return controls(self.name, self._lesson.link if self._lesson else {})

    def train(self, settings: TrainingSettings, panels: Panels) -> None:
        """Run `settings` and draw the panels as they grow; a run of them is not repeated."""
        with self._lab:
            st.fragment(self._live)(settings, panels)

    @property
    def _run(self) -> Run | None:
        return cast(Run | None, st.session_state.get(f"{self.name}/run"))

    def _start(self, settings: TrainingSettings) -> Run:
        if self._run:
            self._run.stop()
        run = runner().submit(self.name, settings, presence())
        st.session_state[f"{self.name}/run"] = run
        st.session_state[f"{self.name}/drawn"] = None
        st.session_state[f"{self.name}/run-number"] = f"{self.name}-{next(_run_numbers)}"
        return run

    def _live(self, settings: TrainingSettings, panels: Panels) -> None:
        """One tick: take the newest trace, draw it, return."""
        refusal = settings.refusal()
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            words = st.container()
            again = st.button(
                "Train again", icon=":material/replay:", disabled=bool(refusal), key="again"
            )
            stop = st.empty()
        run = self._run
        if not refusal and (again or run is None or run.forgotten or run.settings != settings):
            run = self._start(settings)
        with words:
            _warn_of(refusal)
        if run is None:
            return
        trace = self._newest(run)
        if stop.button(
            "Stop", icon=":material/stop:", disabled=run.state.over, key="stop", on_click=run.stop
        ):
            run.latest(timeout=FIRST_LOOK)
        if not refusal:
            with words:
                _standing(run)
        live_figure(self._payload(run, trace, panels), key=f"{self.name}/figure")
        if trace is not None:
            headline(run.settings, trace)
            numbers(self.name, run.settings, trace)
            maths(self.name, run.settings, trace)
            code(self.name, run.settings)
        told = f"{self.name}/told"
        if self._lesson and run.state.over and st.session_state.get(told) is not run:
            st.session_state[told] = run
            if self._lesson.awaits_run:
                st.rerun()

    def _newest(self, run: Run) -> Trace | None:
        """The newest trace of a run, waiting a little for one that is not drawn yet."""
        drawn = cast(Trace | None, st.session_state.get(f"{self.name}/drawn"))
        return run.latest(drawn, FIRST_LOOK if run.trace is None else NEXT_LOOK)

    def _payload(self, run: Run, trace: Trace | None, panels: Panels) -> bytes:
        """What the figure is to draw; what is over is packed once and for all."""
        key, over = f"{self.name}/payload", run.state.over
        now = (run, trace, over)
        if trace is not None and st.session_state.get(f"{key}-of") != now:
            number = st.session_state[f"{self.name}/run-number"]
            tick = None if over else TICK_MS
            st.session_state[key] = pack(number, panels(run.settings, trace), trace, tick)
            st.session_state[f"{key}-of"] = now
            st.session_state[f"{self.name}/drawn"] = trace
        elif not over:
            return nothing_new(TICK_MS)
        return cast(bytes, st.session_state.get(key) or nothing_new(None))


def _warn_of(refusal: str | None) -> None:
    if refusal:
        st.warning(refusal, icon=":material/hourglass_disabled:")


def _standing(run: Run) -> None:
    """Say how the run stands, and what to do where it went wrong."""
    networks = len(run.settings.variants) * run.settings.repeats
    if run.state is State.WAITING:
        ahead = runner().ahead_of(run)
        st.caption(
            f"Waiting for a worker; {ahead} runs before this one." if ahead else "Starting …"
        )
    elif run.state is State.LOST:
        st.error(
            "The worker that trained this has died. Another one has taken its place: press "
            "**Train again**.",
            icon=":material/heart_broken:",
        )
    elif run.state is State.FAILED:
        st.error(
            "This run failed, and that is our fault; the details are in the server's log. Other "
            "settings, or **Train again**, may work.",
            icon=":material/error:",
        )
    elif run.trace and run.trace.diverged_at is not None:
        st.warning(
            f"At step {run.trace.diverged_at} the numbers left the range of float32: the training "
            f"diverged. Try a learning rate below {run.settings.learning_rate:g}.",
            icon=":material/trending_up:",
        )
    elif run.state is State.STOPPED:
        st.caption(f"Stopped at step {run.trace.step if run.trace else 0}.")
    elif run.state is State.RUNNING:
        st.caption(f"Training {networks} networks …")
    else:
        st.caption(f"Trained {networks} networks just now, in {run.seconds:.1f} s.")


def page(name: str, settings: type[TrainingSettings]) -> Page:
    """Begin an experiment's page: its title and words, and the link's settings."""
    return Page(name, settings)
