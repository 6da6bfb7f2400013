"""A stack: K networks of one shape, held as one and computed as one.

`stacked` makes it of K plain PyTorch networks. The networks share nothing, and each goes the way
that it would go by itself: slice k of every number is that of network k, to the last bit wherever
PyTorch's batched kernels round as its single ones do.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Generator, Tensor, nn

from sigviz.training.layers.activation import Activated, is_activation
from sigviz.training.layers.base import Layer, same
from sigviz.training.layers.dropout import Dropout
from sigviz.training.layers.linear import Linear
from sigviz.training.layers.norm import BatchNorm, LayerNorm
from sigviz.training.layers.recurrent import GRU, LSTM, RNN, LastTime
from sigviz.training.layers.room import TwoRooms
from sigviz.training.plain import LastState, Residual


class Stack(Layer):
    """K networks, one layer behind the other; the last layer's outputs are left as they are.

    State, and the names in it, are those of K ``nn.Sequential``s.

    Attributes:
        values, gradients: All trained parameters and their gradients, in one dimension.
    """

    values: Tensor
    gradients: Tensor

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        for number, layer in enumerate(layers):
            self.add_module(str(number), layer)
        self._layers = list(layers)
        self._first_to_learn = next(
            (n for n, layer in enumerate(layers) if _learns(layer)), len(layers)
        )

    def gather(self) -> None:
        """Put all trained parameters side by side in one tensor, and their gradients in another.

        An update is then one operation, however deep the networks are; so is the norm of the
        gradients of layers of one shape, whose matrices stand one behind the other.
        """
        trained = sorted(self.trained, key=lambda value: value.dim() < 3)
        sizes = [value.numel() for value in trained]
        flat = [value.detach().flatten() for value in trained]
        self.values = torch.cat(flat) if flat else torch.empty(0)
        self.gradients = torch.zeros_like(self.values)
        places = zip(self.values.split(sizes), self.gradients.split(sizes), strict=True)
        for parameter, (value, gradient) in zip(trained, places, strict=True):
            parameter.data = value.view_as(parameter)
            parameter.grad = gradient.view_as(parameter)
        self.find_room()

    def find_room(self) -> None:
        """Let the layers know where their parameters are, and where their gradients may be."""
        rooms = TwoRooms()
        for layer in self._layers:
            layer.settle(rooms)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self._layers:
            x = layer.forward(x)
        return x

    @torch.no_grad()
    def evaluate(self, x: Tensor) -> Tensor:
        """Outputs for `x` as they are to be used, in ``eval()``; a tensor of their own.

        What `backward` needs of the last `forward` is lost.
        """
        training = self.training
        self.eval()
        outputs = self.forward(x).clone()
        self.train(training)
        return outputs

    def backward(self, gradient: Tensor, *, wanted: bool = False) -> Tensor | None:
        """Every parameter's gradient; without `wanted`, no further back than there is one."""
        end = 0 if wanted else self._first_to_learn
        arriving: Tensor | None = gradient
        for number in range(len(self._layers) - 1, end - 1, -1):
            assert arriving is not None, "only the first layer may keep its inputs' gradient"
            arriving = self._layers[number].backward(arriving, wanted=wanted or number > end)
        return arriving

    def __len__(self) -> int:
        """K, the number of networks."""
        return len(next(self.parameters()))

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._layers)

    def __getitem__(self, number: int) -> Layer:
        return self._layers[number]

    def flat(self) -> Iterator[Layer]:
        """All layers from the input on, those within shortcuts too."""
        for layer in self._layers:
            if isinstance(layer, Shortcut):
                yield from layer.branch.flat()
            else:
                yield layer

    @property
    def trained(self) -> list[nn.Parameter]:
        """The parameters that are not frozen."""
        return [value for value in self.parameters() if value.requires_grad]

    @property
    def weighted(self) -> list[Layer]:
        """The layers with matrices of weights, from the input on."""
        return [layer for layer in self.flat() if layer.matrices]

    @property
    def activated(self) -> list[Activated]:
        """The activations, from the input on; their `outputs` are the hidden layers'."""
        return [layer for layer in self.flat() if isinstance(layer, Activated)]


class Shortcut(Layer):
    """`Residual`: h + scale · f(h)."""

    def __init__(self, branch: Stack, scale: float) -> None:
        super().__init__()
        self.branch, self._scale = branch, scale

    def settle(self, rooms: TwoRooms) -> None:
        self.branch.find_room()  # of its own: what comes in is needed behind the branch

    def forward(self, x: Tensor) -> Tensor:
        return x + self._scale * self.branch.forward(x)

    def backward(self, gradient: Tensor, *, wanted: bool = True) -> Tensor | None:
        through = self.branch.backward(self._scale * gradient, wanted=wanted)
        return None if through is None else gradient + through


_KINDS: dict[type[nn.Module], Callable[[Any], Layer]] = {
    nn.Linear: Linear,
    nn.BatchNorm1d: BatchNorm,
    nn.LayerNorm: LayerNorm,
    nn.RNN: RNN,
    nn.GRU: GRU,
    nn.LSTM: LSTM,
    LastState: lambda _: LastTime(),
}


def stacked(
    networks: Sequence[nn.Sequential], generators: Sequence[Generator] | None = None
) -> Stack:
    """Stack K plain networks of one shape; their parameters are copied.

    Args:
        generators: One for each network, which its dropout draws from.

    Raises:
        ValueError: The networks differ, hold what cannot be stacked, or have dropout and no
            generators.
    """
    if len({len(network) for network in networks}) != 1:
        raise ValueError("a stack needs networks of the same number of layers, one at least")
    layers: list[Layer] = []
    for modules in zip(*networks, strict=True):
        layers.append(_layer(modules, generators, layers[-1] if layers else None))
    stack = Stack(layers)
    stack.gather()
    return stack


def _layer(
    modules: Sequence[Any], generators: Sequence[Generator] | None, before: Layer | None
) -> Layer:
    first = modules[0]
    if len({type(module) for module in modules}) != 1:
        kinds = ", ".join(type(module).__name__ for module in modules)
        raise ValueError(f"layers of different kinds cannot be stacked: {kinds}")
    if is_activation(first):
        # Nobody asks a linear layer for its outputs again.
        return Activated(first, in_place=isinstance(before, Linear))
    if isinstance(first, nn.Dropout):
        if generators is None:
            raise ValueError("a stack with dropout needs a generator for each network")
        return Dropout(modules, generators)
    if isinstance(first, Residual):
        same(modules, "scale")
        return Shortcut(stacked([each.branch for each in modules], generators), first.scale)
    kind = next((kind for kind in type(first).__mro__ if kind in _KINDS), None)
    if kind is None:
        raise ValueError(f"{type(first).__name__} cannot be stacked")
    return _KINDS[kind](modules)


def _learns(layer: Layer) -> bool:
    return any(value.requires_grad for value in layer.parameters())
