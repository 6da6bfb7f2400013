"""The small real tables that come with the app, one file each; read without scikit-learn.

They are scikit-learn's, number by number; `support.make_tables` has written the files.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILES = Path(__file__).parent / "files"

NAMES = ("breast_cancer", "diabetes", "digits", "iris", "wine")


@dataclass(frozen=True, eq=False)
class Bundled:
    """A table as it was measured: nothing is standardized yet.

    Attributes:
        features: Names of the feature columns.
        classes: Names of the classes; none where the target is a number.
        x: Features ``[rows, features]``.
        y: Class numbers (int64), or values (float64) where there are no classes, ``[rows]``.
    """

    features: tuple[str, ...]
    classes: tuple[str, ...]
    x: NDArray[np.float64]
    y: NDArray[Any]


@cache
def bundled(name: str) -> Bundled:
    """One of the tables in `NAMES`; nobody may write into it.

    - ``breast_cancer``: 569 tumours, 30 features measured in an image; 0 is malignant, 1 benign
    - ``diabetes``: 442 patients, 10 features in their own units; the disease's progress in a year
    - ``digits``: 1797 handwritten digits, 8×8 pixels from 0 to 16; 10 classes
    - ``iris``: 150 flowers, 4 lengths in cm; 3 kinds
    - ``wine``: 178 wines, 13 chemical features; 3 growers

    Raises:
        ValueError: There is no table of that name.
    """
    if name not in NAMES:
        raise ValueError(f"{name!r} is not a table here; there are {', '.join(NAMES)}")
    with np.load(FILES / f"{name}.npz") as file:
        classes = tuple(map(str, file["classes"]))
        x, y = file["x"].astype(np.float64), file["y"].astype(np.int64 if classes else np.float64)
        features = tuple(map(str, file["features"]))
    for values in (x, y):
        values.setflags(write=False)
    return Bundled(features, classes, x, y)
