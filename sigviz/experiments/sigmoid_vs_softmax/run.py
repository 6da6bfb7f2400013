"""Train one linear layer with each head: the same data, the same first weights for all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sigviz.experiments.sigmoid_vs_softmax.settings import CLASSES, Settings
from sigviz.metrics import by_variant
from sigviz.settings import Job
from sigviz.trace import Array, Trace
from sigviz.training import datasets
from sigviz.training.arm import Arm
from sigviz.training.initializers import INITIALIZERS, linear_layers
from sigviz.training.loop import train
from sigviz.training.losses import bce_with_logits, cross_entropy, each_its_own, softmax_twice
from sigviz.training.networks import stacked
from sigviz.training.optimizers import SGD
from sigviz.training.plain import perceptron

LOSSES = {"softmax": cross_entropy, "sigmoid": bce_with_logits, "softmax-twice": softmax_twice}

PLANE = {"iris": (2, 3)}
"""The two features over which the answers are drawn, if not the first two; for iris the petals'
length and width."""

SAMPLE_FLOWER = 119
"""Row of the iris whose answers are shown: a virginica at the border to versicolor."""

GRID = 40
"""Points of the plane along each side."""

MOST_POINTS = 500
"""Of more rows than this, so many are drawn over the plane, at random."""


@dataclass(frozen=True)
class Data:
    """What the networks are trained on, one slice for each seed.

    Attributes:
        x: ``[seeds, rows, features]``.
        labels: 1 where a row has a label and 0 elsewhere, ``[seeds, rows, classes]``.
        sample: One more input, the same for all, ``[features]``.
        sample_row: Its row number in `x`, from 0; −1 if it is in none.
        exclusive: Every row has exactly one label.
    """

    x: Tensor
    labels: Tensor
    sample: Tensor
    exclusive: bool
    sample_row: int = -1


DIMS = {
    "regions": ("variant", "upright", "across"),
    **dict.fromkeys(("answers", "sample_logits"), ("variant", "seed", "class")),
}


def run(job: Job[Settings]) -> Iterator[Trace]:
    """Train ``heads × repeats`` networks; hands out the trace as it grows.

    Frames, of each network: ``answers`` and ``sample_logits`` by class, the probabilities for the
    sample and the logits behind them; ``accuracy``, ``sum_low`` and ``sum_high``. Of the first seed
    of each head: ``regions`` over the plane, the winning class plus its probability or, for several
    labels, how many of them are above one half.
    """
    settings, data = job.settings, _data(job)
    heads, seeds = settings.heads, settings.seeds
    initialize = INITIALIZERS["xavier-uniform"]
    stack = stacked(
        [
            perceptron(linear_layers(job.layer_sizes, initialize, seed), "sigmoid")
            for _ in heads
            for seed in seeds
        ]
    )
    x, labels = data.x.repeat(len(heads), 1, 1), data.labels.repeat(len(heads), 1, 1)
    answers = labels.argmax(-1)
    shares = _shares(data.labels)
    targets = torch.cat([data.labels if head == "sigmoid" else shares for head in heads])
    plane, fixed = _plane(settings, data)
    floor = float(np.median(softmax_floor(shares)))

    def probabilities(at: Tensor) -> Tensor:
        """Each head's probabilities ``[K, points, classes]``."""
        logits = stack.evaluate(at)
        parts = zip(heads, logits.split(len(seeds)), strict=True)
        return torch.cat(
            [part.sigmoid() if head == "sigmoid" else part.softmax(-1) for head, part in parts]
        )

    def frame() -> dict[str, Tensor]:
        everywhere = probabilities(plane.expand(len(x), -1, -1))[:: len(seeds)]
        answered = _winner(everywhere) if data.exclusive else (everywhere > 0.5).sum(-1).float()
        p = probabilities(x)
        sums = p.sum(-1)
        right = p.argmax(-1) == answers if data.exclusive else ((p > 0.5) == labels.bool()).all(-1)
        return {
            "regions": answered.view(-1, GRID, GRID),
            "sample_logits": stack.evaluate(data.sample.expand(len(x), 1, -1))[:, 0],
            "answers": probabilities(data.sample.expand(len(x), 1, -1))[:, 0],
            "accuracy": right.mean(1, dtype=torch.float32),
            "sum_low": sums.amin(1),
            "sum_high": sums.amax(1),
        }

    def metrics(trace: Trace) -> dict[str, float]:
        return {
            **by_variant("final_loss", heads, trace.series["loss"][-1]),
            **{
                name: value
                for metric in ("accuracy", "sum_low", "sum_high")
                for name, value in by_variant(metric, heads, trace.frames[metric][-1]).items()
            },
            "loss_floor": floor,
            **{
                f"{function}_{i}": float(value)
                for function in ("softmax", "sigmoid")
                for i, value in enumerate(fixed[function], 1)
            },
        }

    arm = Arm(
        variants=heads,
        model=stack,
        batch=lambda step: (x, targets),
        loss=each_its_own([LOSSES[head] for head in heads], len(seeds)),
        optimizer=SGD(settings.learning_rate),
        frame=frame,
    )
    return train(
        [arm],
        steps=settings.steps,
        seeds=len(seeds),
        dims=DIMS,
        fixed=fixed,
        metrics=metrics,
    )


