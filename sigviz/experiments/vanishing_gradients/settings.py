"""What the learner can change about the deep stacks."""

from typing import ClassVar, Literal

from sigviz.data.table import Table
from sigviz.settings import (
    Metric,
    Style,
    TrainingSettings,
    Work,
    choice,
    dense,
    learning_rate_field,
    number,
    repeats_field,
    seed_field,
    steps_field,
)

DIGIT_PIXELS, DIGIT_CLASSES = 64, 10


class Settings(TrainingSettings):
    """Deep stacks learn to read 1797 handwritten digits, scikit-learn's 8×8 images."""

    TITLE: ClassVar[str] = "Vanishing gradients"
    METRICS: ClassVar[tuple[Metric, ...]] = (
        Metric(
            "gradient_ratio",
            "Gradient ratio",
            "Gradient norm of the first layer's weights divided by the last layer's, before the "
            "first update. 1 means that both learn equally fast.",
            headline=True,
        ),
        Metric(
            "decay_per_layer",
            "Factor per layer",
            "The gradient norm's mean factor from one layer to the layer before it, before the "
            "first update. A sigmoid's slope is at most ¼.",
        ),
        Metric("final_loss", "Final loss", "Cross-entropy of the last batch, in nats."),
        Metric(
            "accuracy",
            "Accuracy",
            "Share of the 360 held-out images that are read correctly. Chance is 10 %.",
            headline=True,
            percent=True,
        ),
        Metric(
            "saturated",
            "Saturated units",
            "Share of hidden activations, at the end, whose slope is below a tenth of its largest "
            "value (for ReLU: exactly zero).",
            percent=True,
        ),
    )

    STYLES: ClassVar[tuple[Style, ...]] = (
        Style("matched", "Matched to activation"),
        Style("normal", "Normal, N(0, 1)"),
    )

    depth: int = number(10, 1, 50, title="Depth", help="How many hidden layers.")
    activations: tuple[Literal["sigmoid", "tanh", "relu"], ...] = choice(
        ("sigmoid", "tanh", "relu"),
        title="Activations",
        help="What each hidden unit does with its weighted sum. Each is trained side by side.",
    )
    initializer: Literal[
        "matched", "default", "xavier-uniform", "xavier-normal", "he-uniform", "normal"
    ] = choice(
        "matched",
        title="Initializer",
        help="How the first weights are drawn. Matched is Xavier for sigmoid and tanh, and He "
        "for ReLU.",
    )
    gain: float = number(
        1.0, 0.1, 25, log=True, title="Gain", help="Every first weight is multiplied by it."
    )
    learning_rate: float = learning_rate_field(0.1)
    width: int = number(32, 2, 128, title="Width", help="Units in each hidden layer.", more=True)
    batch_size: int = number(
        128, 1, 512, title="Batch size", help="Images in each step.", more=True
    )
    steps: int = steps_field(300)
    repeats: int = repeats_field()
    seed: int = seed_field()

    @property
    def variants(self) -> tuple[str, ...]:
        return self.activations

    def layer_sizes(self, table: Table | None = None) -> list[int]:
        return [DIGIT_PIXELS, *[self.width] * self.depth, DIGIT_CLASSES]

    def rows(self, table: Table | None = None) -> int:
        return self.batch_size

    def work(self, table: Table | None = None) -> Work:
        one = dense(self.layer_sizes(table), self.repeats, self.rows(table))
        return len(self.variants) * one
