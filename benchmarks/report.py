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
    _columns: Mapping[str, int] = field(default_factory=dict)

    def table(self, title: str, columns: Mapping[str, int]) -> None:
        """Begin a table with columns of these titles and widths; the first has the rows' names."""
        heading(title)
        self._columns = columns
        self.row(*columns)

    def row(self, name: str, *cells: str | Figure) -> None:
        """Print a row."""
        (_, first), *columns = self._columns.items()
        text = f"{name:<{first}}"
        for (title, width), cell in zip(columns, cells, strict=False):
            text += f"  {cell!s:>{width}}"
            if isinstance(cell, Figure) and cell.missed:
                self.missed.append(f"{name}, {title}: {cell}")
        print(text, flush=True)
