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
from sigviz.trace import SAMPLED_ROWS, Array, Layer, Trace

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

_STEP = Recorded("updates of the weights before this line's numbers", "count")
_VARIANT = Recorded("what the run compares", "name")
_SEED = Recorded("where this network's random numbers start", "number")
_LAYER = Recorded("layer of weights, counted from 1 at the input", "number")


def recorded(settings: TrainingSettings) -> dict[str, Recorded]:
    """What every series means that a run of these settings may record."""
    return {**USUAL, **settings.RECORDED}


def run_csv(job: Job, trace: Trace) -> bytes:
    """Everything that was recorded, in a row for each step, variant, seed and layer.

    A number of a whole network stands in the row of each of its layers.
    """
    settings = job.settings
    variants, seeds = settings.variants, settings.seeds
    layers = trace.series["gradient_norm"].shape[1]
    steps = _kept(trace.step, len(variants) * len(seeds) * layers)
    shape = (len(steps), len(variants), len(seeds), layers)
    columns = {
        "step": _key(steps, 0, shape),
        "variant": _key(variants, 1, shape),
        "seed": _key(seeds, 2, shape),
        "layer": _key(range(1, layers + 1), 3, shape),
        **{series: _by_layer(rows[steps], shape) for series, rows in trace.series.items()},
    }
    known = recorded(settings)
    meanings = {"step": _STEP, "variant": _VARIANT, "seed": _SEED, "layer": _LAYER} | {
        series: known[series] for series in trace.series
    }
    every = int(steps[1]) if len(steps) > 1 else 1
    rows = "One row for each step, variant, seed and layer."
    if every > 1:
        rows += f" Of {every} steps one is kept, and the last one, {trace.step}."
    words = [*_origin(job, trace), *_results(settings, trace), rows]
    return _document(words, meanings, columns)


def weights_csv(job: Job, trace: Trace) -> bytes:
    """The final weights and biases, in a row for each variant, seed, layer, unit and input."""
    settings, whole = job.settings, [_with_bias(layer) for layer in trace.layers]
    variants, seeds = settings.variants, settings.seeds[: whole[0].shape[1]]
    columns = {
        "variant": pa.concat_arrays([_key(variants, 0, part.shape) for part in whole]),
        "seed": pa.concat_arrays([_key(seeds, 1, part.shape) for part in whole]),
        "layer": pa.array(np.repeat(range(1, len(whole) + 1), [part.size for part in whole])),
        "unit": pa.concat_arrays(
            [_key(range(1, part.shape[2] + 1), 2, part.shape) for part in whole]
        ),
        "input": pa.concat_arrays([_key(range(part.shape[3]), 3, part.shape) for part in whole]),
        "value": pa.array(np.concatenate([part.ravel() for part in whole])),
    }
    meanings = {
        "variant": _VARIANT,
        "seed": _SEED,
        "layer": _LAYER,
        "unit": Recorded("the layer's unit that the weight belongs to, from 1", "number"),
        "input": Recorded("the unit's input that is multiplied, from 1; 0: its bias", "number"),
        "value": Recorded(f"weight or bias after {trace.step} updates", "none"),
    }
    notes = []
    if len(seeds) < len(settings.seeds):
        notes.append(f"Only the first {len(seeds)} of {len(settings.seeds)} seeds are kept.")
    if job.table:
        features = enumerate(job.table.features, 1)
        notes += [f"input {i} of layer 1: {feature}" for i, feature in features]
    return _document([*_origin(job, trace), *notes], meanings, columns)


def _kept(last: int, rows_per_step: int) -> NDArray[np.intp]:
    """The steps from 0 to `last` that are written."""
    every = math.ceil((last + 1) * rows_per_step / MAX_ROWS)
    return np.unique([*range(0, last + 1, every), last]).astype(np.intp)


def _key(values: Iterable[object], axis: int, shape: tuple[int, ...]) -> pa.Array:
    """One of the columns that tell which row this is: its `values` along an `axis`, repeated."""
    across = np.arange(shape[axis], dtype=np.int32).reshape(
        [-1 if i == axis else 1 for i in range(len(shape))]
    )
    where = pa.array(np.broadcast_to(across, shape).ravel())
    return pa.array(list(values)).take(where)


def _by_layer(rows: Array, shape: tuple[int, ...]) -> pa.Array:
    """A series ``[steps, variants, seeds]`` or ``[steps, layers, variants, seeds]`` as a column.

    Layers that a series does not have, the output layer in most, are left empty.
    """
    if rows.ndim == len(shape) - 1:
        return pa.array(np.broadcast_to(rows[..., None], shape).ravel())
    missing = shape[3] - rows.shape[1]
    padded = np.pad(np.moveaxis(rows, 1, -1), [(0, 0)] * 3 + [(0, missing)])
    empty = np.arange(shape[3]) >= rows.shape[1]
    return pa.array(padded.ravel(), mask=np.broadcast_to(empty, shape).ravel())


def _with_bias(layer: Layer) -> Array:
    """A layer's parameters ``[variants, seeds, units, 1 + inputs]``, the bias first."""
    weights = layer.weights.swapaxes(2, 3)
    return np.concatenate([layer.biases[..., None], weights], axis=-1)


def _origin(job: Job, trace: Trace) -> list[str]:
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


def _document(
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
