"""The worked maths: the numbers put in are the run's, and what comes out is on the page."""

import re
import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from torch import nn

from sigviz.experiments.initialization.maths import activation_square, apart_by, predicted
from sigviz.experiments.initialization.run import data
from sigviz.experiments.mse_vs_bce.maths import Neuron, formula_of, update
from sigviz.experiments.registry import find, names
from sigviz.experiments.sigmoid_curve.maths import update as neuron_update
from sigviz.experiments.sigmoid_vs_softmax.maths import exponentials
from sigviz.experiments.vanishing_gradients.chain import chain
from sigviz.experiments.vanishing_gradients.maths import factors
from sigviz.settings import Job
from sigviz.text import latex
from sigviz.trace import Trace
from sigviz.training import datasets
from sigviz.training.initializers import INITIALIZERS, linear_layers
from sigviz.training.losses import bce, bce_with_logits, focal, mse
from sigviz.training.networks import stacked
from sigviz.training.plain import perceptron
from support.runs import finished
from tests.strategies import short

every_experiment = pytest.mark.parametrize("name", names())


@cache
def ran(name: str, **settings: Any) -> tuple[Job[Any], Trace]:
    job = find(name).job(**{"repeats": 2, "steps": 12, **settings})
    return job, finished(find(name).run(job))


def every_text(job: Job, trace: Trace) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [
            find(job.experiment).worked(job, trace, frame, variant)
            for frame in range(len(trace.worked_steps))
            for variant in range(len(job.settings.variants))
        ]


@every_experiment
def test_every_step_and_variant_is_worked_through(name: str) -> None:
    job, trace = ran(name)
    texts = every_text(job, trace)
    assert len(set(texts)) == len(texts) == 13 * len(job.settings.variants)
    for text in texts:
        assert text.count("$") % 2 == 0
        assert not re.search(r"nan|undefined|e[+-]\d", text)


@every_experiment
@hypothesis_settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_run_can_be_worked_through(name: str, data: st.DataObject) -> None:
    job = data.draw(short(find(name)))
    trace = finished(find(name).run(job))
    for text in every_text(job, trace):
        assert not re.search(r"nan|inf\b|e[+-]\d", text)


@pytest.mark.parametrize("settings", [{}, {"depth": 50, "activations": ("sigmoid",)}])
def test_the_chain_rules_factors_multiply_to_the_recorded_norms(settings: dict[str, Any]) -> None:
    job, trace = ran("vanishing-gradients", repeats=1, **settings)
    for variant in range(len(job.settings.variants)):
        for frame in range(len(trace.worked_steps)):
            delta = trace.frames["delta"][frame, variant].astype(float)
            weight, slope = factors(trace, frame, variant)
            assert weight * slope == pytest.approx(delta[0] / delta[-1], rel=1e-5)
    assert (trace.frames["slope_factor"][:, 0] <= 0.25).all()
    assert (trace.frames["slope_factor"] <= 1).all()


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_the_chain_rules_norms_are_autograds(activation: str) -> None:
    layers = linear_layers([64, 8, 8, 8, 10], INITIALIZERS["default"], seed=3)
    module = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[activation]
    plain = nn.Sequential(*[part for layer in layers for part in (layer, module())][:-1])
    sums: list[torch.Tensor] = []

    def keep(_module: nn.Module, _inputs: Any, output: torch.Tensor) -> None:
        output.retain_grad()
        sums.append(output)

    for layer in layers:
        layer.register_forward_hook(keep)
    data = datasets.digits()
    x, y = data.x[:20], data.y[:20]
    nn.CrossEntropyLoss()(plain(x), y).backward()
    with torch.no_grad():
        stack = stacked([perceptron(layers, activation)])
        stack.forward(x[None])
        found = {name: part[0] for name, part in chain(stack, activation, x, y).items()}
    slopes = [z.grad for z in sums if z.grad is not None]
    wanted = [slope.norm().item() for slope in slopes]
    np.testing.assert_allclose(found["delta"], wanted, rtol=1e-5)
    arriving = [
        (slope @ layer.weight).norm().item() for slope, layer in zip(slopes, layers, strict=True)
    ][1:]
    np.testing.assert_allclose(found["weight_factor"], np.divide(arriving, wanted[1:]), rtol=1e-5)


