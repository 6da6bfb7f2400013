"""A run as a plain PyTorch script, and as a notebook, for a learner to take home.

Each experiment has a template beside its ``run.py``, ``script.py.jinja``. A template knows:

- ``settings``, ``variants`` (their names) and ``table`` (the learner's own data, or None)
- ``activations``: the table of activations (`sigviz.formulas.activations`)
- ``opening("torch scikit-learn")``: the first comment block; the packages are what to install
- ``constants("depth", "gain")``: a line ``DEPTH = 10  # How many hidden layers.`` for each field
  that matters, given the others
- ``value | python``: a value as Python writes it; anything a learner typed goes through it

A cell begins with ``# %% Heading`` and holds code, or with ``# %% [markdown]`` and holds comment
lines; the notebook is the script, cut there.
"""

import re
import shlex
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from sigviz.experiments.registry import find
from sigviz.formulas.activations import ACTIVATIONS
from sigviz.settings import Job, TrainingSettings, fields_of
from sigviz.takeaway.command import command

WIDTH = 100
"""Columns of a line of code."""

_CELL = re.compile(r"^# %% (.*)\n", re.MULTILINE)


def script(job: Job) -> str:
    """The script of an experiment's run: plain PyTorch, its metrics printed as
    ``python -m sigviz run`` prints them."""
    return _template(find(job.experiment).template).render(
        settings=job.settings,
        variants=job.settings.variants,
        table=job.table,
        activations=ACTIVATIONS,
        opening=lambda packages: _opening(job, packages),
        constants=lambda *fields: _constants(job.settings, fields),
    )


def notebook(job: Job) -> str:
    """The same as a Jupyter notebook (nbformat 4), every heading a cell of its own."""
    from nbformat import v4, writes

    first, *parts = _CELL.split(script(job))
    cells = [v4.new_markdown_cell(f"# {_uncommented(first)}")]
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        if heading == "[markdown]":
            cells.append(v4.new_markdown_cell(_uncommented(body)))
        else:
            cells.append(v4.new_markdown_cell(f"## {heading}"))
            cells.append(v4.new_code_cell(body.strip()))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # by themselves they would be other ones each time
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return f"{writes(v4.new_notebook(cells=cells, metadata=metadata))}\n"


def python(value: object) -> str:
    """A value as a Python literal: strings in double quotes where they can be, tuples as lists."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(python(item) for item in value)}]"
    text = repr(value)
    if not isinstance(value, str) or text[0] == '"':
        return text
    body = text[1:-1].replace("\\'", "'")
    double = f'"{body.replace(chr(34), chr(92) + chr(34))}"'
    return text if body.count('"') > body.count("'") else double


@cache
def _template(file: Path) -> Template:
    environment = Environment(
        loader=FileSystemLoader(file.parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Python, not HTML; what a learner typed goes through `python`
    )
    environment.filters["python"] = python
    return environment.get_template(file.name)


def _opening(job: Job, packages: str) -> str:
    settings = job.settings
    what = f"{find(job.experiment).about} This script does the same in plain PyTorch, and prints "
    what += "each metric's median over the seeds." if settings.random else "each metric."
    same = (
        "sigviz, the app that it comes from, gives the same numbers, up to rounding (which some "
        "trainings magnify until their ends differ):"
    )
    lines = [
        settings.TITLE,
        "",
        *wrap(what, WIDTH - 2),
        "",
        "It needs:",
        "",
        f"    pip install {packages}",
        "",
        *wrap(same, WIDTH - 2),
        "",
        *_wrapped(command(job)),
    ]
    return "\n".join(f"# {line}".rstrip() for line in lines)


def _wrapped(words: list[str]) -> list[str]:
    """A shell command, indented, cut before an option where a line would be too long."""
    lines = ["   "]
    # What a learner typed may hold a line break, which would end the comment.
    quoted = [shlex.quote(" ".join(word.split())) for word in words]
    options = [f"{name} {value}" for name, value in zip(quoted[5::2], quoted[6::2], strict=True)]
    for part in [*quoted[:5], *options]:
        if len(lines[-1]) + len(part) > WIDTH - 5:
            lines[-1] += " \\"
            lines.append("       ")
        lines[-1] += f" {part}"
    return lines


def _constants(settings: TrainingSettings, fields: tuple[str, ...]) -> str:
    known = fields_of(type(settings))
    return "\n".join(
        _constant(field, getattr(settings, field), known[field].help)
        for field in fields
        if settings.matters(field)
    )


def _constant(name: str, value: Any, help: str) -> str:
    """A line of code with the first sentence of the help behind it, or above it if it is long."""
    code = f"{name.upper()} = {python(value)}"
    why = re.split(r"(?<=[.?]) (?=[A-Z])", help)[0]
    if len(f"{code}  # {why}") <= WIDTH:
        return f"{code}  # {why}"
    if len(code) > WIDTH and isinstance(value, tuple):
        items = "".join(f"    {python(item)},\n" for item in value)
        code = f"{name.upper()} = [\n{items}]"
    return "\n".join([*(f"# {part}" for part in wrap(why, WIDTH - 2)), code])


def _uncommented(lines: str) -> str:
    """Comment lines as the text they hold."""
    return re.sub(r"^# ?", "", lines, flags=re.MULTILINE).strip()
