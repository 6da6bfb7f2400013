"""The chain rule of a stack, taken apart layer by layer."""

import torch
from torch import Tensor

from sigviz.formulas.activations import ACTIVATIONS
from sigviz.training.networks import Stack


@torch.no_grad()
def chain(model: Stack, activation: str, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """What the gradient goes through on its way back from the loss to the first layer.

    With δ_l = ∂L/∂z_l of the batch, δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ φ′(z_l). Every norm is Frobenius's
    over batch and units, its squares summed in float64: in float32 they underflow.

    Args:
        model: The first of its networks is looked at, as its last forward pass has left it.
        activation: φ, of the hidden layers.
        x, y: This network's part of the batch of that pass, ``[batch, inputs]``, and its class
            numbers ``[batch]``; the loss is the mean cross-entropy.

    Returns:
        All ``[1, layers]``, for one variant. ``delta``, ‖δ_l‖; and for every layer but the last:
        ``weight_factor``, ‖W_{l+1}ᵀ δ_{l+1}‖ / ‖δ_{l+1}‖; ``slope_factor``, ‖δ_l‖ / ‖W_{l+1}ᵀ
        δ_{l+1}‖; ``mean_slope``, the mean of φ′(z_l). A factor whose divisor is 0 is 0.
    """
    slope_of = ACTIVATIONS[activation].slope
    weights = [layer.get_parameter("weight")[0] for layer in model.weighted]
    outputs = [x, *(layer.outputs[0] for layer in model.activated)]
    bias = model.weighted[-1].get_parameter("bias")[0]
    delta = torch.addmm(bias, outputs[-1], weights[-1].T).softmax(1)
    delta[torch.arange(len(y)), y] -= 1
    delta /= len(y)
    norms, arrived, means = [_norm(delta)], [], []
    for weight, output in zip(reversed(weights[1:]), reversed(outputs[1:]), strict=True):
        arriving, slope = delta @ weight, slope_of(output)
        delta = arriving * slope
        arrived.append(_norm(arriving))
        norms.append(_norm(delta))
        means.append(slope.mean())
    of_delta, through_weights = torch.stack(norms[::-1]), torch.stack(arrived[::-1])
    parts = {
        "delta": of_delta,
        "weight_factor": _ratio(through_weights, of_delta[1:]),
        "slope_factor": _ratio(of_delta[:-1], through_weights),
        "mean_slope": torch.stack(means[::-1]),
    }
    return {name: values.float()[None] for name, values in parts.items()}


def _norm(values: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(values, dtype=torch.float64)
    return norm


def _ratio(values: Tensor, divisors: Tensor) -> Tensor:
    return torch.where(divisors > 0, values / divisors, 0)