def test_the_recorded_chain_is_that_of_the_first_batch() -> None:
    """The first layer's gradient is δ₁ times the inputs, so a plain network must have both."""
    job, trace = ran("vanishing-gradients", depth=2, activations=("tanh",), seed=5)
    settings = job.settings
    layers = linear_layers(settings.layer_sizes(), INITIALIZERS["xavier-uniform"], seed=5)
    plain = nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2])
    data = datasets.digits()
    x, y = datasets.Batches(data.x, data.y, settings.batch_size, settings.seeds)(0)
    hidden = layers[0](x[0])
    loss = nn.CrossEntropyLoss()(plain[1:](hidden), y[0])
    delta, gradient = torch.autograd.grad(loss, (hidden, layers[0].weight))
    assert trace.frames["delta"][0, 0, 0] == pytest.approx(delta.norm().item(), rel=1e-5)
    norm = gradient.norm().item()
    assert trace.series["gradient_norm"][0, 0, 0, 0] == pytest.approx(norm, rel=1e-5)


def test_a_chain_that_has_underflowed_has_factors_of_zero() -> None:
    dead = stacked([perceptron(linear_layers([4, 4, 3], INITIALIZERS["zeros"], 0), "relu")])
    x = torch.ones(2, 4)
    with torch.no_grad():
        dead.forward(x[None])
    found = chain(dead, "relu", x, torch.tensor([0, 1]))
    assert [found[name][0, 0] for name in ("delta", "weight_factor", "slope_factor")] == [0, 0, 0]


def test_the_fitted_neurons_next_update_is_the_runs() -> None:
    job, trace = ran("sigmoid-curve", learning_rate=2, weight=-1.5)
    for frame, at in enumerate(trace.frame_steps[:-1]):
        now = neuron_update(job.settings, trace, frame)
        assert now.next_weight == pytest.approx(trace.series["weight"][at + 1, 0, 0], rel=1e-5)
        assert now.next_bias == pytest.approx(trace.series["bias"][at + 1, 0, 0], rel=1e-4)
        text = find("sigmoid-curve").worked(job, trace, frame, 0)
        assert f"&= {latex.number(now.next_weight)}\n" in text.replace(r" \\[2pt]", "")


@pytest.mark.parametrize("problem", ["one-neuron", "breast-cancer"])
def test_each_losss_next_update_is_the_runs(problem: str) -> None:
    losses = ("mse", "bce", "bce-with-logits", "focal")
    job, trace = ran("mse-vs-bce", problem=problem, losses=losses)
    for variant in range(len(losses)):
        for frame in range(len(trace.frame_steps) - 1):
            weight, bias = update(job.settings, trace, frame, variant)
            recorded = trace.frames["weight"], trace.frames["bias"]
            assert weight == pytest.approx(recorded[0][frame + 1, variant, 0], rel=1e-5)
            assert bias == pytest.approx(recorded[1][frame + 1, variant, 0], abs=1e-6)
            text = find("mse-vs-bce").worked(job, trace, frame, variant)
            assert f"&= {latex.number(weight)} " in text


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("logit", [-6.0, -0.3, 0.0, 4.5])
def test_each_losss_formula_is_autograds(logit: float, target: int) -> None:
    settings = find("mse-vs-bce").job(focal_alpha=0.3, focal_gamma=1.7).settings
    functions = {
        "mse": mse,
        "bce": bce,
        "bce-with-logits": bce_with_logits,
        "focal": focal(0.3, 1.7),
    }
    for name, function in functions.items():
        z = torch.tensor([[[logit]]], dtype=torch.float64, requires_grad=True)
        loss = function(z, torch.full_like(z, target)).sum()
        (slope,) = torch.autograd.grad(loss, z)
        formula = formula_of(settings, name, Neuron(logit, target))  # type: ignore[arg-type]
        assert formula.loss_value == pytest.approx(loss.item(), rel=1e-9)
        assert formula.gradient_value == pytest.approx(slope.item(), rel=1e-9)


