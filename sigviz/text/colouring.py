"""Python code in parts that are shown in colours of their own."""

from functools import cache
from itertools import groupby
from operator import itemgetter

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Operator, String, _TokenType, is_token_subtype

_KINDS = {
    Comment: "comment",
    String: "string",
    Keyword: "keyword",
    Operator.Word: "keyword",
}


def coloured(code: str) -> list[tuple[str, str]]:
    """The code in parts, each with its kind: ``comment``, ``string``, ``keyword`` or nothing.

    Put together, the parts are the code.
    """
    tokens = _lexer().get_tokens_unprocessed(code)
    parts = ((_kind(token), part) for _, token, part in tokens)
    return [
        (kind, "".join(part for _, part in same))
        for kind, same in groupby(parts, key=itemgetter(0))
    ]


@cache
def _lexer() -> PythonLexer:
    """It puts its patterns together when it is made, which no start of the app should wait for."""
    return PythonLexer()


def _kind(token: _TokenType) -> str:
    return next((kind for known, kind in _KINDS.items() if is_token_subtype(token, known)), "")
