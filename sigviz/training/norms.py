"""Norms of the gradients of a stack's weights, as few operations as there are shapes."""

from itertools import groupby

import torch
from torch import Tensor

from sigviz.training.layers.linear import Linear
from sigviz.training.networks import Stack


class Norms:
    """The Frobenius norm of each layer's weight gradient, its squares summed in float64."""

    def __init__(self, model: Stack) -> None:
        """Gives linear layers of one shape, one behind the other, gradients side by side in one
        tensor, so that one operation finds all their norms."""
        self._layers = model.weighted
        self._runs: list[tuple[int, int, Tensor | None]] = []
        first = 0
        for shape, group in groupby(self._layers, _shape):
            layers = list(group)
            together = None
            if shape is not None:
                together = torch.empty(len(layers), *shape, dtype=layers[0].matrices[0].dtype)
                for layer, gradient in zip(layers, together, strict=True):
                    layer.matrices[0].grad = gradient
            self._runs.append((first, first + len(layers), together))
            first += len(layers)

    def __len__(self) -> int:
        return len(self._layers)

    def of_gradients(self) -> Tensor:
        """``[layers, K]``, float64; NaN where a layer is frozen."""
        parts = []
        for first, last, together in self._runs:
            if together is not None:
                parts.append(torch.linalg.vector_norm(together, dim=(2, 3), dtype=torch.float64))
                continue
            parts += [_norm(layer.matrices)[None] for layer in self._layers[first:last]]
        return torch.cat(parts) if len(parts) > 1 else parts[0]


def _shape(layer: object) -> torch.Size | None:
    """The shape of a linear layer that learns, None for any other."""
    return layer.weight.shape if isinstance(layer, Linear) and layer.weight.requires_grad else None


def _norm(matrices: list[torch.nn.Parameter]) -> Tensor:
    """Of a layer with several matrices, all of them together, ``[K]``."""
    nothing = torch.full((len(matrices[0]),), torch.nan, dtype=torch.float64)
    found = [
        nothing
        if matrix.grad is None
        else torch.linalg.vector_norm(matrix.grad, dim=(1, 2), dtype=torch.float64)
        for matrix in matrices
    ]
    norm: Tensor = torch.linalg.vector_norm(torch.stack(found), dim=0)
    return norm
