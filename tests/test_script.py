"""The scripts that the pages offer: run as a learner would run them, against the stacked engine."""

import ast
import csv
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import chdir, redirect_stdout
from functools import cache
from io import StringIO
from itertools import takewhile
from math import isclose, isnan
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbformat import NotebookNode, v4

from sigviz.__main__ import main
from sigviz.experiments import names, run_of, settings_of
from sigviz.script import notebook, python, script
from sigviz.settings import TrainingSettings, parameters
from sigviz.table import Table
from sigviz.trace import Trace
from tests.runs import finished
from tests.strategies import short

MODERATE = 1.0
"""A learning rate that does not throw a network about within a few steps."""

ONE_ROW = 0.01
"""One row more or less that is right, where two classes are equally likely but for rounding."""

ALLOWED = {"torch", "sklearn", *sys.stdlib_module_names}

every_experiment = pytest.mark.parametrize("name", names())
some_examples = hypothesis_settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck)
)


def moderate(name: str) -> st.SearchStrategy[TrainingSettings]:
    """Any settings whose run is short and does not hang on the last bit of its numbers."""
    rates = st.floats(parameters(settings_of(name))["learning_rate"].low, MODERATE)
    return st.builds(
        lambda chosen, rate: chosen.model_copy(update={"learning_rate": rate}),
        short(settings_of(name)),
        rates,
    )


def each_option(name: str) -> Iterator[TrainingSettings]:
    """The defaults, and each option of each choice in them alone."""
    cls = settings_of(name)
    yield cls()
    for field, parameter in parameters(cls).items():
        for option in parameter.options:
            value = option if parameter.kind == "choice" else (option,)
            settings = cls.model_validate({field: value})
            yield settings.with_table(table()) if option == "own-data" else settings


def table(name: str = "my data.csv", label: str = "kind") -> Table:
    """A learner's own data: forty rows, two features, two classes."""
    rows = np.arange(40)
    x = np.stack([rows % 2 + np.sin(3 * rows), np.cos(rows)], axis=1).astype(np.float32)
    return Table("0", name, ("height", "weight"), label, ("a", "b"), x, rows % 2)


def save(own: Table) -> None:
    """Write a table as the CSV file that it was read from."""
    with Path(own.name).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter=own.delimiter)
        rows.writerow([*own.features, own.label])
        for x, y in zip(own.x.tolist(), own.y, strict=True):
            rows.writerow([*x, own.classes[y]])


def values(text: str) -> dict[str, float]:
    """What was printed, ``name = value`` a line; a line that begins with # is a remark."""
    rows = [row.split(" = ") for row in text.splitlines() if not row.startswith("#")]
    return {name: float(value) for name, value in rows}


@cache
def printed(name: str, settings: TrainingSettings) -> dict[str, float]:
    """What the script prints, run in a folder of its own."""
    out = StringIO()
    with TemporaryDirectory() as folder, chdir(folder), redirect_stdout(out):
        if settings.table:
            save(settings.table)
        file = Path("script.py")
        file.write_text(script(name, settings), encoding="utf-8")
        run_path(str(file), run_name="__main__")
    return values(out.getvalue())


@cache
def shown(name: str, settings: TrainingSettings) -> Trace:
    """What the page shows in the end."""
    return finished(run_of(name)(settings))


