"""Job: one run to be trained, as one value."""

from dataclasses import dataclass, field
from typing import Generic

from typing_extensions import TypeVar

from sigviz.data.table import Table
from sigviz.settings.cost import Work
from sigviz.settings.fields import fields_of
from sigviz.settings.training import TrainingSettings

Chosen_co = TypeVar("Chosen_co", bound=TrainingSettings, covariant=True, default=TrainingSettings)

COSTLY = ("steps", "repeats", "depth", "width", "batch_size")
"""Fields that may be lowered where a run would take too long."""


def missing_data(settings: TrainingSettings, table: Table | None) -> str | None:
    """What to do where settings ask for the learner's own data and there is none; else None."""
    if not settings.own_data or table is not None:
        return None
    return (
        "There is no data of yours on this page yet, and a link cannot carry it. Choose a CSV file "
        "above, or paste a table."
    )


@dataclass(frozen=True)
class Job(Generic[Chosen_co]):
    """An experiment, its settings and, where they ask for it, the learner's own data.

    Equal jobs are the same run.

    Attributes:
        experiment: Its name.
        table: Part of no link; nobody else may see it.
    """

    experiment: str
    settings: Chosen_co
    table: Table | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check that there is a table exactly where the settings ask for one.

        Raises:
            ValueError: There is none, or there is one that nobody asks for.
        """
        if missing := missing_data(self.settings, self.table):
            raise ValueError(missing)
        if self.table is not None and not self.settings.own_data:
            raise ValueError("these settings do not ask for the learner's own data")

    @property
    def key(self) -> "Job[Chosen_co] | None":
        """What may be shared and remembered; None with a learner's own data, which is theirs."""
        return self if self.table is None else None

    @property
    def networks(self) -> int:
        """How many are trained."""
        return len(self.settings.variants) * self.settings.repeats

    @property
    def layer_sizes(self) -> list[int]:
        """Units per layer of every network, from input to output."""
        return self.settings.layer_sizes(self.table)

    @property
    def rows(self) -> int:
        """Rows of data in one step."""
        return self.settings.rows(self.table)

    @property
    def work(self) -> Work:
        """What one step computes."""
        return self.settings.work(self.table)

    @property
    def seconds(self) -> float:
        """About how long one worker takes; step 0 is recorded, too."""
        return (self.settings.steps + 1) * self.work.seconds

    @property
    def nbytes(self) -> int:
        """About how much memory a worker needs for what it records."""
        return (self.settings.steps + 1) * self.settings.bytes_of_a_step(self.table)

    @property
    def refusal(self) -> str | None:
        """Why the app will not start this run, and what to do about it; None if it will."""
        settings, known = self.settings, fields_of(type(self.settings))
        if self.seconds <= settings.MAX_SECONDS:
            return None
        to_lower = [
            f"{known[name].title.lower()} ({getattr(settings, name)})"
            for name in COSTLY
            if name in known and getattr(settings, name) > known[name].default
        ]
        if self.table is not None:
            to_lower.append(f"the number of your rows ({self.rows:,})")
        return (
            f"This run would take about {self.seconds:.0f} s, and one run may take "
            f"{settings.MAX_SECONDS:.0f} s here. Lower {' or '.join(to_lower)}."
        )
