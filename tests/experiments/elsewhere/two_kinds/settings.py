"""What can be changed."""

from typing import ClassVar, Literal

from sigviz.data.table import Table
from sigviz.settings import (
    Metric,
    Style,
    TrainingSettings,
    Work,
    choice,
    learning_rate_field,
    number,
    repeats_field,
    seed_field,
    steps_field,
)

HIDDEN, ROWS = 8, 32


class Settings(TrainingSettings):
    """Networks of two kinds remember the sign of a sequence's first number."""

    TITLE: ClassVar[str] = "Two kinds of network"
    METRICS: ClassVar[tuple[Metric, ...]] = (
        Metric("final_loss", "Final loss", "Cross-entropy, in nats.", headline=True),
        Metric("accuracy", "Accuracy", "Share of held-out rows that are right.", percent=True),
    )
    STYLES: ClassVar[tuple[Style, ...]] = (
        Style("lstm", "LSTM", "blue"),
        Style("batch-norm", "Perceptron with batch norm", "orange", "dash", "square"),
    )

    kinds: tuple[Literal["lstm", "batch-norm"], ...] = choice(
        ("lstm", "batch-norm"), title="Kinds", help="What is trained side by side."
    )
    length: int = number(6, 2, 20, title="Length", help="Numbers in a sequence.")
    learning_rate: float = learning_rate_field(0.01)
    steps: int = steps_field(40)
    repeats: int = repeats_field()
    seed: int = seed_field()

    @property
    def variants(self) -> tuple[str, ...]:
        return self.kinds

    def work(self, table: Table | None = None) -> Work:
        each = self.repeats * ROWS * HIDDEN
        return len(self.kinds) * Work(10 * self.length, each * HIDDEN * self.length, 20 * each)

    def bytes_of_a_step(self, table: Table | None = None) -> int:
        return 60 * len(self.kinds) * self.repeats
