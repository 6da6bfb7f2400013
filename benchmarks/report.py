"""Tables, printed row by row as they are measured, and what in them missed its goal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from support.goals import Figure

GOAL = 34
"""The width of a column of figures beside their goals."""


def heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}")


@dataclass
class Report:
    """What is printed, and what of it missed its goal."""

    missed: list[str] = field(default_factory=list)
    _widths: tuple[int, ...] = ()

    def table(self, title: str, columns: Mapping[str, int]) -> None:
        """Begin a table with columns of these titles and widths; the first has the rows' names."""
        heading(title)
        self._widths = tuple(columns.values())
        self.row(*columns)

    def row(self, name: str, *cells: str | Figure) -> None:
        """Print a row."""
        first, *widths = self._widths
        texts = (f"  {cell!s:>{width}}" for cell, width in zip(cells, widths, strict=False))
        print(f"{name:<{first}}" + "".join(texts), flush=True)
        missed = (cell for cell in cells if isinstance(cell, Figure) and cell.missed)
        self.missed += [f"{name}: {cell}" for cell in missed]
