"""The scripts and notebooks themselves: on their own feet, well formed, safe to run."""

import ast
import shlex
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigviz.cli import main
from sigviz.experiments.registry import find, names
from sigviz.settings import OWN_DATA, fields_of
from sigviz.takeaway.script import notebook, python, script
from tests.scripts import each_option, save, table

ALLOWED = {"torch", "sklearn", *sys.stdlib_module_names}

every_experiment = pytest.mark.parametrize("name", names())


@every_experiment
def test_it_stands_on_its_own(name: str) -> None:
    for job in each_option(name):
        assert imported(script(job)) <= ALLOWED


def imported(text: str) -> set[str]:
    """The packages that a script imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def test_every_script_is_well_formed(tmp_path: Path) -> None:
    for name in names():
        for number, job in enumerate(each_option(name)):
            file = tmp_path / f"{name.replace('-', '_')}_{number}.py"
            file.write_text(script(job), encoding="utf-8")
    for command in (["check", "--select", "E,F,W,I"], ["format", "--diff"]):
        words = [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length", "100", "."]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@every_experiment
def test_its_constants_are_the_settings(name: str) -> None:
    known = fields_of(find(name).settings)["learning_rate"]
    job = find(name).job(learning_rate=0.0625)
    assert f"LEARNING_RATE = 0.0625  # {known.help}" in script(job)


@given(st.one_of(st.text(), st.lists(st.text()), st.floats(-1e300, 1e300), st.integers()))
def test_a_value_is_written_as_python_reads_it(value: object) -> None:
    assert ast.literal_eval(python(value)) == value


@pytest.mark.parametrize(
    "words",
    [
        '"; import os; "',
        "' + exit() + '",
        "a\nimport os\n",
        "a\r\nimport os",
        "'''\"\"\"",
        "\\",
        "{{ settings }}",
        "\u2028import os",
    ],
)
@pytest.mark.parametrize("name", ["mse-vs-bce", "sigmoid-vs-softmax"])
def test_what_a_learner_typed_stays_a_string(name: str, words: str) -> None:
    field = "problem" if name == "mse-vs-bce" else "dataset"
    text = script(find(name).job(table(words, words), **{field: OWN_DATA}))
    tree = ast.parse(text)
    assert "os" not in imported(text)
    assert words in {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert shape(text) == shape(script(find(name).job(table(), **{field: OWN_DATA})))


def shape(text: str) -> list[type]:
    """A script's syntax without its names and values."""
    return [type(node) for node in ast.walk(ast.parse(text))]


@every_experiment
def test_its_notebook_is_the_script_under_headings(name: str) -> None:
    for job in each_option(name):
        book = nbformat.reads(notebook(job), 4)
        nbformat.validate(book)
        assert book.cells[0].source.startswith(f"# {find(name).title}\n")
        code = [cell.source for cell in book.cells if cell.cell_type == "code"]
        headings = [cell for cell in book.cells if cell.source.startswith("## ")]
        assert len(code) == len(headings) > 2
        for cell in code:
            ast.parse(cell)
        assert ast.dump(ast.parse("\n".join(code))) == ast.dump(ast.parse(script(job)))


@every_experiment
def test_the_command_it_names_gives_it(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    save(table())
    for job in each_option(name):
        words = command_in(script(job))
        for more, wanted in (([], script), (["--notebook"], notebook)):
            assert main(["script", *words, *more]) == 0
            assert capsys.readouterr().out == wanted(job)


def command_in(text: str) -> list[str]:
    """The words after ``run`` of the command in a script's first comments."""
    comments = takewhile(bool, text.splitlines())
    told = "\n".join(line.removeprefix("#").strip() for line in comments)
    return shlex.split(told.partition("python -m sigviz run ")[2].replace("\\\n", ""))


def test_the_command_line_refuses_what_the_page_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["script", "vanishing-gradients", "--depth", "99"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err == "sigviz: depth: '99' is not a whole number from 1 to 50\n"
