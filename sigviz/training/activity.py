"""Statistics of a stack's activations, sampled at every step and summed up many steps at once."""

from collections.abc import Iterator

import torch
from torch import Tensor

from sigviz.trace import SAMPLED_ROWS
from sigviz.training.networks import Stack

SAMPLED_BYTES = 250_000
"""Samples are kept until they are so large; much more would leave the processor's cache."""


class Activity:
    """Mean, spread and share saturated of each hidden layer, over its units and some rows.

    One step at a time, calling the operations would take longer than their work.
    """

    def __init__(self, model: Stack) -> None:
        self._layers = model.activated
        self._alike: bool | None = None
        self._samples: list[list[Tensor]] = []
        self._bytes = 0
        self._summed_up = 0

    def __len__(self) -> int:
        return len(self._layers)

    def sample(self) -> bool:
        """Take a sample of what the last forward pass has left; whether it is time to sum up."""
        rows = [layer.outputs[:, :SAMPLED_ROWS] for layer in self._layers]
        if self._alike is None:
            kinds = {(layer.activation.function, layer.outputs.shape) for layer in self._layers}
            self._alike = len(kinds) == 1
        self._samples.append(
            [torch.stack(rows)] if self._alike else [part[None].clone() for part in rows]
        )
        self._bytes += sum(part.nbytes for part in self._samples[-1])
        return self._bytes > SAMPLED_BYTES

    def summed_up(self) -> Iterator[tuple[int, int, slice, dict[str, Tensor]]]:
        """Steps from and to, layers, and their statistics by name, each ``[steps, layers, K]``."""
        while self._samples:
            shapes = [part.shape for part in self._samples[0]]
            count = next(
                (
                    number
                    for number, parts in enumerate(self._samples)
                    if [part.shape for part in parts] != shapes
                ),
                len(self._samples),
            )
            steps, self._samples = self._samples[:count], self._samples[count:]
            first, self._summed_up = self._summed_up, self._summed_up + count
            layer = 0
            for parts in zip(*steps, strict=True):
                here = slice(layer, layer + len(parts[0]))
                statistics = self._statistics(layer, torch.stack(parts))
                yield first, self._summed_up, here, statistics
                layer = here.stop
        self._bytes = 0

    def _statistics(self, layer: int, samples: Tensor) -> dict[str, Tensor]:
        """Of activations ``[steps, layers, K, rows, units]`` of one kind."""
        flat = samples.flatten(3)
        mean = flat.mean(3)
        saturated = self._layers[layer].activation.saturated(flat)
        count = saturated.view(torch.uint8).sum(3, dtype=torch.int32)  # much faster than of bools
        norm = torch.linalg.vector_norm(flat.sub_(mean.unsqueeze(3)), dim=3)
        return {
            "mean": mean,
            "saturated": count / flat.shape[3],
            "spread": norm / flat.shape[3] ** 0.5,
        }
