"""How things look: one name, one colour, one dash and one marker, on every page.

The colours are Okabe and Ito's, made for colour-blind readers ("Color universal design", 2008),
each darkened a little on light ground and lightened on dark so that a thin line stands out; indigo
and brown are for many classes, whose markers differ too. A
figure writes ``@blue`` (or ``@blue/0.2``, a fifth opaque) where Plotly takes a colour, and the page
fills in the shade of the theme it is shown in.
"""

from functools import cache

from sigviz.formulas.losses import LOSSES
from sigviz.settings import Settings, Style

SHADES = {
    "blue": ("#0072b2", "#4ea9e0"),
    "sky": ("#2c8fc4", "#8fd0f4"),
    "green": ("#00815e", "#2fc79c"),
    "orange": ("#b87400", "#f0ad33"),
    "vermillion": ("#c95400", "#ff8a57"),
    "purple": ("#ad4f86", "#e6a0c8"),
    "yellow": ("#8f8400", "#f0e442"),
    "indigo": ("#4b3fa8", "#a79bf2"),
    "brown": ("#7a4a21", "#c99668"),
    "grey": ("#5f6670", "#a3abb5"),
}
"""Colours by name: on light ground, on dark ground."""


COMMON = (
    Style("sigmoid", "Sigmoid", "blue"),
    Style("tanh", "Tanh", "vermillion", "dash", "square"),
    Style("relu", "ReLU", "green", "dashdot", "diamond"),
    Style("default", "PyTorch default", "orange", "longdash", "triangle-up"),
    Style("xavier-uniform", "Xavier uniform", "blue"),
    Style("xavier-normal", "Xavier normal", "sky", "longdashdot", "cross"),
    Style("he-uniform", "He uniform", "green", "dot", "triangle-down"),
    Style("mse", LOSSES["mse"].title, "purple", "dash", "square"),
    Style("bce", LOSSES["bce"].title, "orange"),
    Style("bce-with-logits", LOSSES["bce-with-logits"].title, "vermillion", "dot", "diamond"),
    Style("focal", LOSSES["focal"].title, "green", "dashdot", "triangle-up"),
    Style("softmax", "Softmax", "green", "dash", "square"),
    Style("softmax-twice", LOSSES["softmax-twice"].title, "vermillion", "dashdot", "diamond"),
)
"""The look of what several experiments may compare; the others have theirs in `Settings.STYLES`."""


def style_of(settings: Settings | type[Settings], name: str) -> Style:
    """The look of an experiment's option."""
    known = _known(settings if isinstance(settings, type) else type(settings))
    return known.get(name) or Style(name, name.replace("-", " ").capitalize())


def styles(settings: Settings) -> list[Style]:
    """The looks of what an experiment compares, in its order."""
    return [style_of(settings, variant) for variant in settings.variants]


def label(settings: Settings | type[Settings], name: str) -> str:
    """What an experiment's option is called on screen."""
    return style_of(settings, name).label


@cache
def _known(settings: type[Settings]) -> dict[str, Style]:
    return {style.name: style for style in (*COMMON, *settings.STYLES)}
