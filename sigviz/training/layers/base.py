"""What every stacked layer is: K layers of one kind and shape, held and computed as one."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sigviz.training.layers.room import TwoRooms


class Layer(nn.Module):
    """K layers of one kind and shape that share nothing.

    Parameters and buffers have PyTorch's names and, behind the leading K, PyTorch's shapes: slice k
    of the state is the state of network k's own layer. As in ``torch.nn``, ``train()`` and
    ``eval()`` choose the mode, and a parameter with ``requires_grad=False`` is frozen.

    `forward` and `backward` are called with autograd off (``torch.no_grad()``, which would cost as
    much as a small layer's work). `forward` keeps what `backward` needs; `backward` takes the
    gradient of the outputs, writes those of the parameters, ``[K, …]`` each, and returns that of
    the inputs. The gradient of the sum of K losses is, for each network, that of its own loss.
    """

    def settle(self, rooms: TwoRooms) -> None:
        """Take note of where the parameters and their gradients are; they will not move again.

        Args:
            rooms: Where the gradients on the way back may be written; a layer may also write over
                the one that it is given.
        """

    def forward(self, x: Tensor) -> Tensor:
        """Outputs ``[K, …]`` from inputs ``[K, …]``."""
        raise NotImplementedError

    def backward(self, gradient: Tensor, *, wanted: bool = True) -> Tensor | None:
        """The loss's gradient in the inputs, from that in the outputs of the last `forward`.

        Args:
            wanted: Without, nobody needs the gradient in the inputs, and None may be returned.
        """
        raise NotImplementedError

    @property
    def matrices(self) -> list[nn.Parameter]:
        """Its matrices of weights ``[K, outputs, inputs]``: what a gradient's norm is taken of."""
        return [value for value in self.parameters() if value.dim() > 2]


class Computed(Layer):
    """A layer whose backward pass is autograd's; a subclass says what it computes."""

    _inputs: Tensor
    _outputs: Tensor

    def compute(self, x: Tensor) -> Tensor:
        """Outputs from inputs, by operations that autograd knows."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        with torch.enable_grad():
            self._inputs = x.detach().requires_grad_()
            self._outputs = self.compute(self._inputs)
        return self._outputs.detach()

    def backward(self, gradient: Tensor, *, wanted: bool = True) -> Tensor | None:
        for value in self.parameters():
            if value.grad is not None:
                value.grad.zero_()
        if self._outputs.requires_grad:
            # A sum, because autograd would import sympy to be given a gradient to begin with.
            with torch.enable_grad():
                (self._outputs * gradient).sum().backward()
        return self._inputs.grad


def stacked(layers: Sequence[nn.Module], name: str) -> nn.Parameter:
    """One parameter of K layers as one, ``[K, …]``; frozen if the first layer's is."""
    values = [layer.get_parameter(name) for layer in layers]
    whole = torch.stack([value.detach() for value in values])
    return nn.Parameter(whole, requires_grad=values[0].requires_grad)


def same(layers: Sequence[nn.Module], *names: str) -> None:
    """Check that K layers agree in what cannot differ within a stack.

    Raises:
        ValueError: They do not.
    """
    for name in names:
        values = [getattr(layer, name) for layer in layers]
        if any(value != values[0] for value in values):
            kind = type(layers[0]).__name__
            raise ValueError(f"{kind} layers of one stack differ in {name}: {values}")
