"""The lesson beside the lab: words, a prediction, a preset, a goal, and the way on."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sigviz.course.model import Goal, Lesson, Prediction, Step
from sigviz.course.progress import Deed, LessonProgress, current, note
from sigviz.course.reader import read_all
from sigviz.experiments.registry import find
from sigviz.runner import Run, State
from sigviz.settings import Problem, TrainingSettings
from sigviz.text.numbers import metric_value
from sigviz.ui.course.navigation import course
from sigviz.ui.course.progress import progress
from sigviz.ui.lab.controls import use
from sigviz.ui.server.engine import be_ready_around


def linked_step(name: str, text: str | None) -> list[Problem]:
    """Go to the step that a link names, if it does.

    Returns:
        What is wrong with it.
    """
    st.session_state[f"{name}/step"] = None
    lesson = read_all()[0].get(name)
    if text is None or lesson is None:
        return []
    count = len(lesson.steps)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= count:
        allowed = f"a step of this lesson, a whole number from 1 to {count}"
        return [Problem("step", f"step: {text[:40]!r} is not {allowed}")]
    st.session_state[f"{name}/step"] = int(text) - 1
    return []


def step_link(name: str) -> dict[str, str]:
    """What a link needs to lead to the step at which the learner is."""
    lesson = read_all()[0].get(name)
    number = _at(name, lesson) if lesson else 0
    return {"step": str(number + 1)} if number else {}


def _at(name: str, lesson: Lesson) -> int:
    """The number of the step at which the learner is: the link's, or the one read last."""
    linked: int | None = st.session_state.get(f"{name}/step")
    if linked is not None:
        return linked
    return current(progress().of(name), lesson)


def lesson_column(name: str, run: Run | None) -> "LessonPanel | None":
    """Draw the lesson of an experiment or, where there is none, why there is none."""
    lessons, refused = read_all()
    if name in lessons:
        panel = LessonPanel(name, lessons[name], run)
        panel.draw()
        return panel
    st.markdown(find(name).about)
    if refused:
        told = "\n".join(f"- {message}" for message in refused.values())
        st.warning(
            f"The lesson of this page could not be read; the lab works without it.\n{told}",
            icon=":material/menu_book:",
        )
    return None


