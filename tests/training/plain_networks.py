"""Plain PyTorch networks for the tests, each the oracle of its place in a stack."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sigviz.training.plain import LastState, Residual

NETWORKS, ROWS, FEATURES, CLASSES, TIME = 3, 17, 5, 4, 9


def _recurrent(kind: type[nn.RNN | nn.GRU | nn.LSTM]) -> Callable[[], nn.Sequential]:
    return lambda: nn.Sequential(
        kind(FEATURES, 6, batch_first=True), LastState(), nn.Linear(6, CLASSES)
    )


KINDS: dict[str, Callable[[], nn.Sequential]] = {
    "linear": lambda: nn.Sequential(nn.Linear(FEATURES, CLASSES)),
    "unequal widths": lambda: nn.Sequential(
        nn.Linear(FEATURES, 7), nn.Sigmoid(), nn.Linear(7, 3), nn.Tanh(), nn.Linear(3, CLASSES)
    ),
    "relu": lambda: nn.Sequential(nn.Linear(FEATURES, 8), nn.ReLU(), nn.Linear(8, CLASSES)),
    "residual": lambda: nn.Sequential(
        nn.Linear(FEATURES, 8),
        Residual(nn.Linear(8, 8), nn.Sigmoid(), scale=0.5),
        Residual(nn.Linear(8, 8), nn.Tanh()),
        nn.Linear(8, CLASSES),
    ),
    "batch norm": lambda: nn.Sequential(
        nn.Linear(FEATURES, 8), nn.BatchNorm1d(8), nn.Sigmoid(), nn.Linear(8, CLASSES)
    ),
    "layer norm": lambda: nn.Sequential(
        nn.Linear(FEATURES, 8), nn.LayerNorm(8), nn.Tanh(), nn.Linear(8, CLASSES)
    ),
    "layer norm behind the activation": lambda: nn.Sequential(
        nn.Linear(FEATURES, 8), nn.Sigmoid(), nn.LayerNorm(8), nn.Linear(8, CLASSES)
    ),
    "rnn": _recurrent(nn.RNN),
    "gru": _recurrent(nn.GRU),
    "lstm": _recurrent(nn.LSTM),
}
RECURRENT = ("rnn", "gru", "lstm")


def networks(kind: str, dtype: torch.dtype = torch.float64) -> list[nn.Sequential]:
    """K networks of a kind that differ in every parameter."""
    made = []
    for seed in range(NETWORKS):
        torch.manual_seed(seed)
        network = KINDS[kind]().to(dtype)
        for value in network.parameters():
            nn.init.normal_(value, std=0.5)
        made.append(network)
    return made


def data(kind: str, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
    """Inputs and class numbers for each of the K."""
    generator = torch.Generator().manual_seed(7)
    shape = (NETWORKS, ROWS, TIME, FEATURES) if kind in RECURRENT else (NETWORKS, ROWS, FEATURES)
    x = torch.randn(*shape, generator=generator, dtype=dtype)
    return x, torch.randint(0, CLASSES, (NETWORKS, ROWS), generator=generator)


def backward(plain: Sequence[nn.Sequential], x: Tensor, y: Tensor) -> list[float]:
    """Each network's own loss, and its gradients in its parameters."""
    losses = []
    for network, inputs, targets in zip(plain, x, y, strict=True):
        network.zero_grad()
        loss = F.cross_entropy(network(inputs), targets)
        loss.backward()
        losses.append(loss.item())
    return losses
