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
        model: The first of its networks is looked at.
        activation: φ, of the hidden layers.
        x, y: A batch ``[batch, inputs]`` and its class numbers ``[batch]``; the loss is the mean
            cross-entropy.

    Returns:
        All ``[1, layers]``, for one variant. ``delta``, ‖δ_l‖; and for every layer but the last:
        ``weight_factor``, ‖W_{l+1}ᵀ δ_{l+1}‖ / ‖δ_{l+1}‖; ``slope_factor``, ‖δ_l‖ / ‖W_{l+1}ᵀ
        δ_{l+1}‖; ``mean_slope``, the mean of φ′(z_l). A factor whose divisor is 0 is 0.
    """
    phi = ACTIVATIONS[activation]
    function = getattr(torch, phi.function)
    weights = [layer.get_parameter("weight")[0].T for layer in model.weighted]
    biases = [layer.get_parameter("bias")[0] for layer in model.weighted]
    outputs = [x]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        outputs.append(function(torch.addmm(bias, outputs[-1], weight)))
    delta = torch.addmm(biases[-1], outputs[-1], weights[-1]).softmax(1)
    delta[torch.arange(len(y)), y] -= 1
    delta /= len(y)
    norms, through_weights, through_slope, means = [_norm(delta)], [], [], []
    for weight, output in zip(reversed(weights[1:]), reversed(outputs[1:]), strict=True):
        arriving, slope = delta @ weight.T, phi.slope(output)
        delta = arriving * slope
        arrived = _norm(arriving)
        through_weights.append(_ratio(arrived, norms[-1]))
        norms.append(_norm(delta))
        through_slope.append(_ratio(norms[-1], arrived))
        means.append(slope.mean())
    parts = {
        "delta": norms,
        "weight_factor": through_weights,
        "slope_factor": through_slope,
        "mean_slope": means,
    }
    return {name: torch.stack(values[::-1]).float()[None] for name, values in parts.items()}


def _norm(values: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(values, dtype=torch.float64)
    return norm


def _ratio(value: Tensor, divisor: Tensor) -> Tensor:
    return value / divisor if divisor > 0 else torch.zeros_like(value)
