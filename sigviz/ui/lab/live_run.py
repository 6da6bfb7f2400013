"""The run of a page, from its buttons to what came of it, drawn again with every tick."""

from random import randint
from time import time_ns
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sigviz.charts.payload import nothing_new, packed
from sigviz.data.table import Table
from sigviz.experiments.registry import Experiment
from sigviz.runner import Run
from sigviz.settings import Job, TrainingSettings, fields_of, missing_data
from sigviz.trace import Trace
from sigviz.ui.lab.code_panel import code
from sigviz.ui.lab.controls import use
from sigviz.ui.lab.live_figure import live_figure
from sigviz.ui.lab.maths_panel import maths
from sigviz.ui.lab.results import headline, numbers
from sigviz.ui.lab.standing import standing
from sigviz.ui.lab.view import view_of
from sigviz.ui.server.engine import learner, presence, runner

TICK_MS = 100
"""Milliseconds from a painted frame of a running training to the next look at it."""

FIRST_LOOK, NEXT_LOOK = 0.2, 0.1
"""Seconds that a tick waits at most for something new: before the first trace, and after it."""

# An open page may move to another server process; its runs there must not count as those here.
_PROCESS = time_ns()


def run_on(name: str) -> Run | None:
    """The run on a page, if there has been one."""
    return cast(Run | None, st.session_state.get(f"{name}/run"))


class LiveRun:
    """What a page trains and shows while its controls stay as they are."""

    def __init__(
        self,
        experiment: Experiment,
        settings: TrainingSettings,
        table: Table | None,
        *,
        awaited: bool,
    ) -> None:
        """Take what the controls say.

        Args:
            table: The learner's own data, if the settings ask for it and it is there.
            awaited: The lesson says something else once the run is over.
        """
        self.name, self._panels, self._settings = experiment.name, experiment.panels, settings
        self._awaited = awaited
        missing = missing_data(settings, table)
        self._job = None if missing else Job(self.name, settings, table)
        self._refusal = self._job.refusal if self._job else missing

    def tick(self) -> None:
        """Start what is wanted, take the newest trace, draw it, return."""
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            words = st.container()
            again = self._again()
            self._another_seed()
            stop = st.empty()
        run = self._wanted(fresh=again)
        with words:
            if self._refusal:
                st.warning(self._refusal, icon=":material/hourglass_disabled:")
        if run is None:
            return
        over = run.state.over  # asked first: what is then the newest trace is the last one
        trace = self._newest(run)
        _stop(run, stop)
        if not self._refusal:
            with words:
                self._say(run)
        payload = self._payload(run, trace, over)
        live_figure(payload, key=f"{self.name}/figure")
        if trace is not None:
            headline(run.job.settings, trace)
            numbers(run.job, trace, payload if over else None)
            maths(run.job, trace, over=run.state.over)
            code(run.job)
        self._tell_lesson(run)

    def _again(self) -> bool:
        return st.button(
            "Train again", icon=":material/replay:", disabled=bool(self._refusal), key="again"
        )

    def _another_seed(self) -> None:
        if view_of(self.name).shows("seed") and st.button(
            "Another seed",
            icon=":material/casino:",
            disabled=bool(self._refusal) or not self._settings.random,
            key="another",
            help="Draws a new seed: another start and, where it is drawn, other data. "
            "Train again keeps the seed and repeats the run exactly.",
            on_click=self._draw_seed,
        ):
            st.rerun()  # the control and the link are outside of this fragment

    def _draw_seed(self) -> None:
        """Set the controls to a new seed, none of whose repeats has been used just now."""
        settings = self._settings
        bounds, seed = fields_of(type(settings))["seed"], settings.seed
        while abs(seed - settings.seed) < settings.repeats:
            seed = randint(int(bounds.low), int(bounds.high))
        st.session_state[f"{self.name}/drawn-seed"] = seed
        use(self.name, settings.model_copy(update={"seed": seed}))

    def _wanted(self, *, fresh: bool) -> Run | None:
        """The run of these settings, started unless it is there; without one, what was before."""
        run = run_on(self.name)
        there = run is not None and not run.forgotten and run.job == self._job
        if self._job is None or self._refusal or (there and not fresh):
            return run
        if run:
            run.stop()
        run = runner().submit(self._job, presence(), learner(), fresh=fresh)
        st.session_state[f"{self.name}/run"] = run
        st.session_state[f"{self.name}/drawn"] = None
        return run

    def _newest(self, run: Run) -> Trace | None:
        """The newest trace of a run, waiting a little for one that is not drawn yet."""
        drawn = cast(Trace | None, st.session_state.get(f"{self.name}/drawn"))
        return run.latest(drawn, FIRST_LOOK if run.trace is None else NEXT_LOOK)

    def _say(self, run: Run) -> None:
        standing(run)
        seed = self._settings.seed
        if seed == st.session_state.get(f"{self.name}/drawn-seed"):
            st.caption(f"With a newly drawn seed, {seed}.")

    def _payload(self, run: Run, trace: Trace | None, over: bool) -> bytes:
        """What the figure is to draw, or that there is nothing new."""
        tick = None if over else TICK_MS
        if trace is None or (not over and trace is st.session_state.get(f"{self.name}/drawn")):
            return nothing_new(tick)
        st.session_state[f"{self.name}/drawn"] = trace
        return packed(f"{self.name}-{_PROCESS}-{run.number}", self._panels, run.job, trace, tick)

    def _tell_lesson(self, run: Run) -> None:
        """When a run is over, once, let a lesson that waits for it be drawn anew."""
        told = f"{self.name}/told"
        if run.state.over and st.session_state.get(told) is not run:
            st.session_state[told] = run
            if self._awaited:
                st.rerun()


def _stop(run: Run, place: DeltaGenerator) -> None:
    if place.button(
        "Stop", icon=":material/stop:", disabled=run.state.over, key="stop", on_click=run.stop
    ):
        run.latest(timeout=FIRST_LOOK)
