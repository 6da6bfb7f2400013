"""The losses: what they are called on screen, and in PyTorch.

Their values and gradients are in `sigviz.training.losses`, on PyTorch's side of the process border,
under the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LossName:
    """What a loss is called.

    Attributes:
        title: On screen.
        module: Its class in ``torch.nn``; empty if PyTorch has none.
        after: The module in ``torch.nn`` that the network ends with, if the loss needs one.
    """

    title: str
    module: str = ""
    after: str = ""


LOSSES: Mapping[str, LossName] = {
    "linear-mse": LossName("MSE of a linear output", "MSELoss"),
    "mse": LossName("MSE", "MSELoss", after="Sigmoid"),
    "bce": LossName("BCE", "BCELoss", after="Sigmoid"),
    "bce-with-logits": LossName("BCE with logits", "BCEWithLogitsLoss"),
    "focal": LossName("Focal"),
    "cross-entropy": LossName("Cross-entropy", "CrossEntropyLoss"),
    "softmax-twice": LossName("Softmax twice", "CrossEntropyLoss", after="Softmax"),
}
"""By the names that settings have for them."""
