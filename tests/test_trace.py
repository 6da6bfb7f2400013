"""A trace sent in pieces is the trace that was recorded."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sigviz.trace import PLAYBACK_FRAMES, Trace, TraceBuilder, frame_steps


def grown(steps: int, at: int) -> Trace:
    """A trace of `steps` planned updates, after update `at`."""
    frames = [step for step in frame_steps(steps) if step <= at]
    return Trace(
        steps=steps,
        step=at,
        series={"loss": np.arange(at + 1, dtype=np.float32)[:, None]},
        frames={"weight": np.array(frames, np.float32)},
        dims={"loss": ("step", "seed"), "weight": ("frame",)},
        fixed={"data": np.ones(3, np.float32)},
        done=at == steps,
    )


@given(steps=st.integers(1, 300), stops=st.sets(st.integers(0, 299)))
def test_updates_add_up(steps: int, stops: set[int]) -> None:
    builder, before = TraceBuilder(), None
    for at in sorted({min(stop, steps) for stop in stops} | {steps}):
        now = grown(steps, at)
        view = builder.add(now.since(before))
        before = now
        np.testing.assert_array_equal(view.series["loss"], now.series["loss"])
        np.testing.assert_array_equal(view.frames["weight"], now.frames["weight"])
        np.testing.assert_array_equal(view.fixed["data"], now.fixed["data"])
        assert view.frame_steps == now.frame_steps
        assert view.done == now.done


def test_an_update_holds_only_what_is_new() -> None:
    update = grown(100, 60).since(grown(100, 50))
    assert len(update.series["loss"]) == 10
    assert not update.fixed


def test_two_views_of_one_step_can_be_told_apart() -> None:
    """A run that diverges at step 1 ends as it began, at step 0."""
    began, ended = grown(100, 0), grown(100, 0)
    assert began == began  # noqa: PLR0124
    assert began != ended


@given(st.integers(1, 5000))
def test_frames_hold_the_start_and_the_end(steps: int) -> None:
    kept = frame_steps(steps)
    assert kept[0] == 0
    assert kept[-1] == steps
    assert len(kept) <= PLAYBACK_FRAMES + 1
    assert kept == sorted(set(kept))
