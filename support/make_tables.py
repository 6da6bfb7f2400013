"""Write the tables that come with the app, from scikit-learn's: ``python -m support.make_tables``.

The app itself does not need scikit-learn, whose import takes longer than a short training.
"""

from typing import Any

import numpy as np
from sklearn import datasets

from sigviz.data.bundled import FILES, NAMES


def loaded(name: str) -> Any:
    """A table as scikit-learn has it, in the units that were measured."""
    in_units = {"scaled": False} if name == "diabetes" else {}
    return getattr(datasets, f"load_{name}")(**in_units)


def main() -> None:
    FILES.mkdir(exist_ok=True)
    for name in NAMES:
        table = loaded(name)
        np.savez_compressed(
            FILES / f"{name}.npz",
            x=_small(table.data),
            y=_small(table.target),
            features=np.array([str(feature) for feature in table.feature_names]),
            classes=np.array([str(label) for label in getattr(table, "target_names", [])]),
        )


def _small(values: np.ndarray) -> np.ndarray:
    """The same numbers in one byte or two each, where they are whole and small enough."""
    for kind in (np.uint8, np.uint16):
        if np.array_equal(values, values.astype(kind)):
            return values.astype(kind)
    return values


if __name__ == "__main__":
    main()
