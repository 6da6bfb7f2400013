"""What the learner can change about the neuron and the losses it learns from."""

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

from sigviz.data.table import HELD_OUT, Table
from sigviz.settings import (
    Metric,
    Recorded,
    TrainingSettings,
    choice,
    learning_rate_field,
    number,
    repeats_field,
    seed_field,
    steps_field,
)

TUMOUR_FEATURES, TRAINING_PATIENTS = 30, 455

_ONE_NEURON = {"problem": ("one-neuron",)}
_DATA = {"problem": ("breast-cancer", "own-data")}
_FOCAL = {"losses": ("focal",)}


class Settings(TrainingSettings):
    """One sigmoid neuron starts out confidently wrong, and each loss tries to put it right."""

    TITLE: ClassVar[str] = "MSE against BCE"
    METRICS: ClassVar[tuple[Metric, ...]] = (
        Metric(
            "final_output",
            "Final output",
            "The neuron's output at the end, between 0 and 1. With data: its mean over the "
            "held-out rows whose target is 1, the benign patients or the class of your choice.",
            headline=True,
        ),
        Metric(
            "half_way",
            "Half-way step",
            "The first step at which the output is less than 0.5 from its target (with data: on "
            "average over the training rows); the number of steps if it never is.",
            headline=True,
        ),
        Metric(
            "final_accuracy",
            "Final accuracy",
            "Share of the held-out rows that are classified correctly at the end. For one "
            "neuron: 100 % if its output is on its target's side of 0.5.",
            percent=True,
        ),
        Metric(
            "final_loss",
            "Final loss",
            "Each network's own loss at the end. BCE is in nats. MSE is PyTorch's (a − y)²: a "
            "textbook's ½(a − y)² at learning rate 0.15 takes the steps of this one at 0.075.",
        ),
    )

    RECORDED: ClassVar[Mapping[str, Recorded]] = {
        "output": Recorded("mean output over the rows trained on", "probability, 0 to 1"),
        "error": Recorded(
            "mean distance of output and target over the rows trained on", "probability, 0 to 1"
        ),
        "stuck": Recorded(
            "rows trained on whose output is on the wrong side of 0.5 and saturated",
            "share, 0 to 1",
        ),
    }

    ONE_AGAINST_REST: ClassVar[bool] = True

    problem: Literal["one-neuron", "breast-cancer", "own-data"] = choice(
        "one-neuron",
        title="Problem",
        help="One neuron with the input 1 and one target, or one neuron that tells benign from "
        "malignant tumours by 30 standardized measurements, or one that tells a class of your own "
        "data from the rest.",
    )
    losses: tuple[Literal["mse", "bce", "bce-with-logits", "focal"], ...] = choice(
        ("mse", "bce"),
        title="Losses",
        help="What the neuron is told to make small. Each is trained side by side, from the same "
        "start.",
    )
    start_weight: float = number(
        2.0,
        -20,
        20,
        step=0.1,
        title="Start weight",
        help="The weight before the first step. The logit is weight plus bias.",
        needs=_ONE_NEURON,
    )
    start_bias: float = number(
        2.0,
        -20,
        20,
        step=0.1,
        title="Start bias",
        help="The bias before the first step. The logit is weight plus bias.",
        needs=_ONE_NEURON,
    )
    target: int = number(
        0, 0, 1, title="Target", help="The output that the neuron should learn.", needs=_ONE_NEURON
    )
    start_scale: float = number(
        3.0,
        0.01,
        10,
        log=True,
        title="Start scale",
        help="Standard deviation of the normal starting weights. The larger, the more rows "
        "start saturated, right or wrong.",
        needs=_DATA,
    )
    learning_rate: float = learning_rate_field(0.15)
    focal_alpha: float = number(
        0.25,
        0,
        1,
        step=0.05,
        title="Focal α",
        help="The focal loss weighs target 1 with α and target 0 with 1 − α.",
        more=True,
        needs=_FOCAL,
    )
    focal_gamma: float = number(
        2.0,
        0,
        5,
        step=0.1,
        title="Focal γ",
        help="How strongly the focal loss turns away from what is already nearly right.",
        more=True,
        needs=_FOCAL,
    )
    steps: int = steps_field(300)
    repeats: int = repeats_field()
    seed: int = seed_field()

    @property
    def variants(self) -> tuple[str, ...]:
        return self.losses

    @property
    def random(self) -> bool:
        return not self.single

    @property
    def single(self) -> bool:
        """Whether there is but one weight and one row of data."""
        return self.problem == "one-neuron"

    @property
    def shown_target(self) -> int:
        """The target of the rows whose outputs and gradients are shown: the only one, or 1."""
        return self.target if self.single else 1

    def held_out(self, table: Table | None = None) -> bool:
        """Whether rows are held out: a fifth of them has some of both targets, the rest too."""
        if table is None:
            return not self.single
        positive = table.counts[table.positive]
        return min(positive, len(table.y) - positive) >= 1 / HELD_OUT

    def about_data(self, table: Table) -> str:
        if self.held_out(table):
            return (
                f"A fifth of the rows is held out; {self.rows(table):,} are trained on. Every "
                "feature is standardized."
            )
        return (
            "No rows are held out, the accuracy is that on the training rows: it would take at "
            f"least {1 / HELD_OUT:.0f} rows with target 1 and as many with target 0. Every feature "
            "is standardized."
        )

    def layer_sizes(self, table: Table | None = None) -> list[int]:
        if table is not None:
            return [len(table.features), 1]
        return [1 if self.single else TUMOUR_FEATURES, 1]

    def rows(self, table: Table | None = None) -> int:
        if table is not None:
            rows = len(table.y)
            return rows - math.ceil(HELD_OUT * rows) if self.held_out(table) else rows
        return 1 if self.single else TRAINING_PATIENTS
