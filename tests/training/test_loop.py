"""Arms trained side by side against plain PyTorch loops: same weights, same data, same numbers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sigviz.trace import SAMPLED_ROWS, Trace, checkpoint_steps, frame_steps
from sigviz.training.arm import Arm
from sigviz.training.initializers import constant, linear_layers, matched
from sigviz.training.loop import train
from sigviz.training.losses import Loss, cross_entropy, linear_mse
from sigviz.training.networks import stacked
from sigviz.training.optimizers import SGD, Adam
from sigviz.training.plain import perceptron
from support.runs import finished

SIZES, ROWS, STEPS, RATE, SEEDS = [5, 8, 8, 3], 40, 100, 0.1, 2


def rows() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)
    x = torch.randn(ROWS, SIZES[0], generator=generator)
    return x, torch.randint(0, SIZES[-1], (ROWS,), generator=generator)


def network(activation: str, seed: int, sizes: list[int] = SIZES) -> nn.Sequential:
    return perceptron(linear_layers(sizes, matched(activation), seed), activation)


def arm(*activations: str, sizes: list[int] = SIZES, **more: object) -> Arm:
    """One arm, with all activations in one stack of the same kind."""
    x, y = rows()
    count = SEEDS * len(activations)
    batch = x.expand(count, -1, -1).contiguous(), y.expand(count, -1)
    parts: dict[str, object] = {
        "variants": activations,
        "model": stacked([network(name, s, sizes) for name in activations for s in range(SEEDS)]),
        "batch": lambda step: batch,
        "loss": cross_entropy,
        "optimizer": SGD(RATE),
    }
    return Arm(**{**parts, **more})  # type: ignore[arg-type]


def norm_of(layer: nn.Linear) -> float:
    assert layer.weight.grad is not None
    return float(layer.weight.grad.norm())


def plain(
    network: nn.Sequential, optimizer: torch.optim.Optimizer
) -> tuple[list[float], list[list[float]]]:
    """Losses and gradient norms of one network, trained as in any tutorial."""
    x, y = rows()
    seen, norms = [], []
    for step in range(STEPS + 1):
        loss = F.cross_entropy(network(x), y)
        optimizer.zero_grad()
        loss.backward()
        seen.append(loss.item())
        norms.append([norm_of(each) for each in network.children() if isinstance(each, nn.Linear)])
        if step < STEPS:
            optimizer.step()
    return seen, norms


def check(trace: Trace, variant: int, seed: int, network: nn.Sequential, rate: float) -> None:
    loss, norms = plain(network, torch.optim.SGD(network.parameters(), rate))
    np.testing.assert_allclose(trace.series["loss"][:, variant, seed], loss, rtol=1e-4, atol=1e-7)
    found = trace.series["gradient_norm"][:, :, variant, seed]
    np.testing.assert_allclose(found, norms, rtol=1e-4, atol=1e-7)


def test_arms_go_the_way_of_plain_loops() -> None:
    arms = [arm("sigmoid"), arm("tanh", optimizer=SGD(0.3)), arm("relu")]
    trace = finished(train(arms, steps=STEPS, seeds=SEEDS))
    for variant, (name, rate) in enumerate((("sigmoid", RATE), ("tanh", 0.3), ("relu", RATE))):
        for seed in range(SEEDS):
            check(trace, variant, seed, network(name, seed), rate)


def test_variants_of_one_shape_may_share_an_arm() -> None:
    apart = finished(train([arm("tanh"), arm("tanh")], steps=STEPS, seeds=SEEDS))
    together = finished(train([arm("tanh", "tanh")], steps=STEPS, seeds=SEEDS))
    for name, numbers in apart.series.items():
        np.testing.assert_allclose(together.series[name], numbers, rtol=1e-5, atol=1e-8)


def test_the_final_weights_are_those_of_a_plain_loop() -> None:
    trace = finished(train([arm("relu"), arm("tanh")], steps=STEPS, seeds=SEEDS))
    alone = network("tanh", 1)
    plain(alone, torch.optim.SGD(alone.parameters(), RATE))
    assert list(trace.weights) == ["relu", "tanh"]
    for name, value in alone.named_parameters():
        found = trace.weights["tanh"][name][1]
        np.testing.assert_allclose(found, value.detach(), rtol=1e-4, atol=1e-6)


def test_arms_may_differ_in_depth_and_optimizer() -> None:
    deep = [5, 8, 8, 8, 3]
    arms = [arm("sigmoid", optimizer=Adam(0.01)), arm("tanh", sizes=deep)]
    trace = finished(train(arms, steps=STEPS, seeds=SEEDS))
    for seed in range(SEEDS):
        check(
            Trace(
                steps=STEPS,
                series={name: numbers[:, ..., 1:, :] for name, numbers in trace.series.items()},
            ),
            0,
            seed,
            network("tanh", seed, deep),
            RATE,
        )
    assert trace.dims["gradient_norm"] == ("step", "layer", "variant", "seed")
    norms, hidden = trace.series["gradient_norm"], trace.series["activation_mean"]
    assert np.isnan(norms[:, 3, 0]).all()
    assert np.isfinite(norms[:, :3, 0]).all()
    assert np.isnan(hidden[:, 2, 0]).all()
    assert np.isfinite(hidden[:, 2, 1]).all()
    assert trace.diverged_at is None


def test_layers_of_unequal_width_are_sampled_too() -> None:
    sizes = [5, 7, 4, 3]
    trace = finished(train([arm("tanh", sizes=sizes)], steps=0, seeds=SEEDS))
    x, _ = rows()
    alone, layer = network("tanh", 1, sizes), 0
    for module in alone:
        x = module(x)
        if isinstance(module, nn.Tanh):
            seen = x[:SAMPLED_ROWS].detach()
            expected = {
                "mean": seen.mean(),
                "spread": seen.std(correction=0),
                "saturated": (1 - seen**2 < 0.1).float().mean(),
            }
            for name, value in expected.items():
                found = trace.series[f"activation_{name}"][0, layer, 0, 1]
                assert found == pytest.approx(value.item(), rel=1e-5)
            layer += 1
    assert layer == len(sizes) - 2


def diverging() -> Arm:
    """Linear regression with a learning rate a thousand times too large."""
    x, y = torch.ones(SEEDS, 4, 1) * 3, torch.zeros(SEEDS, 4, 1)
    layers = [linear_layers([1, 1], constant(1.0), seed) for seed in range(SEEDS)]
    model = stacked([perceptron(each, "sigmoid") for each in layers])
    return Arm(("lost",), model, lambda step: (x, y), linear_mse, SGD(5.0))


def test_divergence_ends_a_run_and_is_told() -> None:
    *_, last = train([diverging()], steps=200, seeds=SEEDS)
    assert last.done
    assert last.diverged == {"lost": last.diverged_at}
    assert last.diverged_at is not None
    assert last.step == last.diverged_at - 1
    assert np.isfinite(last.series["loss"]).all()
    assert len(last.series["loss"]) == last.diverged_at
    assert not last.weights, "they are not final"


@pytest.mark.parametrize("every", [0.0, 60.0])
def test_one_arm_may_end_and_the_others_go_on(every: float) -> None:
    well = arm("tanh", frame=lambda: {"one": torch.ones(SEEDS)})
    arms = [diverging(), well]
    *_, last = train(arms, steps=200, seeds=SEEDS, end_together=False, every=every)
    assert last.step == 200
    at = last.diverged["lost"]
    losses = last.series["loss"]
    assert np.isfinite(losses[:at]).all()
    assert np.isnan(losses[at:, 0]).all()
    assert np.isfinite(losses[:, 1]).all()
    assert np.isfinite(last.frames["one"][:, 1]).all()
    assert list(last.weights) == ["tanh"]


def test_a_run_ends_when_every_arm_has() -> None:
    *_, last = train([diverging()], steps=200, seeds=SEEDS, end_together=False)
    assert last.done
    assert last.step < 200


def test_final_weights_are_kept_of_as_many_seeds_as_fit() -> None:
    seeds = 5
    x, y = torch.zeros(seeds, 1, 1000), torch.zeros(seeds, 1, 300)
    layers = [linear_layers([1000, 300], matched("relu"), seed) for seed in range(seeds)]
    model = stacked([perceptron(each, "relu") for each in layers])
    one = Arm(("relu",), model, lambda step: (x, y), linear_mse, SGD(RATE))
    *earlier, last = train([one], steps=1, seeds=seeds, every=0.0)
    kept = last.weights["relu"]["0.weight"]
    assert kept.shape == (3, 300, 1000)
    assert last.nbytes > kept.nbytes
    np.testing.assert_array_equal(kept[2], model.state_dict()["0.weight"][2])
    assert not any(trace.weights for trace in earlier), "they are not final"


def test_traces_grow_and_the_rows_stay() -> None:
    one = arm("tanh")
    kept: Callable[[], dict[str, Tensor]] = lambda: {  # noqa: E731
        "weights": one.model.state_dict()["0.weight"].clone()
    }
    one = arm("tanh", model=one.model, frame=kept, checkpoint=lambda: {"mark": torch.ones(SEEDS)})
    dims = {"weights": ("variant", "seed", "unit", "input")}
    traces = list(train([one], steps=70, seeds=SEEDS, dims=dims, every=0.0))
    assert [trace.step for trace in traces] == list(range(71))
    assert [trace.done for trace in traces] == [False] * 70 + [True]
    for trace in traces:
        whole = traces[-1].series["loss"][: trace.step + 1]
        np.testing.assert_array_equal(trace.series["loss"], whole)
        assert len(trace.frames["weights"]) == len(trace.frame_steps)
        assert len(trace.frames["mark"]) == len(trace.steps_of("mark"))
    assert traces[-1].frame_steps == frame_steps(70)
    assert traces[-1].steps_of("mark") == checkpoint_steps(70)
    assert traces[-1].dims["weights"] == ("frame", *dims["weights"])


def test_dimensions_without_a_name_are_refused() -> None:
    one = arm("tanh", frame=lambda: {"table": torch.ones(SEEDS, 3)})
    with pytest.raises(ValueError, match="table has 3 dimensions"):
        list(train([one], steps=1, seeds=SEEDS))


def test_losses_of_the_users_own_are_taken() -> None:
    """A loss without a gradient by hand is autograd's."""
    mine = Loss(lambda outputs, targets: outputs.square().mean((1, 2)))
    trace = finished(train([arm("tanh", loss=mine)], steps=STEPS, seeds=SEEDS))
    assert (trace.series["loss"][-1] < trace.series["loss"][0]).all()
