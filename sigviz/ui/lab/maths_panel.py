"""The maths: the page's formula, worked through with the numbers of the run."""

from functools import partial

import streamlit as st

from sigviz.charts.palette import label
from sigviz.experiments.registry import find
from sigviz.settings import Job, TrainingSettings
from sigviz.trace import Trace


def maths(job: Job, trace: Trace, *, over: bool) -> None:
    """A fold-out with the formula and, for a step that the learner chooses, its numbers.

    Args:
        over: The run is complete or was stopped; no more steps will come.
    """
    name = job.experiment
    fold_out = st.expander(
        "The maths, with your numbers",
        icon=":material/function:",
        key=f"{name}/maths",
        on_change="rerun",
    )
    if not fold_out.open:
        return
    with fold_out:
        if not trace.worked_steps:
            st.caption("No step has been recorded yet, so there are no numbers to put in.")
            return
        variant = _variant(name, job.settings)
        frame = _frame(name, trace.worked_steps, over)
        st.markdown(find(name).worked(job, trace, frame, variant))


def _variant(name: str, settings: TrainingSettings) -> int:
    """Which of the variants is worked through."""
    variants, key = settings.variants, f"{name}/maths-variant"
    if len(variants) == 1:
        return 0
    if st.session_state.get(key) not in variants:
        st.session_state[key] = variants[0]
    chosen = st.segmented_control(
        "Work through", variants, required=True, format_func=partial(label, settings), key=key
    )
    return variants.index(chosen)


def _frame(name: str, steps: list[int], over: bool) -> int:
    """Which of the recorded steps is worked through: the newest, or where the learner went.

    Where the learner went is kept apart from the slider, which is not there all the time and
    whose steps change with the run.
    """
    key, went = f"{name}/maths-step", f"{name}/maths-went"
    last = len(steps) - 1
    if not over or not last:
        st.caption(
            f"Step {steps[last]}, the only one recorded."
            if over
            else f"Step {steps[last]}. Once the run is complete you can choose any recorded step."
        )
        return last
    wanted = st.session_state.get(went)
    nearest = steps[-1] if wanted is None else min(steps, key=lambda step: abs(step - wanted))
    st.session_state[key] = nearest

    def remember() -> None:
        at = st.session_state[key]
        st.session_state[went] = None if at == steps[-1] else at

    return steps.index(st.select_slider("Step to work through", steps, key=key, on_change=remember))
