"""The panels of the output heads: four logits, loss, answers over the plane and for one sample."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from sigviz.charts.palette import label, style_of, styles
from sigviz.charts.panels import (
    Chart,
    Panel,
    add_cursor,
    add_spread,
    axis,
    decades,
    layout,
    literal,
    moments,
    reference,
    thinned,
)
from sigviz.experiments.sigmoid_vs_softmax.settings import Settings
from sigviz.experiments.sigmoid_vs_softmax.words import words_of
from sigviz.settings import Job, Style
from sigviz.trace import Array, Trace

COUNTS = ("none", "one", "two", "all three")
"""How many labels a point has, or is answered with."""

LOOKS = [
    ("orange", "circle"),
    ("purple", "square"),
    ("sky", "diamond"),
    ("yellow", "triangle-up"),
    ("indigo", "cross"),
    ("brown", "triangle-down"),
    ("grey", "x"),
    ("green", "pentagon"),
    ("vermillion", "hourglass"),
    ("blue", "triangle-left"),
]
"""Colour and symbol of each class; none of the first seven colours is a head's."""

COUNT_LOOKS = [("grey", "x"), *LOOKS[:3]]
"""Colour and symbol of no, one, two and three labels."""

ROOM_FOR_LEVEL_NUMBERS = 12
"""More bars than this have their values written upright."""

MOST_LEVEL_NAMES = 6
"""Of more classes the names are written upright, too, or Plotly would leave some out."""

PATTERNS = {"sigmoid": "", "softmax": "/", "softmax-twice": "x"}


def panels(job: Job[Settings], trace: Trace) -> list[Panel]:
    """The page's panels, from what the run has recorded so far."""
    return [
        _four_logits(job.settings, trace),
        _loss(job.settings, trace),
        _regions(job, trace),
        _sample(job, trace),
    ]


def _four_logits(settings: Settings, trace: Trace) -> Panel:
    names = [f"z{'₁₂₃₄'[i]} = {_signed(z)}" for i, z in enumerate(settings.logits)]
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


def _loss(settings: Settings, trace: Trace) -> Panel:
    losses, floor = trace.series["loss"], trace.metrics["loss_floor"]
    twice = "softmax-twice" in settings.heads
    rows = thinned(len(losses))
    low, high = decades(np.append(losses, floor) if twice else losses)
    panel = Panel(
        "loss",
        "Loss by step",
        "Loss against the step on a logarithmic scale, median and range over "
        f"{settings.repeats} seeds; now "
        + ", ".join(
            f"{label(settings, head)} {np.median(losses[-1, i]):.3g}"
            for i, head in enumerate(settings.heads)
        )
        + (f". A dotted line at {floor:.3f} is as low as softmax twice can get." if twice else "."),
        layout(
            axis("step", range=[0, trace.steps]),
            axis(
                "loss (nats, log scale)",
                log=True,
                exponentformat="power",
                range=[low, high],
                tickvals=_ticks(low, high),
            ),
        ),
    )
    visible = np.maximum(losses, 10.0**low)
    for i, style in enumerate(styles(settings)):
        add_spread(panel, style, rows, visible[None, rows, i])
    if twice:
        panel.add(
            reference(
                f"floor of softmax twice, {floor:.3f}",
                uid="floor",
                x=np.array([0, trace.steps], np.float32),
                y=np.array([floor, floor], np.float32),
            )
        )
    add_cursor(panel, moments(trace), 10.0**low, 10.0**high)
    return panel


