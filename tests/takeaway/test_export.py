"""The saved figure: one file that brings all it needs and breaks at nothing in it."""

import re
from base64 import b64decode

import pytest

from sigviz.experiments.mse_vs_bce import EXPERIMENT
from sigviz.takeaway.export import figure_html, inline
from sigviz.ui.lab.theme import variables

JOB = EXPERIMENT.job(learning_rate=0.5, losses=("bce", "mse"))
PAYLOAD = bytes(range(256)) * 3


@pytest.fixture(scope="module")
def saved() -> str:
    return figure_html(JOB, PAYLOAD, light=variables("light"), dark=variables("dark")).decode()


def test_it_has_every_colour_and_size_that_it_uses(saved: str) -> None:
    used = set(re.findall(r"var\((--st-[a-z-]+)\)", saved))
    used |= {f"--st-{name}" for name in re.findall(r'read\("([a-z-]+)"\)', saved)}
    light, dark = re.findall(r":root \{(.*?)\}", saved)
    assert len(used) > 6
    for name in used - {"--st-font", "--st-base-font-size"}:  # the viewer's own are used
        assert f"{name}:" in light
        assert f"{name}:" in dark


def test_it_names_nothing_to_fetch_and_holds_the_run(saved: str) -> None:
    elements = saved[: saved.index("<script>")] + saved[saved.rindex("</script>") :]
    assert not re.search(r"\b(src|href)=|@import|url\(", elements)
    packed = re.search(r'id="payload">([^<]+)<', saved)
    assert packed
    assert b64decode(packed[1]) == PAYLOAD


def test_it_says_which_run_it_is(saved: str) -> None:
    assert "Losses: MSE, BCE" in saved
    assert "Learning rate: 0.5" in saved
    assert "Focal" not in saved[: saved.index("<main>")], "it has no effect here"
    assert "python -m sigviz run mse-vs-bce --learning_rate 0.5" in saved


def test_a_script_cannot_end_the_script_it_stands_in() -> None:
    script = 'const a = "</script><!-- </SCRIPT>";'
    held = inline(script)
    assert not re.search("</script|<!--", held, flags=re.IGNORECASE)
    assert held.replace(r"\x3c", "<") == script
