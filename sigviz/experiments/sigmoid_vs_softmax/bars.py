"""Probabilities as bars: of four logits before any training, and of one sample as heads train."""

import numpy as np

from sigviz.charts.palette import label, style_of, styles
from sigviz.charts.panels import Chart, Panel, at_moments, axis, layout, literal
from sigviz.experiments.sigmoid_vs_softmax.answers import listed, named
from sigviz.experiments.sigmoid_vs_softmax.settings import Settings
from sigviz.experiments.sigmoid_vs_softmax.words import words_of
from sigviz.settings import Job, Style
from sigviz.text.numbers import setting_value, with_minus
from sigviz.trace import Trace

ROOM_FOR_LEVEL_NUMBERS = 12
"""More bars than this have their values written upright."""

MOST_LEVEL_NAMES = 6
"""Of more classes the names are written upright, too, or Plotly would leave some out."""

PATTERNS = {"sigmoid": "", "softmax": "/", "softmax-twice": "x"}


def four_logits_panel(settings: Settings, trace: Trace) -> Panel:
    """What sigmoid and softmax make of the four logits, side by side."""
    names = [
        f"z{'₁₂₃₄'[i]} = {with_minus(setting_value(z))}" for i, z in enumerate(settings.logits)
    ]
    sums = {head: float(trace.fixed[head].sum()) for head in ("sigmoid", "softmax")}
    divided = settings.temperature != 1
    panel = Panel(
        "four-logits",
        "Four logits, two ways",
        f"What sigmoid and softmax make of the logits {', '.join(names)}"
        f"{f', each divided by the temperature {settings.temperature:g}' if divided else ''}. "
        + " ".join(
            f"{label(settings, head)}: {', '.join(f'{p:.3f}' for p in trace.fixed[head])}, "
            f"together {total:.2f}."
            for head, total in sums.items()
        ),
        layout(
            axis(f"logit, divided by {settings.temperature:g}" if divided else "logit"),
            axis("probability", range=[0, 1.12], tickvals=[0, 0.25, 0.5, 0.75, 1]),
            bargap=0.12,
        ),
    )
    for head, total in sums.items():
        panel.add(
            _bars(
                style_of(settings, head),
                name=f"{label(settings, head)}, sum {total:.2f}",
                x=names,
                y=trace.fixed[head],
                texttemplate="%{y:.3f}",
                hovertemplate="%{x}: %{y:.4f}",
            )
        )
    return panel


def sample_panel(job: Job[Settings], trace: Trace) -> Panel:
    """Each head's probabilities for the sample, and their sum beside the 1 it should be."""
    settings, words = job.settings, words_of(job, trace)
    answers = at_moments(trace, "answers")[:, :, 0]
    heights = np.concatenate([answers, answers.sum(-1, keepdims=True)], axis=-1)
    categories = [*words.classes, "sum"]
    places = np.arange(len(categories), dtype=np.float32)
    crowded = len(categories) * len(settings.heads) > ROOM_FOR_LEVEL_NUMBERS
    panel = Panel(
        "sample",
        f"Answers for {words.sample}",
        f"The first seed's probabilities for {words.sample}, {words.which}, and their sum. "
        + " ".join(
            f"{label(settings, head)}: "
            + listed(f"{name} {p:.2f}" for name, p in zip(categories, now, strict=True))
            for head, now in zip(settings.heads, heights[-1], strict=True)
        ),
        layout(
            axis(
                literal(f"★ {words.sample}, {words.which}"),
                **named(categories),
                tickangle=-90 if len(categories) > MOST_LEVEL_NAMES else None,
            ),
            axis(
                "probability",
                range=[0, (1.25 if crowded else 1.12) * max(float(heights.max()), 1)],
            ),
            bargap=0.08,
            shapes=[
                {
                    "type": "line",
                    **{"x0": len(words.classes) - 0.5, "x1": len(words.classes) + 0.5},
                    **{"y0": 1, "y1": 1},
                    "line": {"color": "@grey", "dash": "dot", "width": 1.5},
                }
            ],
        ),
    )
    for i, style in enumerate(styles(settings)):
        bars = _bars(
            style,
            x=places,
            texttemplate="%{y:.2f}",
            textangle=-90 if crowded else 0,
            textfont={"size": 10 if len(settings.heads) > 2 else 12},
            hovertemplate="%{x}: %{y:.4f}",
        )
        panel.add(bars, y=heights[:, i])
    return panel


def _bars(style: Style, **more: object) -> Chart:
    """Bars in the look of a head, with their values over them."""
    return {
        "type": "bar",
        "uid": style.name,
        "name": style.label,
        "marker": {
            "color": style.colour,
            "line": {"color": style.colour, "width": 1},
            "pattern": {"shape": PATTERNS[style.name], "size": 6, "solidity": 0.35},
        },
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        **more,
    }
