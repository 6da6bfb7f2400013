"""Recurrent cells of K networks over a time axis: one batched product a time step.

``torch.func.vmap`` has no rule for PyTorch's own recurrent layers; these are tested against them.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sigviz.training.layers.base import Computed, same, stacked

NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


class Recurrent(Computed):
    """K recurrent layers, ``[K, rows, time, inputs]`` to hidden states ``[K, rows, time, hidden]``.

    The first state is 0. Parameters are named and ordered as PyTorch's, gates and all.

    Attributes:
        weight_ih_l0: ``[K, gates · hidden, inputs]``.
        weight_hh_l0: ``[K, gates · hidden, hidden]``.
        bias_ih_l0, bias_hh_l0: ``[K, gates · hidden]``.
    """

    weight_ih_l0: nn.Parameter
    weight_hh_l0: nn.Parameter
    bias_ih_l0: nn.Parameter
    bias_hh_l0: nn.Parameter

    def __init__(self, layers: Sequence[nn.RNNBase]) -> None:
        """Raises:
        ValueError: The layers are not what is stacked here: one layer, one direction, with biases.
        """
        super().__init__()
        same(layers, "input_size", "hidden_size")
        first = layers[0]
        if first.num_layers != 1 or first.bidirectional or not first.bias:
            raise ValueError("a stack's recurrent layers have one layer, one direction and biases")
        for name in NAMES:
            self.register_parameter(name, stacked(layers, name))
        self._hidden = first.hidden_size

    def compute(self, x: Tensor) -> Tensor:
        networks, rows, time, inputs = x.shape
        flat = x.reshape(networks, rows * time, inputs)
        arriving = torch.baddbmm(
            self.bias_ih_l0.unsqueeze(1), flat, self.weight_ih_l0.transpose(1, 2)
        ).view(networks, rows, time, -1)
        recurrent, bias = self.weight_hh_l0.transpose(1, 2), self.bias_hh_l0.unsqueeze(1)
        state = x.new_zeros(networks, rows, self._hidden)
        states = []
        self._begin(state)
        for part in arriving.unbind(2):
            state = self._next(part, torch.baddbmm(bias, state, recurrent), state)
            states.append(state)
        return torch.stack(states, dim=2)

    def _begin(self, state: Tensor) -> None:
        """Before the first time step."""

    def _next(self, arriving: Tensor, remembered: Tensor, state: Tensor) -> Tensor:
        """The next hidden state ``[K, rows, hidden]``.

        Args:
            arriving, remembered: What the inputs and the `state` before come to, biases included,
                ``[K, rows, gates · hidden]``.
        """
        raise NotImplementedError


class RNN(Recurrent):
    """``nn.RNN`` with tanh: h = tanh(Wx + b + Uh + c). Elman 1990, "Finding structure in time"."""

    def _next(self, arriving: Tensor, remembered: Tensor, state: Tensor) -> Tensor:
        return torch.tanh(arriving + remembered)


class GRU(Recurrent):
    """``nn.GRU``: gates r (reset) and z (keep), in this order; r stands outside of the product.

    Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder"; in PyTorch's form
    z *keeps* the state and r is applied to U h + c.
    """

    def _next(self, arriving: Tensor, remembered: Tensor, state: Tensor) -> Tensor:
        reset_in, keep_in, new_in = arriving.chunk(3, -1)
        reset_state, keep_state, new_state = remembered.chunk(3, -1)
        reset = torch.sigmoid(reset_in + reset_state)
        keep = torch.sigmoid(keep_in + keep_state)
        new = torch.tanh(new_in + reset * new_state)
        return (1 - keep) * new + keep * state


class LSTM(Recurrent):
    """``nn.LSTM``: gates i, f, g, o in this order; c = f c + i g, h = o tanh(c).

    Hochreiter and Schmidhuber 1997, "Long short-term memory".
    """

    def _begin(self, state: Tensor) -> None:
        self._cell = state

    def _next(self, arriving: Tensor, remembered: Tensor, state: Tensor) -> Tensor:
        enter, forget, new, leave = (arriving + remembered).chunk(4, -1)
        kept = torch.sigmoid(forget) * self._cell
        self._cell = kept + torch.sigmoid(enter) * torch.tanh(new)
        return torch.sigmoid(leave) * torch.tanh(self._cell)


class LastTime(Computed):
    """Of ``[K, rows, time, units]`` the last time, ``[K, rows, units]``."""

    def compute(self, x: Tensor) -> Tensor:
        return x[:, :, -1]
