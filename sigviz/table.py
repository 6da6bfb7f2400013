"""Table: a learner's own data, read from a CSV file or from pasted text."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Table:
    """Rows to train on, as they were entered: nothing is standardized yet.

    Two tables are equal if their `digest` is.

    Attributes:
        digest: SHA-256 of what was entered and of how it was read, in hexadecimal.
        name: The file's name, or "pasted".
        features: Names of the feature columns.
        label: Name of the label column.
        classes: The labels that occur, at least two, sorted.
        x: Features ``[rows, features]``, finite.
        y: Which of the `classes` each row has, ``[rows]``.
        positive: Which of the `classes` is target 1 for a single neuron.
    """

    digest: str
    name: str = field(compare=False)
    features: tuple[str, ...] = field(compare=False)
    label: str = field(compare=False)
    classes: tuple[str, ...] = field(compare=False)
    x: NDArray[np.float32] = field(compare=False, repr=False)
    y: NDArray[np.int64] = field(compare=False, repr=False)
    positive: int = 1
