"""Batch norm and layer norm of K networks."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sigviz.training.layers.base import Computed, same, stacked


class BatchNorm(Computed):
    """``nn.BatchNorm1d`` over the rows of each network's batch, ``[K, rows, features]``.

    The K networks' features stand side by side as those of one, which PyTorch's kernel normalizes
    one by one.

    Attributes:
        weight, bias: ``[K, features]``.
        running_mean, running_var: ``[K, features]``, for ``eval()``.
        num_batches_tracked: ``[K]``.
    """

    weight: nn.Parameter
    bias: nn.Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(self, layers: Sequence[nn.BatchNorm1d]) -> None:
        super().__init__()
        same(layers, "num_features", "eps", "momentum")
        self.weight, self.bias = stacked(layers, "weight"), stacked(layers, "bias")
        for name in ("running_mean", "running_var", "num_batches_tracked"):
            self.register_buffer(name, torch.stack([layer.get_buffer(name) for layer in layers]))
        self.eps = layers[0].eps
        self._momentum = layers[0].momentum or 0.0

    def compute(self, x: Tensor) -> Tensor:
        """Raises:
        ValueError: A batch of one row in training: it has no spread to normalize by.
        """
        networks, rows, features = x.shape
        if self.training:
            self.num_batches_tracked += 1
        side_by_side = F.batch_norm(
            x.transpose(0, 1).reshape(rows, networks * features),
            self.running_mean.view(-1),
            self.running_var.view(-1),
            self.weight.flatten(),
            self.bias.flatten(),
            self.training,
            self._momentum,
            self.eps,
        )
        return side_by_side.view(rows, networks, features).transpose(0, 1).contiguous()


class LayerNorm(Computed):
    """``nn.LayerNorm`` over the units of each row, ``[K, …, features]``.

    Attributes:
        weight, bias: ``[K, features]``.
    """

    weight: nn.Parameter
    bias: nn.Parameter

    def __init__(self, layers: Sequence[nn.LayerNorm]) -> None:
        super().__init__()
        same(layers, "normalized_shape", "eps")
        self.weight, self.bias = stacked(layers, "weight"), stacked(layers, "bias")
        self.eps = layers[0].eps

    def compute(self, x: Tensor) -> Tensor:
        shape = (len(x), *[1] * (x.dim() - 2), -1)
        normal = F.layer_norm(x, x.shape[-1:], eps=self.eps)
        return normal * self.weight.view(shape) + self.bias.view(shape)
