"""The frame of every experiment's page: the lesson beside the lab."""

import streamlit as st

from sigviz.experiments.registry import find
from sigviz.settings import Problem
from sigviz.ui.course.lesson_panel import lesson_column, linked_step, step_link
from sigviz.ui.lab.controls import controls, read_link
from sigviz.ui.lab.live_run import LiveRun, run_on
from sigviz.ui.lab.view import enlarge, view_of


def page(name: str) -> None:
    """Draw an experiment's page: its lesson, its controls, and the run that they ask for."""
    experiment = find(name)
    problems = read_link(name, experiment.settings, linked_step)
    lesson = None
    if view_of(name).present:
        enlarge()
        lab = st.container()
        with lab:
            st.title(experiment.title)
    else:
        column, lab = st.columns([1, 2], gap="large")
        with column:
            st.title(experiment.title)
            lesson = lesson_column(name, run_on(name))
    with lab:
        with st.container():
            _warn_of(problems)
        settings, table = controls(name, step_link(name))
        awaited = lesson is not None and lesson.awaits_run
        st.fragment(LiveRun(experiment, settings, table, awaited=awaited).tick)()


def _warn_of(problems: list[Problem]) -> None:
    if problems:
        ignored = "\n".join(f"- {problem.message}" for problem in problems)
        st.warning(f"Part of the link was ignored:\n{ignored}", icon=":material/link_off:")
