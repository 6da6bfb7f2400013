"""A run's final weights as tidy CSV."""

from itertools import chain

import numpy as np
import pyarrow as pa

from sigviz.settings import Job, Recorded
from sigviz.takeaway.tidy import DIMENSIONS, document, key, origin
from sigviz.trace import Array, Trace, layers_of

LINEAR = {"weight", "bias"}
"""What a linear layer's parameters are called; a file with others names them."""


def weights_csv(job: Job, trace: Trace) -> bytes:
    """The final parameters, in a row for each variant, seed, layer, unit and input.

    Where layers are not linear ones, a column has PyTorch's names of the parameters.
    """
    layers = {variant: [*layers_of(named).values()] for variant, named in trace.weights.items()}
    blocks = [
        _block(job, variant, number, own[number - 1])
        for number in range(1, max(map(len, layers.values())) + 1)
        for variant, own in layers.items()
        if number <= len(own)
    ]
    tables = pa.concat_tables(chain.from_iterable(blocks))
    if set(tables["parameter"].to_pylist()) <= LINEAR:
        tables = tables.drop_columns("parameter")
    meanings = {
        **{name: DIMENSIONS[name] for name in ("variant", "seed", "layer")},
        "parameter": Recorded("what PyTorch calls it", "name"),
        "unit": Recorded("the layer's unit that the weight belongs to, from 1", "number"),
        "input": Recorded("the unit's input that is multiplied, from 1; 0: its bias", "number"),
        "value": Recorded(f"weight or bias after {trace.step} updates", "none"),
    }
    columns = {name: tables[name] for name in tables.column_names}
    notes = []
    kept, wanted = len(kept_seeds(job, trace)), len(job.settings.seeds)
    if kept < wanted:
        notes.append(f"Only the first {kept} of {wanted} seeds are kept.")
    if job.table:
        features = enumerate(job.table.features, 1)
        notes += [f"input {i} of layer 1: {feature}" for i, feature in features]
    described = {name: meanings[name] for name in columns}
    return document([*origin(job, trace), *notes], described, columns)


def kept_seeds(job: Job, trace: Trace) -> list[int]:
    """The seeds whose final weights there are."""
    named = next(iter(trace.weights.values()))
    return job.settings.seeds[: len(next(iter(named.values())))]


def _block(job: Job, variant: str, number: int, layer: dict[str, Array]) -> list[pa.Table]:
    """The rows of one layer of one variant; vectors, a bias first of all, stand before matrices."""
    vectors = {name: rows[..., None] for name, rows in layer.items() if rows.ndim == 2}
    matrices = {name: rows for name, rows in layer.items() if rows.ndim == 3}
    if set(vectors) == {"bias"} and set(matrices) == {"weight"}:
        # A unit's bias stands before its weights.
        both = np.concatenate([vectors["bias"], matrices["weight"]], axis=-1)
        return [_rows(job, variant, number, "weight", both, first_input=0)]
    first = dict.fromkeys(vectors, 0) | dict.fromkeys(matrices, 1)
    return [
        _rows(job, variant, number, name, rows, first_input=first[name])
        for name, rows in (vectors | matrices).items()
    ]


def _rows(
    job: Job, variant: str, number: int, name: str, values: Array, *, first_input: int
) -> pa.Table:
    """The rows of ``[seeds, units, inputs]``."""
    seeds, units, inputs = values.shape
    shape = (1, seeds, 1, 1, units, inputs)
    return pa.table(
        {
            "variant": key([variant], 0, shape),
            "seed": key(job.settings.seeds[:seeds], 1, shape),
            "layer": key([number], 2, shape),
            "parameter": key([name], 3, shape),
            "unit": key(range(1, units + 1), 4, shape),
            "input": key(range(first_input, first_input + inputs), 5, shape),
            "value": pa.array(values.ravel()),
        }
    )
