"""The base of the settings of every experiment that trains, and the fields they all have."""

from typing import TYPE_CHECKING, Any, ClassVar

from sigviz.data.table import Table
from sigviz.settings.base import Settings
from sigviz.settings.cost import Work, dense, examined
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

    def about_data(self, table: Table) -> str:
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

    def layer_sizes(self, table: Table | None = None) -> list[int]:
        """Units per layer of every network, from input to output.

        Args:
            table: The learner's own data, where it is asked for.
        """
        raise NotImplementedError

    def rows(self, table: Table | None = None) -> int:
        """Rows of data in one step."""
        raise NotImplementedError

    def work(self, table: Table | None = None) -> Work:
        """What one step computes, for all networks together.

        By default that of fully connected networks of one shape; for all others to override.
        """
        networks, rows = len(self.variants) * self.repeats, self.rows(table)
        sizes = self.layer_sizes(table)
        work = dense(sizes, networks, rows)
        return work if table is None else work + examined(networks * rows, sizes[-1])

    def bytes_of_a_step(self, table: Table | None = None) -> int:
        """About how many bytes a step records, of all networks together.

        By default, for each layer, a gradient norm in float64 and three statistics of the
        activations in float32.
        """
        return len(self.variants) * self.repeats * len(self.layer_sizes(table)) * 20


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