def softmax_floor(shares: Tensor) -> Tensor:
    """The least loss ``[K]`` of a Softmax layer before ``CrossEntropyLoss``, in nats.

    The loss takes the layer's probabilities for logits. Over all probabilities it is convex and,
    for equal `shares` ``[K, rows, classes]`` of a row's labels, smallest where they are those
    shares. With one class per row that is log(1 + (C − 1)/e): a single 1 among zeros.
    """
    return cross_entropy(shares, shares)


def _data(job: Job[Settings]) -> Data:
    settings = job.settings
    if settings.dataset == "iris":
        return _same_for_all(job, *datasets.iris(), SAMPLE_FLOWER)
    if job.table is not None:
        x, y = datasets.own_classes(job.table)
        return _same_for_all(job, x, y, _at_a_border(x, y))
    draw = datasets.blobs if settings.dataset == "blobs" else datasets.multi_label
    drawn = [draw(job.rows, seed) for seed in settings.seeds]
    x, y = (torch.stack(part) for part in zip(*drawn, strict=True))
    exclusive = settings.dataset == "blobs"
    labels = F.one_hot(y, CLASSES).float() if exclusive else y
    return Data(x, labels, torch.zeros(x.shape[-1]), exclusive)


def _same_for_all(job: Job[Settings], x: Tensor, y: Tensor, sample: int) -> Data:
    """Every seed's network gets all rows; one of them is the sample."""
    labels = F.one_hot(y, job.layer_sizes[-1]).float()
    repeats = job.settings.repeats
    return Data(x.repeat(repeats, 1, 1), labels.repeat(repeats, 1, 1), x[sample], True, sample)


def _at_a_border(x: Tensor, y: Tensor) -> int:
    """The row whose distances from the two nearest classes' means differ least."""
    means = torch.stack([x[y == i].mean(0) for i in range(int(y.max()) + 1)])
    nearest = torch.cdist(x, means).sort(1).values
    return int((nearest[:, 1] - nearest[:, 0]).argmin())


def _shares(labels: Tensor) -> Tensor:
    """Labels as a distribution over the classes: equal shares, for no label all classes alike."""
    count = labels.sum(-1, keepdim=True)
    return torch.where(count > 0, labels / count.clamp(min=1), 1 / labels.shape[-1])


def _winner(probabilities: Tensor) -> Tensor:
    """Class number plus the class's probability, which stays below 1 to tell the two apart."""
    highest = probabilities.max(-1)
    return highest.indices + highest.values.clamp(max=0.999)


def _plane(settings: Settings, data: Data) -> tuple[Tensor, dict[str, Array]]:
    """Inputs ``[GRID², features]`` all over the plane, and what the charts need besides.

    Features that are not drawn are held at 0, their mean. Where there is but one, the points stand
    one class above the other.
    """
    x, labels = data.x[0], data.labels[0]
    kind = (labels.argmax(-1) if data.exclusive else labels.sum(-1)).float()
    across = list(PLANE.get(settings.dataset, (0, 1)))[: x.shape[1]]
    points = x[:, across] if len(across) > 1 else torch.column_stack([x, kind])
    sides = [
        torch.linspace(float(values.min()) - 0.3, float(values.max()) + 0.3, GRID)
        for values in points.T
    ]
    plane = torch.zeros(GRID, GRID, x.shape[1])
    for feature, values in zip(across, torch.meshgrid(*sides, indexing="xy"), strict=False):
        plane[..., feature] = values
    drawn = _drawn(len(points))
    at = data.sample_row
    scores = torch.tensor(settings.logits) / settings.temperature
    fixed = {
        "plane_x": sides[0],
        "plane_y": sides[1],
        "points": points[drawn],
        "kind": kind[drawn],
        "sample": data.sample[across] if at < 0 else points[at],
        "sample_row": torch.tensor([float(at)]),
        "softmax": scores.softmax(0),
        "sigmoid": scores.sigmoid(),
    }
    return plane.flatten(0, 1), {name: values.numpy() for name, values in fixed.items()}


def _drawn(rows: int) -> Tensor:
    """Which rows are drawn over the plane; not every so many, which could miss a whole class."""
    if rows <= MOST_POINTS:
        return torch.arange(rows)
    shuffled = torch.randperm(rows, generator=torch.Generator().manual_seed(0))
    return shuffled[:MOST_POINTS].sort().values
