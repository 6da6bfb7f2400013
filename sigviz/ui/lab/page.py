"""The frame of every experiment's page: the lesson beside the lab, the run and what came of it."""

from random import randint
from time import time_ns
from typing import cast

import streamlit as st

from sigviz.charts.payload import Panels, nothing_new, packed
from sigviz.runner import Run
from sigviz.settings import TrainingSettings, fields_of
from sigviz.trace import Trace
from sigviz.ui.course.lesson_panel import LessonPanel, lesson_column, linked_step, step_link
from sigviz.ui.lab.code_panel import code
from sigviz.ui.lab.controls import controls, read_link, use
from sigviz.ui.lab.live_figure import live_figure
from sigviz.ui.lab.maths_panel import maths
from sigviz.ui.lab.results import headline, numbers
from sigviz.ui.lab.standing import standing
from sigviz.ui.lab.view import enlarge, view_of
from sigviz.ui.server.engine import learner, presence, runner

TICK_MS = 100
"""Milliseconds from a painted frame of a running training to the next look at it."""

FIRST_LOOK, NEXT_LOOK = 0.2, 0.1
"""Seconds that a tick waits at most for something new: before the first trace, and after it."""

# An open page may move to another server process; its runs there must not count as those here.
_PROCESS = time_ns()


class Page:
    """One experiment's page while it is being drawn."""

    def __init__(self, name: str, settings: type[TrainingSettings]) -> None:
        self.name = name
        problems = read_link(name, settings, linked_step)
        self._lesson: LessonPanel | None = None
        if view_of(name).present:
            enlarge()
            self._lab = st.container()
            with self._lab:
                st.title(settings.TITLE)
        else:
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
            return controls(self.name, step_link(self.name))

    def train(self, settings: TrainingSettings, panels: Panels) -> None:
        """Run `settings` and draw the panels as they grow; a run of them is not repeated."""
        with self._lab:
            st.fragment(self._live)(settings, panels)

    @property
    def _run(self) -> Run | None:
        return cast(Run | None, st.session_state.get(f"{self.name}/run"))

    def _start(self, settings: TrainingSettings, *, fresh: bool) -> Run:
        if self._run:
            self._run.stop()
        run = runner().submit(self.name, settings, presence(), learner(), fresh=fresh)
        st.session_state[f"{self.name}/run"] = run
        st.session_state[f"{self.name}/drawn"] = None
        return run

    def _live(self, settings: TrainingSettings, panels: Panels) -> None:
        """One tick: take the newest trace, draw it, return."""
        refusal = settings.refusal()
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            words = st.container()
            again = st.button(
                "Train again", icon=":material/replay:", disabled=bool(refusal), key="again"
            )
            another = view_of(self.name).shows("seed") and st.button(
                "Another seed",
                icon=":material/casino:",
                disabled=bool(refusal) or not settings.random,
                key="another",
                help="Draws a new seed: another start and, where it is drawn, other data. "
                "Train again keeps the seed and repeats the run exactly.",
                on_click=self._draw_seed,
                args=(settings,),
            )
            stop = st.empty()
        if another:
            st.rerun()  # the control and the link are outside of this fragment
        run = self._run
        if not refusal and (again or run is None or run.forgotten or run.settings != settings):
            run = self._start(settings, fresh=again)
        with words:
            _warn_of(refusal)
        if run is None:
            return
        over = run.state.over  # asked first: what is then the newest trace is the last one
        trace = self._newest(run)
        if stop.button(
            "Stop", icon=":material/stop:", disabled=run.state.over, key="stop", on_click=run.stop
        ):
            run.latest(timeout=FIRST_LOOK)
        if not refusal:
            with words:
                standing(run)
                if settings.seed == st.session_state.get(f"{self.name}/drawn-seed"):
                    st.caption(f"With a newly drawn seed, {settings.seed}.")
        payload = self._payload(run, trace, panels, over)
        live_figure(payload, key=f"{self.name}/figure")
        if trace is not None:
            headline(run.settings, trace)
            numbers(self.name, run.settings, trace, payload if over else None)
            maths(self.name, run.settings, trace, over=run.state.over)
            code(self.name, run.settings)
        told = f"{self.name}/told"
        if self._lesson and run.state.over and st.session_state.get(told) is not run:
            st.session_state[told] = run
            if self._lesson.awaits_run:
                st.rerun()

    def _draw_seed(self, settings: TrainingSettings) -> None:
        """Set the controls to a new seed, none of whose repeats has been used just now."""
        bounds = fields_of(type(settings))["seed"]
        seed = settings.seed
        while abs(seed - settings.seed) < settings.repeats:
            seed = randint(int(bounds.low), int(bounds.high))
        st.session_state[f"{self.name}/drawn-seed"] = seed
        use(self.name, settings.model_copy(update={"seed": seed}))

    def _newest(self, run: Run) -> Trace | None:
        """The newest trace of a run, waiting a little for one that is not drawn yet."""
        drawn = cast(Trace | None, st.session_state.get(f"{self.name}/drawn"))
        return run.latest(drawn, FIRST_LOOK if run.trace is None else NEXT_LOOK)

    def _payload(self, run: Run, trace: Trace | None, panels: Panels, over: bool) -> bytes:
        """What the figure is to draw, or that there is nothing new."""
        tick = None if over else TICK_MS
        if trace is None or (not over and trace is st.session_state.get(f"{self.name}/drawn")):
            return nothing_new(tick)
        st.session_state[f"{self.name}/drawn"] = trace
        return packed(f"{self.name}-{_PROCESS}-{run.number}", panels, run.settings, trace, tick)


def _warn_of(refusal: str | None) -> None:
    if refusal:
        st.warning(refusal, icon=":material/hourglass_disabled:")


def page(name: str, settings: type[TrainingSettings]) -> Page:
    """Begin an experiment's page: its title and words, and the link's settings."""
    return Page(name, settings)