class LessonPanel:
    """One lesson on its page, at the step where the learner is."""

    def __init__(self, name: str, lesson: Lesson, run: Run | None) -> None:
        self._name, self._lesson, self._run = name, lesson, run
        self._number = _at(name, lesson)
        self.step = lesson.steps[self._number]

    @property
    def _progress(self) -> LessonProgress:
        return progress().of(self._name)

    @property
    def awaits_run(self) -> bool:
        """Whether the end of a run will change what the lesson says."""
        block = self.step.block
        return block.goal is not None or block.predict is not None

    def draw(self) -> None:
        """Draw the step."""
        step, steps = self.step, self._lesson.steps
        be_ready_around(self._name, self._number)
        progress().last = self._name
        self._progress.at = step.title
        st.progress(
            (self._number + 1) / len(steps),
            text=f"Lesson · step {self._number + 1} of {len(steps)}",
        )
        if self._number == 0 and self._lesson.introduction:
            st.markdown(self._lesson.introduction)
        st.header(step.title, anchor=False)
        st.markdown(step.words)
        if step.block.predict:
            self._predict(step, step.block.predict)
        if step.preset:
            self._offer(step.preset)
        if step.block.predict:
            self._feedback(step, step.block.predict)
        if step.block.goal:
            self._goal(step, step.block.goal)
        reached = step.block.goal is not None and self._met(step.block.goal)
        self._note(Deed.READ, *([Deed.REACHED_GOAL] if reached else []))
        self._way()

    def _predict(self, step: Step, predict: Prediction) -> None:
        """The question; an answer is taken once."""
        answer = self._progress.answers.get(step.title)
        with st.container(border=True):
            st.markdown(f"**Predict before you look.** {predict.question}")
            for number, choice in enumerate(predict.choices):
                st.button(
                    choice,
                    key=f"{self._name}/choice/{self._number}/{number}",
                    width="stretch",
                    wrap=True,
                    disabled=answer is not None,
                    icon=":material/radio_button_checked:"
                    if number == answer
                    else ":material/radio_button_unchecked:",
                    on_click=self._answer,
                    args=(step, number),
                )

    def _answer(self, step: Step, number: int) -> None:
        self._progress.answers[step.title] = number

    def _offer(self, preset: TrainingSettings) -> None:
        st.button(
            "Set this up for me",
            key=f"{self._name}/preset/{self._number}",
            icon=":material/tune:",
            width="stretch",
            disabled=self._set_up(preset),
            on_click=use,
            args=(self._name, preset),
        )

    def _feedback(self, step: Step, predict: Prediction) -> None:
        """After the answer, and after the run has shown the truth."""
        answer = self._progress.answers.get(step.title)
        if answer is None:
            return
        if not self._shown(step.starting) or not self._over:
            st.caption(
                "Your answer is noted. Now let the run decide."
                if self._set_up(step.starting)
                else "Your answer is noted. Now set this up, and let the run decide."
            )
            return
        right = predict.choices[predict.answer]
        if answer == predict.answer:
            st.success(f"**As you said: {right}** {predict.because}", icon=":material/check:")
        else:
            st.info(f"**The run says: {right}** {predict.because}", icon=":material/lightbulb:")

    def _goal(self, step: Step, goal: Goal) -> None:
        """The goal, and how the run on screen stands to it."""
        known = step.solution.metrics()[goal.metric]
        title = f"{known.title.lower()} ({goal.metric})"
        asked = " and ".join(
            f"{word} {metric_value(bound, percent=known.percent)}"
            for word, bound in (("below", goal.below), ("above", goal.above))
            if bound is not None
        )
        now = metric_value(self._metrics.get(goal.metric), percent=known.percent)
        reached = step.title in self._progress.done or self._met(goal)
        with st.container(border=True):
            st.markdown(
                f":material/{'check_circle' if reached else 'flag'}: **Goal:** {title} {asked}"
            )
            st.caption(f"{now} now, {asked} asked." + (" Reached." if reached else ""))

    def _way(self) -> None:
        """Back and next; next is always allowed."""
        back, forward = st.columns(2)
        back.button(
            "Back",
            key=f"{self._name}/back",
            icon=":material/arrow_back:",
            width="stretch",
            disabled=self._number == 0,
            on_click=self._go,
            args=(self._number - 1,),
        )
        if self._number + 1 < len(self._lesson.steps):
            forward.button(
                "Next",
                key=f"{self._name}/next",
                icon=":material/arrow_forward:",
                icon_position="right",
                width="stretch",
                on_click=self._go,
                args=(self._number + 1,),
            )
        else:
            self._after_the_last(forward)

    def _go(self, number: int) -> None:
        self._note(Deed.WENT_ON)
        self._progress.at = self._lesson.steps[number].title
        st.session_state[f"{self._name}/step"] = None

    def _note(self, *deeds: Deed) -> None:
        note(self._progress, self._lesson, self.step, set(deeds))

    def _set_up(self, settings: TrainingSettings) -> bool:
        """Whether the controls say these settings."""
        return bool(st.session_state.get(f"{self._name}/settings") == settings)

    def _shown(self, settings: TrainingSettings) -> bool:
        """Whether the run on screen is one of these settings."""
        return self._run is not None and self._run.job.settings == settings

    def _after_the_last(self, place: DeltaGenerator) -> None:
        """From the last step on to the next lesson or, after the last lesson, back home."""
        home, *pages = course()
        following = [page.url_path for page in pages].index(self._name) + 1
        page = pages[following] if following < len(pages) else home
        label = f"Next: {page.title}" if following < len(pages) else "Back to the course"
        if place.button(label, key=f"{self._name}/on", width="stretch"):
            st.switch_page(page)

    @property
    def _metrics(self) -> dict[str, float]:
        """What the run on screen has come to so far."""
        return self._run.trace.metrics if self._run and self._run.trace else {}

    def _met(self, goal: Goal) -> bool:
        return self._over and goal.met(self._metrics)

    @property
    def _over(self) -> bool:
        return self._run is not None and self._run.state is State.COMPLETE
