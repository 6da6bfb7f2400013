"""What is measured: each action of a learner from the sending to what came of it."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic


@dataclass
class Action:
    """One thing that a learner did, with the seconds until the server had answered.

    Attributes:
        kind: ``open`` (a page), ``set`` (a control or a preset) or ``read`` (an answer, Next).
        measured: It was begun while we were measuring.
        answered: The page's script has run through.
        under_way: The page has said that a run is to come.
        first: The first frame of a new run is here.
        complete: That run is here in full.
        refused: The page would not start the run, as it would take too long.
        left: The learner did the next thing, or left, before the run was complete.
        origin: Where the run came from, in a word: see `origin_of`.
    """

    kind: str
    measured: bool = False
    begun: float = field(default_factory=monotonic)
    answered: float | None = None
    under_way: bool = False
    first: float | None = None
    complete: float | None = None
    refused: bool = False
    left: float | None = None
    run: str = ""
    origin: str = ""

    @property
    def age(self) -> float:
        return monotonic() - self.begun

    @property
    def over(self) -> bool:
        """Whether nothing more is to come of it."""
        if self.answered is None:
            return False
        return self.complete is not None or self.refused or not self.under_way


@dataclass(frozen=True)
class Seconds:
    """A quantile of times; `at_least` where it falls on one that was not waited for."""

    value: float
    at_least: bool = False

    def __str__(self) -> str:
        if math.isnan(self.value):
            return "–"
        return f"{'≥ ' if self.at_least else ''}{self.value:.2f} s"


@dataclass
class Record:
    """What all learners of one crowd have met."""

    measuring: bool = False
    actions: list[Action] = field(default_factory=list)
    ticks: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def begin(self, kind: str) -> Action:
        """A new action of a learner."""
        action = Action(kind, self.measuring)
        self.actions.append(action)
        return action

    def tick(self) -> None:
        """A frame that a figure had asked for was answered."""
        self.ticks += self.measuring

    @property
    def answers(self) -> int:
        """How many of the measured actions were answered."""
        return sum(action.measured and action.answered is not None for action in self.actions)

    @property
    def refused(self) -> int:
        """How many of the measured actions asked for too long a run."""
        return sum(action.measured and action.refused for action in self.actions)

    @property
    def left(self) -> int:
        """Runs whose end was not waited for."""
        return sum(run.left is not None for run in self.runs())

    def runs(self, kind: str = "set") -> list[Action]:
        """The actions that have, or should have, led to a run: the measured, and every opening."""
        return [
            action
            for action in self.actions
            if action.kind == kind
            and (action.measured or kind == "open")
            and not action.refused
            and (action.under_way or action.answered is None)
        ]

    def first(self, share: float, kind: str = "set") -> Seconds:
        """A quantile of the seconds to the first frame."""
        return quantile([(run.first, run.left) for run in self.runs(kind)], share)

    def complete(self, share: float, kind: str = "set") -> Seconds:
        """A quantile of the seconds to the complete run."""
        return quantile([(run.complete, run.left) for run in self.runs(kind)], share)

    def shares(self) -> dict[str, float]:
        """Which share of the complete runs was trained, joined, remembered or trained ahead."""
        origins = Counter(run.origin for run in self.runs() if run.origin)
        return {origin: number / origins.total() for origin, number in origins.items()}


def quantile(times: Sequence[tuple[float | None, float | None]], share: float) -> Seconds:
    """The smallest time that `share` of all do not exceed.

    Args:
        times: Pairs of the time it took and, where it was not waited for, the time until then.
    """
    found = [Seconds(took) for took, _ in times if took is not None]
    found += [Seconds(left, at_least=True) for took, left in times if took is None and left]
    if not found:
        return Seconds(math.nan)
    found.sort(key=lambda seconds: seconds.value)
    return found[math.ceil(share * len(found)) - 1]


def origin_of(captions: list[str]) -> str:
    """Where the complete run on a page came from, by the page's own words."""
    for caption in captions:
        if caption.startswith("Trained ahead"):
            return "ahead"
        if "shown from memory" in caption:
            return "remembered"
        if "you joined a run" in caption:
            return "joined"
        if caption.startswith("Trained"):
            return "trained"
    return ""
