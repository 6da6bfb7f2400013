"""What the learner can change about the output heads."""

from typing import Any, ClassVar, Literal

from sigviz.data.table import Table
from sigviz.settings import (
    Metric,
    TrainingSettings,
    choice,
    learning_rate_field,
    number,
    repeats_field,
    seed_field,
    steps_field,
)

CLASSES = 3
LOGITS = 4
FEATURES = {"iris": 4, "blobs": 2, "multi-label": 2}
ROWS = {"iris": 150, "blobs": 300, "multi-label": 300}


def _logit(default: float, index: int) -> Any:
    return number(
        default,
        -10,
        10,
        step=0.1,
        title=f"Logit z{'₁₂₃₄'[index - 1]}",
        help="One of four scores that the first chart turns into probabilities. "
        "The training does not use it.",
    )


class Settings(TrainingSettings):
    """One linear layer, trained with different heads: softmax's probabilities share out a whole,
    sigmoids each answer for themselves."""

    TITLE: ClassVar[str] = "Sigmoid against softmax"
    METRICS: ClassVar[tuple[Metric, ...]] = (
        Metric(
            "accuracy",
            "Accuracy",
            "Share of the training rows answered correctly. With one class per row, the largest "
            "logit is the answer. With several labels, every label above one half is, and the "
            "whole set has to be right; softmax can never name two.",
            headline=True,
            percent=True,
        ),
        Metric(
            "final_loss",
            "Final loss",
            "Loss at the end, in nats. Cross-entropy for the softmax heads; for sigmoid the mean "
            "binary cross-entropy of the classes, which is another scale.",
            headline=True,
        ),
        Metric(
            "sum_low",
            "Lowest sum",
            "The smallest sum of one row's class probabilities.",
        ),
        Metric(
            "sum_high",
            "Highest sum",
            "The largest sum of one row's class probabilities.",
        ),
        Metric(
            "loss_floor",
            "Floor of softmax twice",
            "The lowest loss, in nats, that cross-entropy can have behind a Softmax layer, on "
            "these targets: the loss of answers that are already perfect probabilities.",
            per_variant=False,
        ),
        *(
            Metric(
                f"{head}_{i}",
                f"{head.capitalize()} of z{'₁₂₃₄'[i - 1]}",
                f"What {head} makes of logit {i} of the four, divided by the temperature.",
                per_variant=False,
            )
            for head in ("softmax", "sigmoid")
            for i in range(1, LOGITS + 1)
        ),
    )

    z1: float = _logit(2.5, 1)
    z2: float = _logit(-1.0, 2)
    z3: float = _logit(3.2, 3)
    z4: float = _logit(0.5, 4)
    temperature: float = number(
        1.0,
        0.1,
        10,
        log=True,
        title="Temperature",
        help="The four logits are divided by it, before softmax and before the sigmoids. "
        "The training does not use it.",
        more=True,
    )
    dataset: Literal["iris", "blobs", "multi-label", "own-data"] = choice(
        "iris",
        title="Data set",
        help="Iris: 150 measured flowers of three species. Blobs: points in three clusters. "
        "Multi-label: points that carry several of three labels at once. Own data: a CSV file of "
        "yours.",
    )
    heads: tuple[Literal["softmax", "sigmoid", "softmax-twice"], ...] = choice(
        ("softmax", "sigmoid"),
        title="Heads",
        help="Softmax with cross-entropy, one sigmoid with binary cross-entropy for each class, "
        "and a common mistake: a Softmax layer before CrossEntropyLoss, which has one inside.",
    )
    learning_rate: float = learning_rate_field(0.5)
    steps: int = steps_field(500)
    repeats: int = repeats_field()
    seed: int = seed_field()

    @property
    def variants(self) -> tuple[str, ...]:
        return self.heads

    @property
    def logits(self) -> list[float]:
        """The four logits, before they are divided by the temperature."""
        return [self.z1, self.z2, self.z3, self.z4]

    def layer_sizes(self, table: Table | None = None) -> list[int]:
        if table is not None:
            return [len(table.features), len(table.classes)]
        return [FEATURES[self.dataset], CLASSES]

    def rows(self, table: Table | None = None) -> int:
        return ROWS[self.dataset] if table is None else len(table.y)