def differing(found: dict[str, float], wanted: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The metrics that are not the same to a thousandth."""
    assert set(found) == set(wanted)
    return {
        name: (found[name], value)
        for name, value in wanted.items()
        if not isclose(found[name], value, rel_tol=1e-3, abs_tol=1e-9)
        and not (isnan(found[name]) and isnan(value))
    }


def unexplained(name: str, settings: TrainingSettings, different: Iterable[str]) -> set[str]:
    """Those of the `different` metrics that do not hang on the last bit of some number.

    Nobody can reproduce a metric that some millionths of the settings move by more than a
    thousandth, or that is made of gradients which float32 can hardly hold.
    """
    trace, left = shown(name, settings), set(different)
    if (trace.series["gradient_norm"][0] < np.finfo(np.float32).tiny).any():
        left -= {key for key in left if key.startswith("decay_per_layer")}
    floats = [key for key, known in parameters(type(settings)).items() if known.kind == "float"]
    for by in (1e-6, -1e-6, 3e-6):
        if left:
            nudge = {key: getattr(settings, key) * (1 + by) for key in floats}
            nudged = shown(name, settings.model_copy(update=nudge))
            left -= set(differing(nudged.metrics, trace.metrics))
    return left


@every_experiment
def test_the_defaults_give_the_numbers_of_the_page(name: str) -> None:
    settings = settings_of(name)()
    wanted = shown(name, settings).metrics
    different = differing(printed(name, settings), wanted)
    assert len(different) <= len(wanted) / 5
    assert not unexplained(name, settings, different)


def check(name: str, settings: TrainingSettings) -> None:
    """The script prints what the page shows; shares may differ by a row."""
    found, trace = dict(printed(name, settings)), shown(name, settings)
    if trace.diverged_at is not None:
        # The page sees it earlier where activations are too large to be squared.
        assert found.pop("diverged_at", settings.steps + 1) >= trace.diverged_at
        assert set(found) == set(trace.metrics)
        return
    metrics = settings.metrics()
    different = {
        key: (value, wanted)
        for key, (value, wanted) in differing(found, trace.metrics).items()
        if not (metrics[key].percent and isclose(value, wanted, abs_tol=ONE_ROW))
    }
    assert not unexplained(name, settings, different), (settings.changed(), different)


@every_experiment
def test_each_option_gives_the_numbers_of_the_page(name: str) -> None:
    for settings in each_option(name):
        check(name, settings.model_copy(update={"steps": 10, "repeats": 2}))


@every_experiment
@some_examples
@given(data=st.data())
def test_any_settings_give_the_numbers_of_the_page(name: str, data: st.DataObject) -> None:
    check(name, data.draw(moderate(name)))


def test_divergence_is_told_with_its_step() -> None:
    cls = settings_of("vanishing-gradients")
    settings = cls.model_validate({"activations": ("relu",), "learning_rate": 100, "repeats": 2})
    diverged_at = shown("vanishing-gradients", settings).diverged_at
    assert diverged_at
    assert printed("vanishing-gradients", settings)["diverged_at"] == diverged_at


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("vanishing-gradients", {"gain": 1.01}),
        ("vanishing-gradients", {"seed": 1}),
        ("initialization", {"constant": 9.9}),
        ("mse-vs-bce", {"learning_rate": 0.09}),
        ("sigmoid-curve", {"weight": 1.01}),
        ("sigmoid-vs-softmax", {"learning_rate": 0.09}),
    ],
)
def test_other_settings_would_be_noticed(name: str, changed: dict[str, float]) -> None:
    settings = settings_of(name)(steps=10, repeats=2)
    other = settings.model_copy(update=changed)
    assert differing(printed(name, other), shown(name, settings).metrics)


@every_experiment
def test_it_stands_on_its_own(name: str) -> None:
    for settings in each_option(name):
        assert imported(script(name, settings)) <= ALLOWED


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
        for number, settings in enumerate(each_option(name)):
            file = tmp_path / f"{name.replace('-', '_')}_{number}.py"
            file.write_text(script(name, settings), encoding="utf-8")
    for command in (["check", "--select", "E,F,W,I"], ["format", "--diff"]):
        words = [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length", "100", "."]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@every_experiment
def test_its_constants_are_the_settings(name: str) -> None:
    known = parameters(settings_of(name))["learning_rate"]
    settings = settings_of(name)(learning_rate=0.0625)
    assert f"LEARNING_RATE = 0.0625  # {known.help}" in script(name, settings)


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
    settings = settings_of(name).model_validate({field: "own-data"})
    text = script(name, settings.with_table(table(words, words)))
    tree = ast.parse(text)
    assert "os" not in imported(text)
    assert words in {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert shape(text) == shape(script(name, settings.with_table(table())))


def shape(text: str) -> list[type]:
    """A script's syntax without its names and values."""
    return [type(node) for node in ast.walk(ast.parse(text))]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every experiment's notebook prints at its defaults, all run by one kernel."""
    books = {name: nbformat.reads(notebook(name, settings_of(name)()), 4) for name in names()}
    cells = []
    for book in books.values():
        cells += [v4.new_code_cell("%reset -f"), *book.cells]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    folder = {"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}
    together = v4.new_notebook(cells=cells)
    NotebookClient(together, timeout=120, kernel_name="python3", resources=folder).execute()
    return {name: output(book.cells) for name, book in books.items()}


def output(cells: list[NotebookNode]) -> str:
    return "".join(part.text for cell in cells for part in cell.get("outputs", []))


@every_experiment
def test_its_notebook_prints_what_the_script_prints(name: str, executed: dict[str, str]) -> None:
    assert not differing(values(executed[name]), printed(name, settings_of(name)()))


@every_experiment
def test_its_notebook_is_the_script_under_headings(name: str) -> None:
    for settings in each_option(name):
        book = nbformat.reads(notebook(name, settings), 4)
        nbformat.validate(book)
        assert book.cells[0].source.startswith(f"# {settings.TITLE}\n")
        code = [cell.source for cell in book.cells if cell.cell_type == "code"]
        headings = [cell for cell in book.cells if cell.source.startswith("## ")]
        assert len(code) == len(headings) > 2
        for cell in code:
            ast.parse(cell)
        assert ast.dump(ast.parse("\n".join(code))) == ast.dump(ast.parse(script(name, settings)))


@every_experiment
def test_the_command_it_names_gives_it(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    save(table())
    for settings in each_option(name):
        words = command_in(script(name, settings))
        for more, wanted in (([], script), (["--notebook"], notebook)):
            assert main(["script", *words, *more]) == 0
            assert capsys.readouterr().out == wanted(name, settings)


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
