"""Train both kinds on the same sequences."""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor, nn

from sigviz.metrics import by_variant
from sigviz.settings import Job
from sigviz.trace import Trace
from sigviz.training.arm import Arm
from sigviz.training.loop import train
from sigviz.training.losses import cross_entropy
from sigviz.training.networks import stacked
from sigviz.training.optimizers import Adam
from sigviz.training.plain import LastState

from .settings import HIDDEN, ROWS, Settings


def run(job: Job[Settings]) -> Iterator[Trace]:
    """Train ``kinds × repeats`` networks. Checkpoints: ``accuracy`` of each on held-out rows."""
    settings = job.settings

    def metrics(trace: Trace) -> dict[str, float]:
        return {
            **by_variant("final_loss", settings.variants, trace.series["loss"][-1]),
            **by_variant("accuracy", settings.variants, trace.frames["accuracy"][-1]),
        }

    return train(
        [_arm(settings, kind) for kind in settings.kinds],
        steps=settings.steps,
        seeds=settings.repeats,
        end_together=False,
        metrics=metrics,
    )


def _arm(settings: Settings, kind: str) -> Arm:
    model = stacked([_network(kind, settings.length, seed) for seed in settings.seeds])
    x, y = _sequences(settings, kind, offset=0)
    held_out, truth = _sequences(settings, kind, offset=1000)

    def checkpoint() -> dict[str, Tensor]:
        right = model.evaluate(held_out).argmax(2) == truth
        return {"accuracy": right.mean(1, dtype=torch.float32)}

    return Arm(
        variants=(kind,),
        model=model,
        batch=lambda step: (x, y),
        loss=cross_entropy,
        optimizer=Adam(settings.learning_rate),
        held_out=(held_out, truth),
        checkpoint=checkpoint,
        clip_at=1.0,
    )


def _network(kind: str, length: int, seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    if kind == "lstm":
        lstm = nn.LSTM(1, HIDDEN, batch_first=True)
        return nn.Sequential(lstm, LastState(), nn.Linear(HIDDEN, 2))
    hidden = nn.Linear(length, HIDDEN)
    return nn.Sequential(hidden, nn.BatchNorm1d(HIDDEN), nn.Sigmoid(), nn.Linear(HIDDEN, 2))


def _sequences(settings: Settings, kind: str, offset: int) -> tuple[Tensor, Tensor]:
    """One batch for each seed, with a time axis for what has one."""
    drawn = [
        torch.randn(ROWS, settings.length, generator=Generator().manual_seed(seed + offset))
        for seed in settings.seeds
    ]
    x = torch.stack(drawn)
    return x.unsqueeze(3) if kind == "lstm" else x, (x[..., 0] > 0).long()
