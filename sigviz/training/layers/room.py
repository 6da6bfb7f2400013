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


class TwoRooms:
    """Where gradients go on their way back: from one room to the other, and back again.

    Two tensors stay in the processor's cache where one for each layer would not.
    """

    def __init__(self) -> None:
        self._rooms = Room(), Room()

    def beside(self, gradient: Tensor, x: Tensor) -> Tensor:
        """A tensor of the shape of `x` that is not the one that `gradient` is in."""
        first, second = self._rooms
        found = first.like(x)
        return second.like(x) if found is gradient else found
