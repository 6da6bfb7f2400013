"""How things look: one name, one colour, one dash and one marker, on every page.

The colours are Okabe and Ito's, made for colour-blind readers ("Color universal design", 2008),
each darkened a little on light ground and lightened on dark so that a thin line stands out; indigo
and brown are for many classes, whose markers differ too. A
figure writes ``@sigmoid`` (or ``@sigmoid/0.2``, a fifth opaque) where Plotly takes a colour, and
the page fills in the shade of the theme it is shown in.
"""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Style:
    """How one variant is drawn and what it is called in a legend."""

    label: str
    shade: str
    dash: str = "solid"
    symbol: str = "circle"


STYLES = {
    "sigmoid": Style("Sigmoid", "blue"),
    "tanh": Style("Tanh", "vermillion", "dash", "square"),
    "relu": Style("ReLU", "green", "dashdot", "diamond"),
    "constant": Style("Constant", "vermillion", "dash", "square"),
    "zeros": Style("Zeros", "grey", "dot", "x"),
    "default": Style("PyTorch default", "orange", "longdash", "triangle-up"),
    "normal": Style("Normal, N(0, 1)", "purple", "dashdot", "diamond"),
    "xavier-uniform": Style("Xavier uniform", "blue"),
    "xavier-normal": Style("Xavier normal", "sky", "longdashdot", "cross"),
    "he-uniform": Style("He uniform", "green", "dot", "triangle-down"),
    "mse": Style("MSE", "purple", "dash", "square"),
    "bce": Style("BCE", "orange"),
    "bce-with-logits": Style("BCE with logits", "vermillion", "dot", "diamond"),
    "focal": Style("Focal", "green", "dashdot", "triangle-up"),
    "softmax": Style("Softmax", "green", "dash", "square"),
    "softmax-twice": Style("Softmax twice", "vermillion", "dashdot", "diamond"),
    "matched": Style("Matched to activation", "grey"),
}
"""The look of everything that is compared, by the name it has in `Settings`."""


LABELS = {
    "linear-mse": "Linear, MSE",
    "sigmoid-mse": "Sigmoid, MSE",
    "sigmoid-bce": "Sigmoid, BCE",
}
"""What options are called that have no look of their own, where their name does not say it well."""


def label(name: str) -> str:
    """What an option is called on screen."""
    if name in STYLES:
        return STYLES[name].label
    return LABELS.get(name, name.replace("-", " ").capitalize())


def colours() -> dict[str, tuple[str, str]]:
    """Every ``@name`` with its colour on light and on dark ground."""
    return SHADES | {name: SHADES[style.shade] for name, style in STYLES.items()}
