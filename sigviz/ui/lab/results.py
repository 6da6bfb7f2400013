"""The results of a run as metrics and as a table."""

from functools import partial

import streamlit as st

from sigviz.charts.palette import label
from sigviz.settings import Job, Metric, TrainingSettings, metric_name
from sigviz.takeaway.export import figure_html
from sigviz.takeaway.tidy import run_csv
from sigviz.text.numbers import metric_value
from sigviz.trace import Trace
from sigviz.ui.components.download import download
from sigviz.ui.lab.theme import variables
from sigviz.ui.lab.weights_table import weights_table

MOST_IN_A_ROW = 4


def headline(settings: TrainingSettings, trace: Trace) -> None:
    """The few metrics that a page is about: a card for each variant, and one for the rest."""
    chosen = [metric for metric in settings.METRICS if metric.headline]
    shared = [metric for metric in chosen if not metric.per_variant]
    own = [metric for metric in chosen if metric.per_variant]
    cards = len(shared) + (len(settings.variants) if own else 0)
    with st.grid(min(cards, MOST_IN_A_ROW), min_column_width=165, gap="small"):
        for metric in shared:
            st.metric(
                metric.title,
                _value(trace, metric, metric.name),
                help=metric.help,
                border=True,
                height="stretch",
            )
        for variant in settings.variants if own else ():
            with st.container(border=True, gap="xsmall", height="stretch"):
                st.markdown(f"**{label(settings, variant)}**")
                with st.grid(len(own), min_column_width=100, gap="small"):
                    for metric in own:
                        value = _value(trace, metric, metric_name(metric.name, variant))
                        st.metric(metric.title, value, help=metric.help)


def numbers(job: Job, trace: Trace, whole: bytes | None) -> None:
    """A fold-out with every metric, the final weights, and the run to take home.

    Args:
        whole: What the figure draws, once the run is over; None before.
    """
    folded = st.expander(
        "Numbers", icon=":material/table:", key=f"{job.experiment}/numbers", on_change="rerun"
    )
    if not folded.open:
        return
    with folded:
        _metrics(job.settings, trace)
        with st.container(horizontal=True):
            _downloads(job, trace, whole)
        weights_table(job, trace, over=whole is not None)


def _metrics(settings: TrainingSettings, trace: Trace) -> None:
    """Every metric, in a table with a column for each variant."""
    variants = settings.variants
    rows = [f"| Metric | {' | '.join(label(settings, variant) for variant in variants)} |"]
    rows.append("|:--|" + "--:|" * len(variants))
    for metric in settings.METRICS:
        if metric.per_variant:
            names = metric.names(variants)
            cells = [_value(trace, metric, name) for name in names]
        else:
            cells = [
                _value(trace, metric, metric.name),
                *[""] * (len(variants) - 1),
            ]
        rows.append(f"| {metric.title} | {' | '.join(cells)} |")
    st.markdown("\n".join(rows))
    st.caption(
        f"Medians over {settings.repeats} seeds. "
        + " ".join(f"*{metric.title}:* {metric.help}" for metric in settings.METRICS)
    )


def _value(trace: Trace, metric: Metric, name: str) -> str:
    return metric_value(trace.metrics.get(name), percent=metric.percent)


def _downloads(job: Job, trace: Trace, whole: bytes | None) -> None:
    """The run's numbers and its figure, made when they are asked for."""
    name = job.experiment
    file = f"sigviz-{name}-seed{job.settings.seed}"
    download(
        "Download run (CSV)",
        partial(run_csv, job, trace),
        f"{file}.csv",
        "text/csv",
        key=f"{name}/download-run",
        disabled=whole is None,
        help="Everything recorded, a row for each step, variant, seed and layer; what the columns "
        "mean stands above them.",
    )
    download(
        "Download figure (HTML)",
        partial(figure_html, job, whole or b"", light=variables("light"), dark=variables("dark")),
        f"{file}.html",
        "text/html",
        icon=":material/animation:",
        key=f"{name}/download-figure",
        disabled=whole is None,
        help="All charts with playback in one file of about 5 MB that works offline.",
    )
