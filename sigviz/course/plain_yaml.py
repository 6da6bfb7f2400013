"""YAML as an author may write it: plain values, each with the line in which it stands.

YAML 1.2 is read, in which ``yes`` and ``off`` are words. What plain values do not need is refused:
aliases, of which a few nested ones can stand for billions of values, tags, and a key that stands
twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sigviz.course.errors import LessonError
from sigviz.course.markdown import Snippet

DEEPEST = 20
"""Values within values; what a lesson knows has four."""

FieldPath = tuple[int | str, ...]
"""The names and, in a list, the numbers that lead to a field."""


@dataclass(frozen=True)
class PlainYaml:
    """The values of a snippet.

    Attributes:
        values: Of mappings, lists, texts, numbers, booleans, dates and None.
        lines: The line in the file of every field; that of the whole under the empty path.
    """

    file: Path
    values: Any
    lines: Mapping[FieldPath, int]

    def error(self, path: FieldPath, message: str) -> LessonError:
        """A complaint about a field, at the line of the deepest part of its path that is there."""
        there = next(path[:n] for n in range(len(path), -1, -1) if path[:n] in self.lines)
        return LessonError(self.file, self.lines[there], message, ".".join(map(str, path)))


def plain_yaml(file: Path, snippet: Snippet) -> PlainYaml:
    """Read a snippet of a file.

    Raises:
        LessonError: It is no YAML, or more than plain values.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _PlainValues
    first = snippet.line + 1
    try:
        root = yaml.compose(snippet.text)
        if root is None:
            return PlainYaml(file, None, {(): snippet.line})
        lines = {path: first + line for path, line in _lines(root, root.start_mark.line)}
        return PlainYaml(file, yaml.constructor.construct_document(root), lines)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first + (mark.line if mark else 0)
        raise LessonError(file, line, f"the YAML is broken: {error.problem}") from None
    except (YAMLError, ValueError) as error:
        raise LessonError(file, snippet.line, f"the YAML is broken: {error}") from None


class _PlainValues(Composer):
    """Composes values that are written out, and refuses any other before it is composed."""

    def compose_node(self, parent: Node | None, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            problem = "aliases (*name) are not allowed"
        elif event.ctag is not None:
            problem = "tags (!name) are not allowed"
        elif self.depth >= DEEPEST:
            problem = f"there are more than {DEEPEST} values within one another"
        else:
            return super().compose_node(parent, index)
        raise MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


def _lines(node: Node, line: int, path: FieldPath = ()) -> Iterator[tuple[FieldPath, int]]:
    """Every field and its line within the YAML, from 0; a mapping's field begins with its key."""
    yield path, line
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                yield from _lines(value, key.start_mark.line, (*path, key.value))
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            yield from _lines(item, item.start_mark.line, (*path, number))
