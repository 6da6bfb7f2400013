"""JavaScript modules put together into one, so that a browser asks once and a saved file has all.

What it understands is what our own modules are made of, and `oxfmt` keeps them so: imports of names
from a neighbour (``import { a, b } from "./c.js";``) and exports in front of what they export.
Anything else is refused. Each module that is imported becomes a function of its own, called once,
so names that two modules use for themselves do not meet.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def in_one(entry: Path) -> str:
    """A module and all that it imports, as a module that imports nothing.

    Raises:
        ValueError: If a module has another kind of import or export, or two import one another.
    """
    before: dict[Path, str] = {}
    own = _IMPORT.sub(_from_above, entry.read_text())
    _refuse(_IMPORT.sub("", entry.read_text()), entry, but="export ")
    for imported in _imported(entry):
        _put(imported, before, (entry,))
    return "\n".join([*before.values(), own])


def _put(module: Path, before: dict[Path, str], importers: tuple[Path, ...]) -> None:
    """Add a module, and first what it imports, to those that stand before the entry."""
    if module in importers:
        ring = " → ".join(each.name for each in (*importers, module))
        raise ValueError(f"{ring}: modules that import one another cannot stand in one file")
    if module in before:
        return
    for imported in _imported(module):
        _put(imported, before, (*importers, module))
    text = module.read_text()
    names = ", ".join(_EXPORT.findall(text))
    inner = _EXPORT.sub("", _IMPORT.sub(_from_above, text))
    _refuse(inner, module)
    before[module] = f"const ${module.stem} = (() => {{\n{inner}return {{ {names} }};\n}})();\n"


def _imported(module: Path) -> list[Path]:
    return [module.with_name(f"{name}.js") for _, name in _IMPORT.findall(module.read_text())]


def _from_above(found: re.Match[str]) -> str:
    """In place of an import: the names, out of what the module's function has returned."""
    return f"const {found[1]} = ${found[2]};"


def _refuse(text: str, module: Path, *, but: str = "\0") -> None:
    for line in _OTHER.findall(text):
        if not line.startswith(but):
            raise ValueError(f"{module.name}: cannot put this into one file: {line}")
