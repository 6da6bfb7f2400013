"""The base of the settings of every experiment that trains, and the fields they all have."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import PrivateAttr

from sigviz.data.table import Table
from sigviz.settings.base import Settings
from sigviz.settings.cost import dense, examined
from sigviz.settings.fields import fields_of, number

OWN_DATA = "own-data"
"""The option that stands for the learner's own table."""


class TrainingSettings(Settings):
    """What every experiment that trains has in common.

    Fields that a subclass must have: ``learning_rate``, ``steps``, ``repeats`` and ``seed``, made
    with the functions below.
    """

    MAX_SECONDS: ClassVar[float] = 60
    """A run that would take a worker longer than this is refused in the app."""

    ONE_AGAINST_REST: ClassVar[bool] = False
    """With a learner's own data, one class is told from all the others."""

    if TYPE_CHECKING:  # declared here for real, they would stand before the subclass's own
        steps: int = 0
        repeats: int = 0
        seed: int = 0
        learning_rate: float = 0

    _table: Table | None = PrivateAttr(None)

    @property
    def table(self) -> Table | None:
        """The learner's own data, where the experiment is to train on it.

        It is part of the run's identity, as the fields are, but of no link; nobody else may see it.
        """
        return self._table

    def with_table(self, table: Table | None) -> Self:
        """The same settings with a learner's own data."""
        copy = self.model_copy()
        copy._table = table
        return copy

    @classmethod
    def own_data_field(cls) -> str | None:
        """The field that can ask for the learner's own data, if the experiment has one."""
        known = fields_of(cls).values()
        return next((field.name for field in known if OWN_DATA in field.options), None)

    @property
    def own_data(self) -> bool:
        """Whether the learner's own data is asked for."""
        field = self.own_data_field()
        return field is not None and getattr(self, field) == OWN_DATA

    def about_data(self) -> str:
        """What is done with the learner's own rows, in a sentence or two."""
        return "Every feature is standardized, and every row is trained on."

    @property
    def seeds(self) -> list[int]:
        """The seed of each repeat; it draws that network's weights and, where drawn, its data."""
        return list(range(self.seed, self.seed + self.repeats))

    @property
    def random(self) -> bool:
        """Whether the seed changes anything: the start or the data is drawn."""
        return True

    def layer_sizes(self) -> list[int]:
        """Units per layer of every network, from input to output."""
        raise NotImplementedError

    def rows(self) -> int:
        """Rows of data in one step."""
        raise NotImplementedError

    def seconds(self) -> float:
        """About how long one worker takes."""
        networks, sizes = len(self.variants) * self.repeats, self.layer_sizes()
        work = dense(sizes, networks, self.rows())
        if self.own_data:
            work += examined(networks * self.rows(), sizes[-1])
        return (self.steps + 1) * work.seconds

    def refusal(self) -> str | None:
        """Why the app will not start this run, and what to do about it; None if it will."""
        if self.own_data and self.table is None:
            return (
                "There is no data of yours on this page yet, and a link cannot carry it. Choose a "
                "CSV file above, or paste a table."
            )
        seconds = self.seconds()
        if seconds <= self.MAX_SECONDS:
            return None
        known = fields_of(type(self))
        to_lower = [
            f"{known[name].title.lower()} ({getattr(self, name)})"
            for name in ("steps", "repeats", "depth", "width", "batch_size")
            if name in known and getattr(self, name) > known[name].default
        ]
        if self.own_data:
            to_lower.append(f"the number of your rows ({self.rows():,})")
        return (
            f"This run would take about {seconds:.0f} s, and one run may take "
            f"{self.MAX_SECONDS:.0f} s here. Lower {' or '.join(to_lower)}."
        )


def learning_rate_field(default: float) -> Any:
    return number(
        default,
        0.0001,
        100,
        log=True,
        title="Learning rate",
        help="How far each step follows the gradient.",
    )


def steps_field(default: int) -> Any:
    return number(
        default, 1, 5000, title="Steps", help="How often the weights are updated.", more=True
    )


def repeats_field() -> Any:
    return number(
        5,
        1,
        16,
        title="Repeats",
        help="How many seeds of each variant are trained. Lines show the median, bands the range.",
        more=True,
    )


def seed_field() -> Any:
    return number(
        0,
        0,
        999_999,
        title="Seed",
        help="Where the random numbers start. The same seed repeats the same run exactly.",
        more=True,
    )
