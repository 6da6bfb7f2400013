"""The course: its navigation and the home page's cards."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import streamlit as st

from sigviz.course.model import Lesson
from sigviz.course.progress import HowFar, how_far
from sigviz.course.reader import read_all
from sigviz.experiments.registry import find
from sigviz.text.numbers import counted
from sigviz.ui.course.navigation import course, remember_course
from sigviz.ui.course.progress import keep_progress, progress
from sigviz.ui.lab.view import presenting

_ICON = Path(__file__).parent / "icon.svg"


def show(outline: Mapping[str, str]) -> None:
    """Draw the navigation of an outline and run the page that was asked for.

    Args:
        outline: Scripts in ``pages/``, without their ending, and their titles; the first is the
            home page. Addresses are the names with hyphens.
    """
    st.set_page_config(page_title="sigviz", page_icon=_ICON, layout="wide")
    home, *_ = outline
    lessons, _ = read_all()
    marks = {address(file): _mark(lessons, address(file)) for file in outline}
    pages = [
        st.Page(
            f"pages/{file}.py",
            title=f"{title} {marks[address(file)]}".strip(),
            url_path=address(file),
            default=file == home,
        )
        for file, title in outline.items()
    ]
    remember_course(pages)
    page = st.navigation(pages, position="hidden" if presenting() else "top")
    if page.url_path == "":
        st.session_state["page"] = None
    page.run()
    _draw_again_after_a_break()
    keep_progress()
    if page.url_path and marks[page.url_path] != _mark(lessons, page.url_path):
        st.rerun()  # the navigation above was drawn before the step was done


@st.fragment(run_every=timedelta(days=1))
def _draw_again_after_a_break() -> None:
    """Have the browser ask for the page anew when it has lost the server and found one again.

    Streamlit's front end does so where something on the page is drawn at intervals. The server may
    be another one, which knows nothing of the page: without this, what the learner does first would
    be lost, and the buttons of a fragment would do nothing.
    """


def address(file: str) -> str:
    """The address of a page's script: its name with hyphens, which is the experiment's name."""
    return file.replace("_", "-")


def _mark(lessons: Mapping[str, Lesson], name: str) -> str:
    """What the navigation says of a page's lesson: nothing, "2/8" or a tick."""
    return _how_far(lessons[name], name).mark if name in lessons else ""


def _how_far(lesson: Lesson, name: str) -> HowFar:
    return how_far(progress().lessons.get(name), lesson)


def home() -> None:
    """The home page: what this is, the way in, and a card for each part of the course."""
    _, *pages = course()
    lessons, _ = read_all()
    st.title("What does the sigmoid do to a neural network?")
    st.markdown(
        f"{counted(len(lessons)).capitalize()} short lessons. In each, small networks are trained "
        "while you watch, with the settings that you choose: every number and every curve comes "
        "from that run. You predict, you run, you see."
    )
    last = next((page for page in pages if page.url_path == progress().last), None)
    label = "Continue where you left off" if last else "Start with the curve"
    if st.button(label, icon=":material/play_arrow:", key="start"):
        st.switch_page(last or pages[0])
    st.space("small")
    with st.grid("auto", min_column_width=300, gap="medium"):
        for page in pages:
            with st.container(border=True, height="stretch"):
                _card(page, lessons.get(page.url_path))


def _card(page: st.Page, lesson: Lesson | None) -> None:
    st.header(page.title, anchor=False)
    if lesson is None:
        st.markdown(find(page.url_path).about)
        st.space("stretch")
        st.page_link(page, label="Open the lab", icon=":material/arrow_forward:")
        return
    so_far = _how_far(lesson, page.url_path)
    done, steps = so_far.done, so_far.steps
    st.markdown(lesson.head.summary)
    st.space("stretch")
    st.caption(f"{steps} steps, about {lesson.head.minutes} minutes")
    if done:
        st.progress(done / steps, text=f"{done} of {steps} steps done")
    word = "Start" if not done else "Continue" if done < steps else "Look again"
    st.page_link(page, label=word, icon=":material/arrow_forward:")
