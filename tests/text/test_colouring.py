"""Code in coloured parts: nothing of it is lost, and what stands out is what it should be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigviz.experiments.registry import find, names
from sigviz.takeaway.script import script
from sigviz.text.colouring import coloured


@given(st.text(alphabet=st.sampled_from("a1 \n\t#'\"\\{}()σ<&\r")))
def test_whatever_it_is_the_parts_are_all_of_it(code: str) -> None:
    assert "".join(part for _, part in coloured(code)) == code


@pytest.mark.parametrize("name", names())
def test_a_script_of_ours_has_parts_of_every_kind(name: str) -> None:
    code = script(find(name).job())
    parts = coloured(code)
    assert "".join(part for _, part in parts) == code
    assert {kind for kind, _ in parts} == {"", "comment", "string", "keyword"}


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("x = 1  # one", [("", "x = 1  "), ("comment", "# one")]),
        ("'# no'", [("string", "'# no'")]),
        ("not None", [("keyword", "not"), ("", " "), ("keyword", "None")]),
        ("format", [("", "format")]),
        ("f'{x}'", [("string", "f'{"), ("", "x"), ("string", "}'")]),
    ],
)
def test_what_a_part_is(code: str, parts: list[tuple[str, str]]) -> None:
    assert coloured(code) == parts
