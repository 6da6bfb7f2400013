"""A lesson's Markdown taken apart: its head, its introduction and its steps, with their lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin


@dataclass(frozen=True)
class Snippet:
    """YAML as it stands in the file, from the line after `line` on."""

    text: str
    line: int


@dataclass(frozen=True)
class Part:
    """The introduction or a step as it stands in the file.

    Attributes:
        title: The heading's text, nothing for the introduction.
        line: Where it begins, from 1.
        words: Its Markdown, without the heading and the blocks.
        blocks: What stands in its fenced ``yaml step`` blocks.
    """

    title: str
    line: int
    words: str
    blocks: tuple[Snippet, ...]


def taken_apart(source: str) -> tuple[Snippet | None, list[Part]]:
    """The head, if there is one, and the parts: the introduction, then a part for each step."""
    tokens = MarkdownIt("commonmark").use(front_matter_plugin).parse(source)
    if not tokens or tokens[0].type != "front_matter":
        return None, []
    lines = re.split(r"\r\n?|\n", source)  # as Markdown counts them: "\u2028" ends no line
    return Snippet(tokens[0].content, line=1), list(_parts(lines, tokens))


def _parts(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Part]:
    """What stands before the first second-level heading, and then heading by heading."""
    headings = [
        (*_span(token), tokens[i + 1].content)
        for i, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0
    ]
    _, head_ends = _span(tokens[0])
    starts = [(0, head_ends, ""), *headings]
    ends = [start for start, _, _ in headings] + [len(lines)]
    blocks = [
        token
        for token in tokens
        if token.type == "fence" and token.info.split() == ["yaml", "step"]
    ]
    for (line, first, title), end in zip(starts, ends, strict=True):
        own = [token for token in blocks if first <= _span(token)[0] < end]
        hidden = {n for token in own for n in range(*_span(token))}
        words = "\n".join(lines[n] for n in range(first, end) if n not in hidden)
        snippets = tuple(Snippet(token.content, _span(token)[0] + 1) for token in own)
        yield Part(title, line + 1, words.strip(), snippets)


def _span(token: Token) -> tuple[int, int]:
    """The lines of a block, the first and the one after the last, from 0."""
    assert token.map is not None, "every block stands somewhere"
    first, end = token.map
    return first, end
