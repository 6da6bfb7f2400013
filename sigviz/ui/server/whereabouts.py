"""Where in the course the learners are, so that what they may ask for next is trained ahead."""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

from streamlit.runtime import Runtime

from sigviz.course.ahead import likely
from sigviz.course.reader import read_all
from sigviz.settings import Job

Place = tuple[str, int]
"""An experiment, and the number of a step of its lesson."""

_lock = Lock()
_places: dict[str, Place] = {}


def note_place(session: str, place: Place) -> bool:
    """Take down where a session's learner is; whether that is news."""
    with _lock:
        news = place not in _places.values()
        _places[session] = place
        return news


def wishes() -> Sequence[Job]:
    """What learners may ask for next; the same sequence while nobody has gone anywhere."""
    with _lock:
        for session in [each for each in _places if not _is_here(each)]:
            del _places[session]
        places = frozenset(_places.values())
    return _likely(tuple(sorted(places)))


def _is_here(session: str) -> bool:
    return Runtime.exists() and Runtime.instance().is_active_session(session)


@lru_cache(maxsize=32)
def _likely(places: tuple[Place, ...]) -> Sequence[Job]:
    """Read once for each set of places; what a lesson says anew counts after a restart."""
    return likely(read_all()[0], places)
