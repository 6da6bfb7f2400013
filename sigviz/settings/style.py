"""Style: how an option is drawn and what it is called."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """The look of one option, wherever it is compared.

    Attributes:
        name: What it is called in `Settings`.
        label: What it is called on screen.
        shade: Its colour, by its name in `sigviz.charts.palette`.
        dash, symbol: Of its lines and markers, as Plotly calls them.
    """

    name: str
    label: str
    shade: str = "grey"
    dash: str = "solid"
    symbol: str = "circle"

    @property
    def colour(self) -> str:
        """As a figure writes it; with ``/0.2`` behind it, a fifth opaque."""
        return f"@{self.shade}"
