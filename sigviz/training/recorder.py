"""What is recorded of a run's arms, at every step, frame and checkpoint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sigviz.trace import WEIGHT_BYTES, Array, Dims, checkpoint_steps, frame_steps, grid
from sigviz.training.activity import Activity
from sigviz.training.arm import Arm, ForwardPass
from sigviz.training.norms import Norms

EACH: Dims = ("variant", "seed")
"""The dimensions of a number for each network."""

_USUAL: Mapping[str, Dims] = {
    "loss": ("step", *EACH),
    "gradient_norm": ("step", "layer", *EACH),
    "activation_mean": ("step", "layer", *EACH),
    "activation_spread": ("step", "layer", *EACH),
    "activation_saturated": ("step", "layer", *EACH),
}
"""What every run records, float32:

- ``loss``: each network's own
- ``gradient_norm``: Frobenius norm of the gradient of a layer's weights, before the update of that
  step. Its squares are summed in float64: in float32 they underflow, and the norm would be 0, from
  gradients of about 1e-23 on
- ``activation_mean``, ``activation_spread``, ``activation_saturated``, of each hidden layer: mean,
  standard deviation and share saturated, over units and the batch's first rows; not in runs without
  activations
"""


class Recorder:
    """Arrays set aside for a whole run, filled as it goes.

    Where an arm has fewer layers than another, and where it has come to its end before the others,
    there is NaN.
    """

    def __init__(
        self,
        arms: Sequence[Arm],
        steps: int,
        seeds: int,
        *,
        activations: bool,
        dims: Mapping[str, Dims],
    ) -> None:
        """Args:
        dims: The dimensions behind the first of what the arms keep at frames and checkpoints,
            where that is not a number for each network; all but ``variant`` and ``seed`` in the
            order in which the tensors have them.
        """
        self._steps, self._seeds, self._own_dims = steps, seeds, dims
        self._variants = 0
        self._places: dict[Arm, _Place] = {}
        for arm in arms:
            first, self._variants = self._variants, self._variants + len(arm.variants)
            activity = Activity(arm.model) if activations and arm.model.activated else None
            place = _Place(slice(first, self._variants), Norms(arm.model), activity)
            self._places[arm] = place
        self.dims: dict[str, Dims] = {}
        self._series: dict[str, Tensor] = {}
        self._frames: dict[str, Array] = {}
        self._set_aside()
        self._grids = {"frame": set(frame_steps(steps)), "checkpoint": set(checkpoint_steps(steps))}

    def _set_aside(self) -> None:
        """Room for every series of the run."""
        for name, dims in _USUAL.items():
            layers = max(place.layers(name) for place in self._places.values())
            if layers or "layer" not in dims:
                self._series_of(name, dims, [layers] if "layer" in dims else [])
        for arm in self._places:
            for name in arm.watch:
                self._series_of(name, ("step", *EACH), [])

    def _series_of(self, name: str, dims: Dims, inner: Sequence[int]) -> None:
        if name not in self._series:
            shape = (self._steps + 1, *inner, self._variants, self._seeds)
            self._series[name] = torch.full(shape, torch.nan)
            self.dims[name] = dims

    def record(self, arm: Arm, step: int, forward: ForwardPass) -> None:
        """Record what a step of an arm has come to."""
        place = self._places[arm]
        here = place.variants
        self._series["loss"][step, here] = forward.losses.view(-1, self._seeds)
        norms = place.norms.of_gradients()
        self._series["gradient_norm"][step, : len(norms), here] = norms.unflatten(
            1, (-1, self._seeds)
        )
        for name, watch in arm.watch.items():
            values = watch(forward.outputs, forward.targets)
            self._series[name][step, here] = values.view(-1, self._seeds)
        if place.activity and place.activity.sample():
            self._sum_up(place)

    def _sum_up(self, place: "_Place") -> None:
        """Put the statistics of the activations sampled so far where they belong."""
        for first, last, layers, values in place.activity.summed_up() if place.activity else ():
            for name, numbers in values.items():
                whole = self._series[f"activation_{name}"]
                whole[first:last, layers, place.variants] = numbers.unflatten(2, (-1, self._seeds))

    def keep(self, arms: Sequence[Arm], step: int) -> None:
        """Keep what the arms have to show at a step, if it is a frame or a checkpoint."""
        for grid_name, at in self._grids.items():
            if step in at:
                for arm in arms:
                    for name, values in arm.kept(grid_name).items():
                        self._keep(name, grid_name, arm, step, values)

    def _keep(self, name: str, grid_name: str, arm: Arm, step: int, values: Tensor) -> None:
        inner = self._own_dims.get(name, EACH)
        if "seed" in inner:
            values = values.unflatten(0, (-1, self._seeds))
        if values.dim() != len(inner):
            raise ValueError(f"{name} has {values.dim()} dimensions, and they are named {inner}")
        rows = values.numpy()
        at = grid((grid_name,), self._steps)
        if name in self._series:
            raise ValueError(f"{name} is recorded at every step; what is kept needs another name")
        if name not in self._frames:
            self.dims[name] = (grid_name, *inner)
            shape = (len(at), self._variants, *rows.shape[1:])
            self._frames[name] = np.full(shape, np.nan, np.float32)
        self._frames[name][at.index(step), self._places[arm].variants] = rows

    def forget(self, arm: Arm, step: int) -> None:
        """Take back what was recorded of an arm from a step on."""
        here = self._places[arm].variants
        self._sum_up(self._places[arm])
        for name, rows in self._series.items():
            index = (slice(step, None), *[slice(None)] * (len(self.dims[name]) - 3), here)
            rows[index] = torch.nan
        for name, kept in self._frames.items():
            first = sum(at < step for at in grid(self.dims[name], self._steps))
            kept[first:, here] = np.nan

    def series(self, step: int) -> dict[str, Array]:
        """The rows up to `step`, without a copy."""
        for place in self._places.values():
            self._sum_up(place)
        return {name: rows[: step + 1].numpy() for name, rows in self._series.items()}

    def frames(self, step: int) -> dict[str, Array]:
        """The frames and checkpoints up to `step`, without a copy."""
        return {
            name: rows[: sum(at <= step for at in grid(self.dims[name], self._steps))]
            for name, rows in self._frames.items()
        }

    def first_bad(self, arm: Arm, series: Mapping[str, Array], start: int) -> int | None:
        """The first step from `start` on at which anything recorded of an arm is not finite."""
        place = self._places[arm]
        bad = np.zeros(len(series["loss"]) - start, bool)
        for name, rows in series.items():
            if name in _USUAL or name in arm.watch:
                own = rows[start:, ..., place.variants, :]
                if "layer" in self.dims[name]:
                    own = own[:, : place.layers(name)]
                bad |= ~np.isfinite(own.reshape(len(own), -1)).all(1)
        return start + int(bad.argmax()) if bad.any() else None


@dataclass(frozen=True)
class _Place:
    """Where an arm's numbers go, and what finds them."""

    variants: slice
    norms: Norms
    activity: Activity | None

    def layers(self, name: str) -> int:
        """How many layers a usual series has."""
        return len(self.norms) if name == "gradient_norm" else len(self.activity or ())


@torch.no_grad()
def final_weights(arms: Sequence[Arm], seeds: int) -> dict[str, dict[str, Array]]:
    """A copy of all parameters by variant and name, ``[seeds, …]``, of as many seeds as fit in
    `WEIGHT_BYTES`."""
    size = sum(value.nbytes for arm in arms for value in arm.model.parameters())
    kept = max(1, WEIGHT_BYTES * seeds // max(size, 1))
    return {
        variant: {
            name: value.detach()[number * seeds : (number + 1) * seeds][:kept].clone().numpy()
            for name, value in arm.model.named_parameters()
        }
        for arm in arms
        for number, variant in enumerate(arm.variants)
    }
