"""Arm: one part of a run, a variant of what the run compares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from torch import Tensor

from sigviz.training.losses import Loss
from sigviz.training.networks import Stack
from sigviz.training.optimizers import Optimizer, clip

Batch = Callable[[int], tuple[Tensor, Tensor]]
"""Gives a step's inputs ``[K, batch, …]`` and targets ``[K, batch, …]``."""

Kept = Callable[[], Mapping[str, Tensor]]
"""What to keep of the networks at a frame or a checkpoint, by name."""

Watch = Callable[[Tensor, Tensor], Tensor]
"""A number to record at every step for each network, ``[K]``, from its outputs and targets."""


@dataclass(frozen=True)
class ForwardPass:
    """What an arm's forward pass at one step has come to, before its update.

    Attributes:
        outputs: ``[K, batch, …]``.
        losses: ``[K]``.
    """

    outputs: Tensor
    targets: Tensor
    losses: Tensor


@dataclass(frozen=True, eq=False)
class Arm:
    """One variant: a stack of its seeds with its data, loss and optimizer.

    Arms of one run may differ in everything but the number of seeds. Small variants of one shape
    may share an arm, because a stack costs little more than one network; its K networks are then
    `variants` × seeds.

    Attributes:
        variants: What is trained here, as the run's settings name it.
        watch: What to record at every step, beside the usual.
        held_out: Inputs and targets ``[K, rows, …]`` that it is tested on, not trained: at every
            checkpoint its loss on them is recorded as ``held_out_loss``.
        frame, checkpoint: What to keep at frames and at checkpoints; called after a backward pass.
        clip_at: Each network's gradient is scaled down to this norm where it is larger.
    """

    variants: tuple[str, ...]
    model: Stack
    batch: Batch
    loss: Loss
    optimizer: Optimizer
    watch: Mapping[str, Watch] = field(default_factory=dict)
    held_out: tuple[Tensor, Tensor] | None = None
    frame: Kept = dict
    checkpoint: Kept = dict
    clip_at: float | None = None

    def look(self, step: int) -> ForwardPass:
        """Forward and backward; afterwards every parameter that is trained has its gradient."""
        x, targets = self.batch(step)
        outputs = self.model.forward(x)
        losses, gradient = self.loss.with_gradient(outputs, targets)
        self.model.backward(gradient)
        return ForwardPass(outputs, targets, losses)

    def kept(self, grid: str) -> Mapping[str, Tensor]:
        """What there is to keep at a ``frame`` or a ``checkpoint``."""
        if grid == "frame":
            return self.frame()
        found = dict(self.checkpoint())
        if self.held_out:
            x, targets = self.held_out
            found["held_out_loss"] = self.loss(self.model.evaluate(x), targets)
        return found

    def update(self) -> None:
        """One step of the optimizer, by the gradients of the last `look`."""
        if self.clip_at is not None:
            trained = self.model.trained
            clip([value.grad for value in trained if value.grad is not None], self.clip_at)
        self.optimizer.step([self.model.values], [self.model.gradients])
