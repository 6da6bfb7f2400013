"""The frame of every experiment's page: the lesson beside the lab, the run and what came of it."""

from collections.abc import Callable
from itertools import count
from typing import Any, cast

import streamlit as st

from sigviz.panels import Panel
from sigviz.runner import Run, State
from sigviz.settings import TrainingSettings
from sigviz.trace import Trace
from sigviz.ui.controls import controls, read_link
from sigviz.ui.engine import runner
from sigviz.ui.live_figure import live_figure
from sigviz.ui.payload import pack
from sigviz.ui.results import headline, numbers

Panels = Callable[[Any, Trace], list[Panel]]

TICK = 0.1
"""Seconds between two looks at a running training."""

FIRST_LOOK = 0.25
"""Seconds that a page waits for the first trace of a new run before it shows itself."""

_run_numbers = count(1)


class Page:
    """One experiment's page while it is being drawn."""

    def __init__(self, name: str, settings: type[TrainingSettings]) -> None:
        self.name = name
        problems = read_link(name, settings)
        lesson, self._lab = st.columns([1, 2], gap="large")
        with lesson:
            st.title(settings.TITLE)
            st.markdown(settings.__doc__ or "")
        with self._lab:
            if problems:
                ignored = "\n".join(f"- {problem.message}" for problem in problems)
                st.warning(f"Part of the link was ignored:\n{ignored}", icon=":material/link_off:")

    def controls(self) -> TrainingSettings:
        """Draw the controls; returns the settings that they and the link now hold."""
        with self._lab:
            place = st.container()
            self._toolbar = st.container(horizontal=True, gap="small")
            with place:
                return controls(self.name, self._toolbar)

    def train(self, settings: TrainingSettings, panels: Panels) -> None:
        """Run `settings` and draw the panels as they grow; a run of them is not repeated."""
        with self._lab:
            refusal = settings.refusal()
            again, stop = self._buttons(refusal)
            if refusal:
                st.warning(refusal, icon=":material/hourglass_disabled:")
            elif self._run is None or self._run.settings != settings or again:
                self._start(settings)
            if stop and self._run:
                self._run.stop()
            if self._run is None:
                return
            ticking = not self._run.state.over
            st.fragment(self._live, run_every=TICK if ticking else None)(panels, ticking)

    @property
    def _run(self) -> Run | None:
        return cast(Run | None, st.session_state.get(f"{self.name}/run"))

    def _start(self, settings: TrainingSettings) -> None:
        if self._run:
            self._run.stop()
        st.session_state[f"{self.name}/run"] = runner().submit(self.name, settings)
        st.session_state[f"{self.name}/run-number"] = f"{self.name}-{next(_run_numbers)}"

    def _buttons(self, refusal: str | None) -> tuple[bool, bool]:
        running = self._run is not None and not self._run.state.over
        with self._toolbar:
            st.space("stretch")
            again = st.button(
                "Train again", icon=":material/replay:", disabled=bool(refusal), key="again"
            )
            stop = st.button(
                "Stop", icon=":material/stop:", disabled=not running or bool(again), key="stop"
            )
        return again, stop

    def _live(self, panels: Panels, ticking: bool) -> None:
        """One tick: take the newest trace, draw it, return."""
        run = self._run
        assert run is not None
        drawn_key, payload_key = f"{self.name}/drawn", f"{self.name}/payload"
        drawn = cast(Trace | None, st.session_state.get(drawn_key))
        trace = run.latest(drawn, timeout=FIRST_LOOK if run.trace is None else 0)
        if trace is not None and trace is not drawn:
            number = st.session_state[f"{self.name}/run-number"]
            st.session_state[payload_key] = pack(number, panels(run.settings, trace), trace)
            st.session_state[drawn_key] = trace
        if payload_key in st.session_state:
            live_figure(st.session_state[payload_key], key=f"{self.name}/figure")
        else:
            st.skeleton(height=640)
        _standing(run)
        if trace is not None:
            headline(run.settings, trace)
            numbers(run.settings, trace)
        if ticking and run.state.over:
            st.rerun()


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
