"""One line above the figure: how the run stands, and what to do where it went wrong."""

import streamlit as st

from sigviz.runner import Run, State
from sigviz.settings import fields_of
from sigviz.text.numbers import setting_value
from sigviz.ui.server.engine import runner


def standing(run: Run) -> None:
    """Say how the run stands."""
    diverged_at = run.trace.diverged_at if run.trace else None
    if run.state in _PROBLEMS:
        icon, words = _PROBLEMS[run.state]
        st.error(words.format(limit=run.limit, fewer=_fewer(run)), icon=icon)
    elif diverged_at is not None:
        st.warning(
            f"At step {diverged_at} the numbers left the range of float32: the training "
            f"diverged. Try a learning rate below {setting_value(run.job.settings.learning_rate)}."
            + ("" if run.origin == "trained" else f" {_origin(run)}"),
            icon=":material/trending_up:",
        )
    elif run.state is State.WAITING:
        st.caption(_waiting(run))
    elif run.state is State.RUNNING:
        company = ", with another learner" if run.origin == "joined" else ""
        turns = ", in turns with other runs" if runner().crowded else ""
        st.caption(f"Training {_networks(run)}{company}{turns} …")
    elif run.state is State.STOPPED:
        st.caption(f"Stopped at step {run.trace.step if run.trace else 0}.")
    else:
        st.caption(_origin(run))


_PROBLEMS = {
    State.LOST: (
        ":material/heart_broken:",
        "The workers that trained this have died, one after the other. Others have taken their "
        "place: press **Train again**, or try other settings.",
    ),
    State.FAILED: (
        ":material/error:",
        "This run failed, and that is our fault; the details are in the server's log. Other "
        "settings, or **Train again**, may work.",
    ),
    State.OVERTIME: (
        ":material/timer_off:",
        "This run was ended: it had trained for {limit:.0f} s, and none may train longer. "
        "Lower {fewer}.",
    ),
    State.HUNG: (
        ":material/heart_broken:",
        "The worker that trained this gave no sign of life for {limit:.0f} s, the longest that "
        "is allowed. Another has taken its place: press **Train again**.",
    ),
}


def _waiting(run: Run) -> str:
    if run.trace:
        return "The worker that trained this has died; it begins again with another …"
    place, crowded = runner().place(run), runner().crowded
    if place > 1 or (place and crowded):
        return f"Waiting for a worker: you are number {place} in the queue."
    return "Starting …"


def _origin(run: Run) -> str:
    """Whether it was trained just now, with another learner or earlier."""
    seconds = f"{run.seconds:.1f} s"
    if run.origin == "remembered":
        return (
            f"Trained {_ago(run.age)} in {seconds}; shown from memory. **Train again** repeats it."
        )
    if run.origin == "ahead":
        return f"Trained ahead, in {seconds}."
    if run.origin == "joined":
        return f"Trained in {seconds}: you joined a run that another learner had started."
    return f"Trained {_networks(run)} {_ago(run.age, 'just now')}, in {seconds}."


def _ago(seconds: float, recently: str = "less than a minute ago") -> str:
    minutes = int(seconds // 60)
    if minutes < 1:
        return recently
    count, unit = (minutes, "minute") if minutes < 60 else (minutes // 60, "hour")
    return f"{count} {unit}{'s' if count > 1 else ''} ago"


def _networks(run: Run) -> str:
    return f"{run.job.networks} networks"


def _fewer(run: Run) -> str:
    known = fields_of(type(run.job.settings))
    return " or ".join(known[name].title.lower() for name in ("steps", "repeats"))