def test_where_float32_loses_the_formulas_digits_the_text_says_so() -> None:
    losses = ("bce", "bce-with-logits")
    job, trace = ran("mse-vs-bce", losses=losses, start_weight=10, start_bias=10)
    clamped, stable = (find("mse-vs-bce").worked(job, trace, 0, i) for i in range(2))
    assert "float32" in clamped
    assert "cuts its logarithms off" in clamped
    assert "float32" not in stable


def test_exponentials_over_their_sum_are_the_pages_probabilities() -> None:
    job, trace = ran("sigmoid-vs-softmax", temperature=0.5)
    powers = exponentials(np.array(job.settings.logits) / 0.5)
    for i, power in enumerate(powers, 1):
        assert power / powers.sum() == pytest.approx(trace.metrics[f"softmax_{i}"], rel=1e-5)
    logits = trace.frames["sample_logits"][:, 0, 0]
    powers = exponentials(logits)
    shares = powers / powers.sum(1, keepdims=True)
    np.testing.assert_allclose(shares, trace.frames["answers"][:, 0, 0], rtol=1e-4)


def test_the_printed_exponentials_add_up() -> None:
    job, trace = ran("sigmoid-vs-softmax")
    text = find("sigmoid-vs-softmax").worked(job, trace, 0, 0).split("**The sample")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    powers = [float(row[2]) for row in rows[2:6]]
    shares = [float(row[3]) for row in rows[2:6]]
    assert len(powers) == 4
    np.testing.assert_allclose(np.divide(powers, sum(powers)), shares, atol=2e-4)


def test_the_variance_recursion_foretells_a_wide_networks_sums() -> None:
    """Many independent weights: what the theory is about. The last layer has a single unit."""
    job, trace = ran("initialization", schemes=("he-uniform",), width=64, depth=5, steps=1)
    theory, sums = predicted(job.settings, trace, 0, 0), trace.frames["sum_square"][0, 0, 0]
    np.testing.assert_allclose(sums[:-1], theory[:-1], rtol=0.35)
    assert activation_square(0) == pytest.approx(0.25)
    assert activation_square(1e6) == pytest.approx(0.5, abs=0.001)
    z = 3 * torch.randn(1_000_000, generator=torch.Generator().manual_seed(0))
    assert activation_square(9) == pytest.approx(z.sigmoid().square().mean().item(), rel=0.003)


def test_the_measured_sums_are_a_plain_networks() -> None:
    job, trace = ran("initialization", schemes=("default",), depth=2, steps=1)
    settings = job.settings
    x, _ = data(settings)
    layers = linear_layers(settings.layer_sizes(), INITIALIZERS["default"], settings.seed)
    z = layers[0](x[0])
    sums = [z]
    for layer in layers[1:]:
        sums.append(layer(torch.sigmoid(sums[-1])))
    wanted = [z.square().mean().item() for z in sums]
    np.testing.assert_allclose(trace.frames["sum_square"][0, 0, 0], wanted, rtol=1e-5)


def test_equal_units_are_shown_to_stay_equal() -> None:
    job, trace = ran("initialization")
    constant, xavier = (job.settings.schemes.index(name) for name in ("constant", "xavier-uniform"))
    for frame in range(len(trace.frame_steps)):
        assert apart_by(trace, frame, constant) < 1e-4
        assert apart_by(trace, frame, xavier) > 0.1
    gradients = trace.frames["unit_gradient"][0, constant, 0]
    assert (gradients != 0).all()
    np.testing.assert_allclose(gradients, gradients[0], rtol=1e-5)
