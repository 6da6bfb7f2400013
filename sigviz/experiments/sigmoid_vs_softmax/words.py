"""What the page calls a data set's classes, its drawn features and the row it shows."""

from dataclasses import dataclass

from sigviz.data.table import shown
from sigviz.experiments.sigmoid_vs_softmax.settings import Settings
from sigviz.settings import Job
from sigviz.trace import Trace


@dataclass(frozen=True)
class Words:
    """What a data set's classes, drawn features and sample are called, and which sample it is.

    Attributes:
        held: What is said of the features that are not drawn.
        by_class: The points stand one class above the other, for want of a second feature.
    """

    classes: tuple[str, ...]
    across: str
    upright: str
    sample: str
    which: str
    held: str = ""
    by_class: bool = False


WORDS = {
    "iris": Words(
        ("setosa", "versicolor", "virginica"),
        "petal length (SD)",
        "petal width (SD)",
        "flower 120",
        "a virginica",
        ", with the sepals at their mean",
    ),
    "blobs": Words(
        ("class 1", "class 2", "class 3"),
        "feature 1",
        "feature 2",
        "point (0, 0)",
        "amid all three classes",
    ),
    "multi-label": Words(
        ("label 1", "label 2", "label 3"),
        "feature 1",
        "feature 2",
        "point (0, 0)",
        "with all three labels",
    ),
}


def words_of(job: Job[Settings], trace: Trace) -> Words:
    """What the classes, the drawn features and the sample are called."""
    if job.table is None:
        return WORDS[job.settings.dataset]
    table, row = job.table, int(trace.fixed["sample_row"][0])
    classes, features = shown(table.classes), shown(table.features)
    return Words(
        classes,
        f"{features[0]} (SD)",
        f"{features[1]} (SD)" if len(features) > 1 else shown([table.label])[0],
        f"data row {row + 1}",
        f"of class {classes[table.y[row]]}, at a border",
        ", with the other features at their mean" if len(features) > 2 else "",
        len(features) == 1,
    )
