"""The final weights of one network, a layer at a time."""

from functools import partial

import pyarrow as pa
import streamlit as st

from sigviz.charts.palette import label
from sigviz.settings import Job
from sigviz.takeaway.tidy import weights_csv
from sigviz.trace import Trace
from sigviz.ui.components.download import download

BIAS = "bias"


def weights_table(job: Job, trace: Trace, *, over: bool) -> None:
    """A table of one layer's weights and biases, and all of them to download."""
    st.markdown("**Final weights**")
    if not trace.layers:
        st.caption(_why_none(trace, over=over))
        return
    name, settings = job.experiment, job.settings
    sizes = [trace.layers[0].weights.shape[2], *(layer.biases.shape[-1] for layer in trace.layers)]
    kept = settings.seeds[: trace.layers[0].weights.shape[1]]
    with st.grid(3, min_column_width=130, gap="small"):
        variant = st.selectbox(
            "Variant",
            settings.variants,
            format_func=partial(label, settings),
            key=f"{name}/weights-variant",
        )
        seed = st.selectbox("Seed", kept, key=f"{name}/weights-seed")
        layer = st.selectbox(
            "Layer",
            range(1, len(sizes)),
            format_func=lambda i: f"{i} ({sizes[i - 1]} → {sizes[i]})",
            key=f"{name}/weights-layer",
        )
    chosen = trace.layers[layer - 1]
    where = (settings.variants.index(variant), kept.index(seed))
    inputs = _inputs(job, layer, sizes[layer - 1])
    columns = dict(zip(inputs, chosen.weights[where], strict=True))
    st.dataframe(
        pa.table({"unit": range(1, sizes[layer] + 1), BIAS: chosen.biases[where], **columns}),
        hide_index=True,
        column_config={
            "unit": st.column_config.Column(pinned=True),
            **dict.fromkeys((BIAS, *inputs), st.column_config.NumberColumn(format="%.4g")),
        },
        key=f"{name}/weights",
        alt=f"Weights of layer {layer}: a row for each unit, a column for its bias and each input.",
    )
    st.caption(
        f"Layer {layer} of {len(sizes) - 1} after {trace.step} updates: a row for each unit, as in "
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


def _inputs(job: Job, layer: int, count: int) -> list[str]:
    """The columns' names: the learner's own features, or numbers."""
    table = job.table
    if table and layer == 1 and not {"unit", BIAS}.intersection(table.features):
        return list(table.features)
    return [f"input {i}" for i in range(1, count + 1)]


def _why_none(trace: Trace, *, over: bool) -> str:
    if trace.diverged_at is not None:
        return "A run that diverges has none: the numbers left the range of float32."
    if not over:
        return "They are shown here when the run is complete."
    return (
        f"Weights are kept when a run ends by itself; this one ended early, at step {trace.step}."
    )
