"""The numbers of a run as tidy CSV: a row for each observation, and what each column means.

The data dictionary stands above the numbers, in lines that begin with ``#``; ``read_csv`` of
pandas leaves them out with ``comment="#"``. Numbers are written with as many digits as float32
needs to be read back as the same number.
"""

import math
import shlex
from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from sigviz.settings import Job, Recorded, TrainingSettings, fields_of
from sigviz.takeaway.command import command
from sigviz.trace import SAMPLED_ROWS, Array, Dims, Trace

MAX_ROWS = 1_000_000
"""Of a run with many more, every second step is written, or every third, …, and the last."""

USUAL: Mapping[str, Recorded] = {
    "loss": Recorded(
        "the network's own loss, over this step's rows; the same on each of its layers' lines",
        "nats for cross-entropies, the targets' unit squared for MSE",
    ),
    "gradient_norm": Recorded(
        "Frobenius norm of the layer's weight gradient, before this step's update",
        "loss per unit of weight",
    ),
    "activation_mean": Recorded(
        f"mean of the layer's activations over its units and the first {SAMPLED_ROWS} rows of the "
        "step; empty for the output layer",
        "units of the activation",
    ),
    "activation_spread": Recorded(
        "standard deviation of the same activations",
        "units of the activation",
    ),
    "activation_saturated": Recorded(
        "those of them whose slope is below a tenth of its largest value", "share, 0 to 1"
    ),
}
"""The series that every training keeps; the last three where the network has hidden layers."""

_GRID = Recorded("updates of the weights before this line's numbers", "count")
DIMENSIONS: Mapping[str, Recorded] = {
    "step": _GRID,
    "variant": Recorded("what the run compares", "name"),
    "seed": Recorded("where this network's random numbers start", "number"),
    "layer": Recorded("layer of weights, counted from 1 at the input", "number"),
    "unit": Recorded("the layer's unit, counted from 1", "number"),
    "time": Recorded("time step of the sequence, counted from 1", "number"),
}
"""What the columns mean that tell which row this is."""


def recorded(settings: TrainingSettings) -> dict[str, Recorded]:
    """What every series means that a run of these settings may record."""
    return {**USUAL, **settings.RECORDED}


def run_csv(job: Job, trace: Trace) -> bytes:
    """Everything that was recorded at every step, in a row for each step, variant, seed and layer.

    A row for each value of every dimension that a series has; a number without one of them, as of a
    whole network, stands in the row of each of its values.
    """
    settings = job.settings
    sizes = _sizes(trace)
    per_step = math.prod(size for name, size in sizes.items() if name != "step")
    steps = _kept(trace.step, per_step)
    sizes["step"] = len(steps)
    shape = tuple(sizes.values())
    values: dict[str, Iterable[object]] = {
        "step": steps,
        "variant": settings.variants,
        "seed": settings.seeds,
    }
    columns = {
        name: key(values.get(name, range(1, size + 1)), at, shape)
        for at, (name, size) in enumerate(sizes.items())
    }
    for name, rows in trace.series.items():
        columns[name] = _column(rows[steps], trace.dims[name], sizes)
    known = recorded(settings)
    meanings = {name: DIMENSIONS[name] for name in sizes}
    meanings |= {name: known[name] for name in trace.series}
    every = int(steps[1]) if len(steps) > 1 else 1
    *some, last = sizes
    note = f"One row for each {', '.join(some)} and {last}."
    if every > 1:
        note += f" Of {every} steps one is kept, and the last one, {trace.step}."
    words = [*origin(job, trace), *_results(settings, trace), note]
    return document(words, meanings, columns)


def _sizes(trace: Trace) -> dict[str, int]:
    """The dimensions of all series and how long they are: step, variant, seed, then the others."""
    sizes = {"step": 0, "variant": 0, "seed": 0}
    for name, rows in trace.series.items():
        for dimension, length in zip(trace.dims[name], rows.shape, strict=True):
            sizes[dimension] = max(sizes.get(dimension, 0), length)
    return sizes


def _kept(last: int, rows_per_step: int) -> NDArray[np.intp]:
    """The steps from 0 to `last` that are written."""
    every = math.ceil((last + 1) * rows_per_step / MAX_ROWS)
    return np.unique([*range(0, last + 1, every), last]).astype(np.intp)


def key(values: Iterable[object], axis: int, shape: tuple[int, ...]) -> pa.Array:
    """One of the columns that tell which row this is: its `values` along an `axis`, repeated."""
    across = np.arange(shape[axis], dtype=np.int32).reshape(
        [-1 if i == axis else 1 for i in range(len(shape))]
    )
    where = pa.array(np.broadcast_to(across, shape).ravel())
    return pa.array(list(values)).take(where)


def _column(rows: Array, dims: Dims, sizes: Mapping[str, int]) -> pa.Array:
    """A series as a column of a row for every value of all dimensions.

    Where there is no number it is left empty: layers that a series does not have, the output layer
    in most, and steps after which a variant was not trained on.
    """
    missing = [(0, sizes[name] - length) for name, length in zip(dims, rows.shape, strict=True)]
    padded = np.pad(rows, missing, constant_values=np.nan)
    order = sorted(range(len(dims)), key=lambda at: list(sizes).index(dims[at]))
    ordered = padded.transpose(order).reshape(
        [size if name in dims else 1 for name, size in sizes.items()]
    )
    whole = np.broadcast_to(ordered, tuple(sizes.values())).ravel()
    return pa.array(whole, mask=np.isnan(whole))


def origin(job: Job, trace: Trace) -> list[str]:
    """Where the numbers come from."""
    settings = job.settings
    lines = [f"sigviz: {settings.TITLE}", f"command: {shlex.join(command(job))}"]
    for name, field in fields_of(type(settings)).items():
        if settings.matters(name):
            value = field.write(getattr(settings, name))
            lines.append(f"setting {name} = {value} ({field.title})")
    if trace.diverged_at is not None:
        lines.append(f"The training diverged at step {trace.diverged_at}.")
    elif not trace.done:
        lines.append(f"The training was stopped at step {trace.step} of {trace.steps}.")
    return lines


def _results(settings: TrainingSettings, trace: Trace) -> list[str]:
    """The run's metrics, and what each of them means."""
    names = settings.metrics()
    lines = [f"metric {metric.name}: {metric.help}" for metric in dict.fromkeys(names.values())]
    return lines + [f"median of the seeds: {name} = {trace.metrics[name]:.9g}" for name in names]


def document(
    words: list[str], meanings: Mapping[str, Recorded], columns: Mapping[str, pa.Array]
) -> bytes:
    """A data dictionary and, under it, the columns."""
    described = [f"{key}: {each.meaning} [{each.unit}]" for key, each in meanings.items()]
    lines = [" ".join(f"# {line}".split()) for line in [*words, *described]]
    head = "\n".join([*lines, ",".join(columns), ""])
    numbers = pa.BufferOutputStream()
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    csv.write_csv(pa.table(dict(columns)), numbers, options)
    return bytes(head.encode() + numbers.getvalue().to_pybytes())
