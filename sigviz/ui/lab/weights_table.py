"""The final weights of one network, a layer at a time."""

from functools import partial

import pyarrow as pa
import streamlit as st

from sigviz.charts.palette import label
from sigviz.settings import Job
from sigviz.takeaway.weights import kept_seeds, weights_csv
from sigviz.trace import Array, Trace, layers_of
from sigviz.ui.components.download import download


def weights_table(job: Job, trace: Trace, *, over: bool) -> None:
    """A table of one layer's weights and biases, and all of them to download."""
    st.markdown("**Final weights**")
    if not trace.weights:
        st.caption(_why_none(trace, over=over))
        return
    name, settings, kept = job.experiment, job.settings, kept_seeds(job, trace)
    with st.grid(3, min_column_width=130, gap="small"):
        variant = st.selectbox(
            "Variant",
            tuple(trace.weights),
            format_func=partial(label, settings),
            key=f"{name}/weights-variant",
        )
        seed = st.selectbox("Seed", kept, key=f"{name}/weights-seed")
        layers = list(layers_of(trace.weights[variant]).values())
        number = st.selectbox(
            "Layer",
            range(1, len(layers) + 1),
            format_func=lambda i: _layer(i, layers[i - 1]),
            key=f"{name}/weights-layer",
        )
    chosen = {part: values[kept.index(seed)] for part, values in layers[number - 1].items()}
    columns = _columns(job, number, chosen)
    units = len(next(iter(chosen.values())))
    st.dataframe(
        pa.table({"unit": range(1, units + 1), **columns}),
        hide_index=True,
        column_config={
            "unit": st.column_config.Column(pinned=True),
            **dict.fromkeys(columns, st.column_config.NumberColumn(format="%.4g")),
        },
        key=f"{name}/weights",
        alt=f"Weights of layer {number}: a row for each unit, a column for its bias and each "
        "input.",
    )
    st.caption(
        f"Layer {number} of {len(layers)} after {trace.step} updates: a row for each unit, as in "
        "PyTorch's `Linear.weight`. "
        + (
            f"Kept for the first {len(kept)} of {settings.repeats} seeds: all would be too large."
            if len(kept) < settings.repeats
            else ""
        )
    )
    download(
        "Download weights (CSV)",
        partial(weights_csv, job, trace),
        f"sigviz-{name}-seed{settings.seed}-weights.csv",
        "text/csv",
        key=f"{name}/download-weights",
    )


def _layer(number: int, parameters: dict[str, Array]) -> str:
    """What a layer is called: its number, and its inputs and outputs."""
    matrix = next((values for values in parameters.values() if values.ndim == 3), None)
    units = next(iter(parameters.values())).shape[1]
    return f"{number} ({units})" if matrix is None else f"{number} ({matrix.shape[2]} → {units})"


def _columns(job: Job, number: int, parameters: dict[str, Array]) -> dict[str, Array]:
    """A column for each vector of parameters, and one for each input of each matrix.

    Inputs of the first layer are called as the learner's own features.
    """
    columns = {name: values for name, values in parameters.items() if values.ndim == 1}
    taken = {"unit", *columns}
    matrices = {name: values for name, values in parameters.items() if values.ndim == 2}
    for name, values in matrices.items():
        word = "input" if len(matrices) == 1 else name
        names = [f"{word} {i}" for i in range(1, values.shape[1] + 1)]
        if job.table and number == 1 and not taken.intersection(job.table.features):
            names = list(job.table.features)
        columns |= dict(zip(names, values.T, strict=True))
    return columns


def _why_none(trace: Trace, *, over: bool) -> str:
    if trace.diverged_at is not None:
        return "A run that diverges has none: the numbers left the range of float32."
    if not over:
        return "They are shown here when the run is complete."
    return (
        f"Weights are kept when a run ends by itself; this one ended early, at step {trace.step}."
    )
