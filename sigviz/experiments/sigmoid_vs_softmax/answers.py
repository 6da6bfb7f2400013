"""What the panels of the heads' answers share: which answers are shown, and how names are said."""

from collections.abc import Iterable, Sequence

from sigviz.charts.panels import Chart, literal


def named(names: Sequence[str]) -> Chart:
    """Ticks of an axis at 0, 1, 2, … that say the names."""
    return {"tickvals": list(range(len(names))), "ticktext": [literal(name) for name in names]}


def listed(parts: Iterable[str]) -> str:
    """The parts of a sentence, with commas between them, and its full stop."""
    return ", ".join(parts) + "."