def _regions(job: Job[Settings], trace: Trace) -> Panel:
    """Each head's answers over the plane, side by side on one upright axis."""
    settings, words = job.settings, words_of(job, trace)
    several = settings.dataset == "multi-label"
    drawn = len(trace.fixed["points"])
    part = f"{drawn} of the {job.rows:,}" if drawn < job.rows else ""
    x, y = trace.fixed["plane_x"], trace.fixed["plane_y"]
    shares = trace.frames["accuracy"][-1][:, 0]
    still = {"showgrid": False, "zeroline": False}
    panel = Panel(
        "regions",
        ("How many labels it names" if several else "Which class wins where")
        + (f" ({part} rows drawn)" if part else ""),
        "For the first seed, "
        + (
            "how many labels get a probability above one half"
            if several
            else "the class of the highest probability, in a stronger colour where it is higher"
        )
        + f", over {words.across} and {words.upright}"
        + f"{words.held}. {f'At random, {part}' if part else 'The'} training points lie over it; "
        + f"a star marks {words.sample}, {words.which}. "
        + "Rows answered correctly: "
        + _listed(
            f"{label(settings, h)} {100 * p:.1f} %"
            for h, p in zip(settings.heads, shares, strict=True)
        ),
        layout(
            {},
            axis(
                literal(words.upright),
                range=[float(y[0]), float(y[-1])],
                **(_named(words.classes) if words.by_class else {}),
                **still,
            ),
            margin={"l": 58, "r": 14, "t": 54, "b": 44},
            legend={"orientation": "h", "x": 0, "y": 1.1, "yanchor": "bottom", "itemwidth": 30},
            annotations=[],
        ),
    )
    for i, head in enumerate(settings.heads):
        number = str(i + 1) if i else ""
        left, right = (i + 0.04) / len(settings.heads), (i + 0.96) / len(settings.heads)
        panel.layout[f"xaxis{number}"] = axis(
            literal(words.across) if i == 1 or len(settings.heads) < 3 else "",
            range=[float(x[0]), float(x[-1])],
            domain=[left, right],
            anchor="y",
            **still,
        )
        panel.layout["annotations"].append(
            {
                "text": label(settings, head),
                **{"x": (left + right) / 2, "xref": "paper", "xanchor": "center"},
                **{"y": 1, "yref": "paper", "yanchor": "bottom"},
                "showarrow": False,
            }
        )
        regions = {
            "type": "heatmap",
            "uid": f"{head}-regions",
            "x": x,
            "y": y,
            "xaxis": f"x{number}",
            "opacity": 0.55,
            "showscale": False,
            "hoverinfo": "skip",
            **_colours(COUNT_LOOKS if several else LOOKS[: len(words.classes)], solid=several),
        }
        panel.add(regions, z=_shown(trace, "regions")[:, i])
        looks = dict(
            zip(COUNTS, COUNT_LOOKS, strict=True)
            if several
            else zip(words.classes, LOOKS, strict=False)
        )
        points = _points(trace, looks)
        for j, chart in enumerate(points):
            chart |= {"uid": f"{head}-{j}", "xaxis": f"x{number}"}
            panel.add({**chart, "showlegend": i == 0 and "name" in chart})
    return panel


def _sample(job: Job[Settings], trace: Trace) -> Panel:
    settings, words = job.settings, words_of(job, trace)
    answers = _shown(trace, "answers")[:, :, 0]
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
            + _listed(f"{name} {p:.2f}" for name, p in zip(categories, now, strict=True))
            for head, now in zip(settings.heads, heights[-1], strict=True)
        ),
        layout(
            axis(
                literal(f"★ {words.sample}, {words.which}"),
                **_named(categories),
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


def _named(names: Sequence[str]) -> Chart:
    """Ticks of an axis at 0, 1, 2, … that say the names."""
    return {"tickvals": list(range(len(names))), "ticktext": [literal(name) for name in names]}


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


def _points(trace: Trace, looks: dict[str, tuple[str, str]]) -> list[Chart]:
    """The training points, a trace for each kind of them, and the sample as a star."""
    points, kind = trace.fixed["points"], trace.fixed["kind"]
    nowhere = np.full((1, 2), np.nan, np.float32)  # keeps a kind without points in the legend
    common = {"type": "scatter", "mode": "markers", "hovertemplate": "%{x:.2f}, %{y:.2f}"}
    outline = {"color": "@surface", "width": 0.8}
    size = 6 if len(points) < 200 else 4.5
    charts = []
    for i, (name, (shade, symbol)) in enumerate(looks.items()):
        own = points[kind == i] if (kind == i).any() else nowhere
        marker = {"color": f"@{shade}", "symbol": symbol, "size": size, "line": outline}
        place = {"x": own[:, 0], "y": own[:, 1]}
        charts.append(
            {**common, **place, "name": literal(name), "legendgroup": f"{i}", "marker": marker}
        )
    star = {"color": "@text", "symbol": "star", "size": 13, "line": outline}
    place = {"x": trace.fixed["sample"][:1], "y": trace.fixed["sample"][1:]}
    return [*charts, {**common, **place, "legendgroup": "sample", "marker": star}]


def _colours(looks: list[tuple[str, str]], *, solid: bool) -> Chart:
    """A heatmap's colours: each class fades into the ground, each number of labels is solid."""
    scale: list[list[object]] = []
    for i, (shade, _) in enumerate(looks):
        start = shade if solid else "surface"
        scale += [[i / len(looks), f"@{start}"], [(i + 1) / len(looks), f"@{shade}"]]
    lowest = -0.5 if solid else 0.0
    return {"colorscale": scale, "zmin": lowest, "zmax": lowest + len(looks)}


def _ticks(low: float, high: float) -> list[float]:
    """Ticks of a log axis over the powers of ten from `low` to `high`, finer over a few."""
    within = (1, 2, 5) if high - low < 2 else (1,)
    powers = range(math.floor(low), math.ceil(high) + 1)
    return [float(f"{first}e{power}") for power in powers for first in within]


def _shown(trace: Trace, name: str) -> Array:
    """The frames of all `moments`: the newest while it trains, every one when it is done."""
    rows = trace.frames[name]
    return rows if trace.done else rows[-1:]


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts) + "."
