"""Numbers, formulas and tables as Markdown with LaTeX, for the worked maths of every experiment."""

import math
from collections.abc import Iterable, Sequence

from sigviz.text.numbers import rounded


def number(value: float, digits: int = 4) -> str:
    r"""A number in LaTeX with so many significant digits: ``0.105``, ``2.3\cdot10^{-6}``."""
    if math.isnan(value):
        return r"\text{undefined}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    text, power = rounded(value, digits)
    return text if power is None else rf"{text}\cdot10^{{{power}}}"


def factor(value: float, digits: int = 4) -> str:
    """A number as it stands after a sign or in a product: in parentheses if it has a sign."""
    text = number(value, digits)
    return f"({text})" if text.startswith("-") else text


def share(value: float, rest: float) -> str:
    """A number between 0 and 1, so that what only rounds to 1 is not taken for it.

    Args:
        rest: 1 minus the value, computed without cancellation.
    """
    return f"1-{number(rest)}" if 0 < rest < 0.0005 else number(value)


def lines(*equations: str) -> str:
    """A displayed formula of one or more lines, aligned at each line's ``&`` if there is one.

    Short lines: a phone shows about thirty characters of one.
    """
    shape = "aligned" if any("&" in equation for equation in equations) else "gathered"
    # Streamlit cuts a formula off at the top of its line, and with it the head of a fraction.
    room = r"\rule{0pt}{1.9em}" if r"\frac" in equations[0] else ""
    body = room + " \\\\[2pt]\n".join(equations)
    return f"$$\n\\begin{{{shape}}}\n{body}\n\\end{{{shape}}}\n$$"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; every cell but a row's first stands at the right."""
    written = [head, [":--", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in written)


def inline(value: float, digits: int = 4) -> str:
    """A number within a sentence or a table."""
    return f"${number(value, digits)}$"


def paragraphs(*parts: str) -> str:
    """Paragraphs, formulas and tables, one below the other; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)
