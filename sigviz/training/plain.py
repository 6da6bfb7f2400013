"""Plain PyTorch networks to be stacked, and modules that ``torch.nn`` does not have."""

from collections.abc import Sequence

from torch import Tensor, nn

from sigviz.formulas.activations import ACTIVATIONS


def perceptron(layers: Sequence[nn.Linear], activation: str) -> nn.Sequential:
    """A multilayer perceptron: an activation behind every linear layer but the last."""
    modules: list[nn.Module] = []
    for layer in layers:
        modules += [layer, getattr(nn, ACTIVATIONS[activation].module)()]
    return nn.Sequential(*modules[:-1])


class Residual(nn.Module):
    """h + scale · f(h), with a branch f that keeps the shape. He et al. 2016, "Deep residual
    learning for image recognition"."""

    def __init__(self, *branch: nn.Module, scale: float = 1.0) -> None:
        super().__init__()
        self.branch, self.scale = nn.Sequential(*branch), scale

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.scale * self.branch(x)
        return y


class LastState(nn.Module):
    """The hidden state of the last time, ``[rows, hidden]``, from what a recurrent layer of
    ``torch.nn`` with ``batch_first=True`` returns."""

    def forward(self, returned: tuple[Tensor, object]) -> Tensor:
        return returned[0][:, -1]
