"""The heads' answers over the plane of the two drawn features, and the training points on it."""

import numpy as np

from sigviz.charts.palette import label
from sigviz.charts.panels import Chart, Panel, at_moments, axis, layout, literal
from sigviz.experiments.sigmoid_vs_softmax.answers import listed, named
from sigviz.experiments.sigmoid_vs_softmax.settings import Settings
from sigviz.experiments.sigmoid_vs_softmax.words import words_of
from sigviz.settings import Job
from sigviz.trace import Trace

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


def regions_panel(job: Job[Settings], trace: Trace) -> Panel:
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
        + listed(
            f"{label(settings, h)} {100 * p:.1f} %"
            for h, p in zip(settings.heads, shares, strict=True)
        ),
        layout(
            {},
            axis(
                literal(words.upright),
                range=[float(y[0]), float(y[-1])],
                **(named(words.classes) if words.by_class else {}),
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
        panel.add(regions, z=at_moments(trace, "regions")[:, i])
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
