"""Memory for results that are overwritten at every step."""

import torch
from torch import Tensor


class Room:
    """Tensors to write into, one for each shape that is asked for; few shapes ever are."""

    def __init__(self) -> None:
        self._tensors: dict[tuple[int, ...], Tensor] = {}

    def like(self, x: Tensor, last: int | None = None) -> Tensor:
        """A tensor of the shape of `x` or, if it is given, with another `last` dimension."""
        shape = x.shape if last is None else (*x.shape[:-1], last)
        found = self._tensors.get(shape)
        if found is None:
            found = self._tensors[shape] = torch.empty(shape, dtype=x.dtype)
        return found
