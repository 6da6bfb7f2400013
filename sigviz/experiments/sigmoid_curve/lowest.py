"""The lowest point of one neuron's loss, where gradient descent is heading."""

import numpy as np
from numpy.typing import NDArray

MOST_STEPS, CLOSE_ENOUGH = 50, 1e-10
"""Newton's method takes about six steps. Where a threshold tells the classes apart without a
mistake, the loss falls for ever, and it stops far out."""


def lowest(x: NDArray[np.floating], y: NDArray[np.floating]) -> tuple[float, float]:
    """The weight and the bias of the lowest mean cross-entropy of σ(w·x + b), by Newton's method.

    Args:
        x: One feature ``[rows]``.
        y: Targets, 0 or 1, ``[rows]``.
    """
    inputs = np.stack([x, np.ones_like(x)], 1).astype(np.float64)
    at = np.zeros(2)
    for _ in range(MOST_STEPS):
        output = 1 / (1 + np.exp(-inputs @ at))
        gradient = inputs.T @ (output - y) / len(x)
        if np.abs(gradient).max() < CLOSE_ENOUGH:
            break
        slopes = output * (1 - output)
        curvature = (inputs.T * slopes) @ inputs / len(x)
        at -= np.linalg.solve(curvature, gradient)
    return float(at[0]), float(at[1])
