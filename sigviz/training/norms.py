"""Norms of the gradients of a stack's weights, in as few operations as there are shapes."""

from itertools import groupby

import torch
from torch import Tensor

from sigviz.training.layers.base import Layer
from sigviz.training.networks import Stack

FAINT, LOUD = 1e-15, 1e15
"""Between these, float32 holds the squares that a norm is made of; beyond, float64 does."""


class Norms:
    """The Frobenius norm of each layer's weight gradient."""

    def __init__(self, model: Stack) -> None:
        self._count = len(model.weighted)
        self._groups = [
            _together(model, [*layers], alike) for alike, layers in groupby(model.weighted, _alike)
        ]

    def __len__(self) -> int:
        return self._count

    def of_gradients(self) -> Tensor:
        """``[layers, K]``; NaN where a layer is frozen."""
        norms = self._of_gradients(torch.float32)
        low, high = norms.aminmax()
        if low.item() >= FAINT and high.item() <= LOUD:
            return norms
        return self._of_gradients(torch.float64)

    def _of_gradients(self, dtype: torch.dtype) -> Tensor:
        return torch.cat([_norms(each, dtype) for group in self._groups for each in group])


def _alike(layer: Layer) -> torch.Size | int:
    """The shape of a layer's only matrix, if it has one and that is trained."""
    matrices = layer.matrices
    return matrices[0].shape if len(matrices) == 1 and matrices[0].grad is not None else id(layer)


def _together(
    model: Stack, layers: list[Layer], shape: torch.Size | int
) -> list[list[Tensor | None]]:
    """Gradients that make up layers' norms: of one shape, or of one layer's several matrices."""
    gradients = [matrix.grad for layer in layers for matrix in layer.matrices]
    first = gradients[0]
    if isinstance(shape, int) or first is None:
        return [list(gradients)]
    start = first.storage_offset()
    whole = model.gradients[start : start + len(layers) * first.numel()]
    return [[whole.view(len(layers), *shape)]]


def _norms(gradients: list[Tensor | None], dtype: torch.dtype) -> Tensor:
    """``[layers, K]`` of one tensor ``[layers, K, outputs, inputs]``; of several matrices
    ``[K, outputs, inputs]``, all together, ``[1, K]``."""
    parts: list[Tensor] = []
    for gradient in gradients:
        if gradient is None:
            return torch.full((1, 1), torch.nan, dtype=dtype)
        whole = gradient if gradient.dim() > 3 else gradient.unsqueeze(0)
        parts.append(torch.linalg.vector_norm(whole, dim=(2, 3), dtype=dtype))
    return parts[0] if len(parts) == 1 else torch.linalg.vector_norm(torch.stack(parts), dim=0)
