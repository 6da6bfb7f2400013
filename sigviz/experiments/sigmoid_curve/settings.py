"""What the learner can change about the curve and about the neuron that learns."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from sigviz.data.table import Table
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

TUMOURS, CLUSTER_ROWS = 569, 200


class Settings(TrainingSettings):
    """One neuron, σ(weight · x + bias), learns to tell two kinds of things apart by one number."""

    TITLE: ClassVar[str] = "The sigmoid curve"
    METRICS: ClassVar[tuple[Metric, ...]] = (
        Metric(
            "sigmoid",
            "σ at the probe",
            "The sigmoid of the probe, computed in the chosen precision. Between 0 and 1.",
            per_variant=False,
            headline=True,
        ),
        Metric(
            "derivative",
            "σ′ at the probe",
            "The sigmoid's slope at the probe, found by PyTorch's autograd in the chosen "
            "precision. At most ¼.",
            per_variant=False,
            headline=True,
        ),
        Metric(
            "saturates_at",
            "Exactly 1 from",
            "The smallest input whose sigmoid is exactly 1 in the chosen precision. From there on "
            "the slope is exactly 0.",
            per_variant=False,
            headline=True,
        ),
        Metric(
            "fitted_weight",
            "Fitted weight",
            "The neuron's weight after the last step. The larger, the steeper its curve.",
            per_variant=False,
        ),
        Metric(
            "fitted_bias",
            "Fitted bias",
            "The neuron's bias after the last step. It shifts the curve sideways.",
            per_variant=False,
        ),
        Metric(
            "initial_loss",
            "Initial loss",
            "Binary cross-entropy over all rows before the first step, in nats.",
            per_variant=False,
        ),
        Metric(
            "final_loss",
            "Final loss",
            "Binary cross-entropy over all rows after the last step, in nats.",
            per_variant=False,
        ),
        Metric(
            "accuracy",
            "Accuracy",
            "Share of the rows it has learned from that the neuron puts on the right side of ½, "
            "after the last step.",
            per_variant=False,
            headline=True,
            percent=True,
        ),
    )

    RECORDED: ClassVar[Mapping[str, Recorded]] = {
        "weight": Recorded("the neuron's weight", "per unit of the input, as it is trained on"),
        "bias": Recorded("the neuron's bias", "none"),
        "accuracy": Recorded(
            "rows trained on that the neuron puts on the right side of 0.5", "share, 0 to 1"
        ),
    }

    weight: float = number(
        1.0,
        -10,
        10,
        step=0.1,
        title="Weight",
        help="What the neuron multiplies its input by before the first step: steeper or flatter.",
    )
    bias: float = number(
        0.0,
        -10,
        10,
        step=0.1,
        title="Bias",
        help="What the neuron adds before the first step: it shifts the curve sideways.",
    )
    probe: float = number(
        2.0,
        -120,
        120,
        step=0.5,
        title="Probe",
        help="The input z at which σ(z) and its slope are read. Weight and bias do not move it.",
    )
    precision: Literal["float16", "bfloat16", "float32", "float64"] = choice(
        "float32",
        title="Precision",
        help="The kind of number in which the curves and the probe are computed. The neuron "
        "always learns in float32.",
    )
    compare: tuple[Literal["tanh", "relu"], ...] = choice(
        (),
        title="Compare with",
        help="Other activations to draw beside the sigmoid, with their slopes.",
        may_be_empty=True,
    )
    dataset: Literal["tumour-radius", "two-clusters"] = choice(
        "tumour-radius",
        title="Data",
        help="569 real tumours by their mean radius, the same for every seed, or two overlapping "
        "clusters of numbers that each seed draws anew.",
    )
    learning_rate: float = learning_rate_field(0.5)
    steps: int = steps_field(200)
    repeats: int = repeats_field()
    seed: int = seed_field()

    @property
    def random(self) -> bool:
        """The start is given and the tumours are always the same; only the clusters are drawn."""
        return self.dataset == "two-clusters"

    @property
    def variants(self) -> tuple[str, ...]:
        return ("sigmoid",)

    def layer_sizes(self, table: Table | None = None) -> list[int]:
        return [1, 1]

    def rows(self, table: Table | None = None) -> int:
        return TUMOURS if self.dataset == "tumour-radius" else CLUSTER_ROWS
