"""What the page calls the rows of the data, and how it says what the networks have reached."""

from dataclasses import dataclass

from sigviz.charts.palette import styles
from sigviz.data.table import shown
from sigviz.experiments.mse_vs_bce.settings import Settings
from sigviz.metrics import by_variant
from sigviz.settings import Job, metric_name
from sigviz.trace import Array


@dataclass(frozen=True)
class Words:
    """What the rows of the data are called.

    Attributes:
        rows: All of them.
        training, tested: Those that are trained on, those that are tested on.
        shown: Those with target 1.
    """

    rows: str = "patients"
    training: str = "training patients"
    tested: str = "held-out patients"
    shown: str = "benign patients"


def words_of(job: Job[Settings]) -> Words:
    """What the rows of the data are called."""
    table = job.table
    if table is None:
        return Words()
    positive = shown(table.classes)[table.positive]
    return Words(
        rows="rows",
        training="training rows",
        tested="held-out rows" if job.settings.held_out(table) else "training rows",
        shown=f"rows of {positive}",
    )


def over_seeds(settings: Settings) -> str:
    """What is said of a chart that draws all seeds, after a semicolon."""
    return f"; median and range over {settings.repeats} seeds"


def spoken(settings: Settings, values: Array) -> str:
    """The medians of `values` ``[variants, seeds]`` in words."""
    medians = by_variant("", settings.variants, values)
    return ", ".join(
        f"{style.label} {medians[metric_name('', style.name)]:.3g}" for style in styles(settings)
    )
