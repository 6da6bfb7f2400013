"""What the learner can change about the first weights."""

from typing import ClassVar, Literal

from sigviz.data.table import Table
from sigviz.settings import (
    Metric,
    Style,
    TrainingSettings,
    choice,
    learning_rate_field,
    number,
    repeats_field,
    seed_field,
    steps_field,
)

ROWS = {"noise": 100, "breast-cancer": 455}
FEATURES = {"noise": 10, "breast-cancer": 30}
"""Rows to train on, and features of each; noise has those of the tutorial's example."""


class Settings(TrainingSettings):
    """One small sigmoid network starts from different first weights, and each start is trained."""

    TITLE: ClassVar[str] = "Initialization"
    METRICS: ClassVar[tuple[Metric, ...]] = (
        Metric(
            "target_variance",
            "Target variance",
            "Mean squared error of a network that answers the targets' mean whatever it is shown.",
            per_variant=False,
            headline=True,
        ),
        Metric("initial_loss", "First loss", "Loss before the first update, over all rows."),
        Metric("final_loss", "Final loss", "Loss at the end, over all rows.", headline=True),
        Metric(
            "distinct_units",
            "Distinct units",
            "Rank of the first hidden layer's weight matrix at the end: how many of its units "
            "look at the inputs each in a way of its own. Units that stay equal count as one.",
            headline=True,
        ),
        Metric(
            "saturated",
            "Saturated units",
            "Share of hidden activations, at the end, whose slope is below a tenth of its largest "
            "value.",
            percent=True,
        ),
        Metric(
            "first_gradient",
            "First gradient",
            "Gradient norm of the first layer's weights before the first update.",
        ),
    )

    STYLES: ClassVar[tuple[Style, ...]] = (
        Style("constant", "Constant", "vermillion", "dash", "square"),
        Style("zeros", "Zeros", "grey", "dot", "x"),
        Style("normal", "Normal, N(0, 1)", "purple", "dashdot", "diamond"),
        Style("linear-mse", "Linear, MSE"),
        Style("sigmoid-mse", "Sigmoid, MSE"),
        Style("sigmoid-bce", "Sigmoid, BCE"),
    )

    schemes: tuple[
        Literal[
            "zeros",
            "constant",
            "normal",
            "default",
            "xavier-uniform",
            "xavier-normal",
            "he-uniform",
        ],
        ...,
    ] = choice(
        ("constant", "xavier-uniform"),
        title="Initializers",
        help="How the first weights are set. Each is trained side by side.",
    )
    constant: float = number(
        10.0,
        -20,
        20,
        step=0.5,
        title="Constant",
        help="The value of every weight and every bias at the start.",
        needs={"schemes": ["constant"]},
    )
    depth: int = number(1, 1, 10, title="Depth", help="How many hidden layers.")
    output: Literal["linear-mse", "sigmoid-mse", "sigmoid-bce"] = choice(
        "linear-mse",
        title="Output and loss",
        help="What the last unit does with its weighted sum, and how its answer is judged.",
    )
    dataset: Literal["noise", "breast-cancer"] = choice(
        "noise",
        title="Data",
        help="Random numbers with nothing to learn in them, or 30 features of real tumours.",
    )
    learning_rate: float = learning_rate_field(0.01)
    width: int = number(10, 1, 64, title="Width", help="Units in each hidden layer.", more=True)
    steps: int = steps_field(1000)
    repeats: int = repeats_field()
    seed: int = seed_field()

    @property
    def variants(self) -> tuple[str, ...]:
        return self.schemes

    @property
    def random(self) -> bool:
        return self.dataset == "noise" or not {"zeros", "constant"}.issuperset(self.schemes)

    def layer_sizes(self, table: Table | None = None) -> list[int]:
        return [FEATURES[self.dataset], *[self.width] * self.depth, 1]

    def rows(self, table: Table | None = None) -> int:
        return ROWS[self.dataset]
