"""What ``pip install .`` brings: the package with all its files, its lessons, and a command."""

import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from sigviz.course.reader import read_all

ROOT = Path(__file__).parents[1]
SHORT = ["sigmoid-curve", "--dataset", "two-clusters", "--steps", "3", "--repeats", "1"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, installed in a folder of its own from nothing but this one."""
    place = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, *offline, "--target", str(place), str(ROOT)], check=True)
    return place


def said(installed: Path, elsewhere: Path, *words: str) -> str:
    """What a command of the installed package prints in a folder that has nothing of ours."""
    environment = {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        words, cwd=elsewhere, env=environment, capture_output=True, text=True, check=True
    )
    assert not list(elsewhere.iterdir()), "nothing is left behind"
    return done.stdout


def distribution(installed: Path) -> Distribution:
    (found,) = distributions(path=[str(installed)], name="sigviz")
    return found


def test_it_has_every_file_of_the_package(installed: Path) -> None:
    files = {path.relative_to(ROOT) for path in (ROOT / "sigviz").rglob("*") if path.is_file()}
    wanted = {file for file in files if "__pycache__" not in file.parts}
    assert {file.suffix for file in wanted} >= {".py", ".js", ".css", ".html", ".svg", ".jinja"}
    assert wanted == {file for file in wanted if (installed / file).is_file()}


def test_it_asks_for_what_the_app_needs(installed: Path) -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wanted = {canonical(line) for line in lines if line and not line.startswith("#")}
    assert set(map(canonical, distribution(installed).requires or [])) == wanted


def canonical(requirement: str) -> str:
    name, version = requirement.split("==")
    return f"{canonicalize_name(name)}=={version}"


@pytest.mark.parametrize(
    ("name", "words"),
    [("sigviz", ["{place}/bin/sigviz"]), ("python -m sigviz", [sys.executable, "-m", "sigviz"])],
)
def test_the_help_calls_it_as_it_was_called(
    name: str, words: list[str], installed: Path, tmp_path: Path
) -> None:
    command = [word.format(place=installed) for word in words]
    told = said(installed, tmp_path, *command, "--help")
    assert told.startswith(f"Usage: {name} [OPTIONS] COMMAND")
    for verb in ("run", "script", "lessons"):
        assert f"\n  {verb} " in told


def test_it_trains_and_writes_scripts_anywhere(installed: Path, tmp_path: Path) -> None:
    sigviz = str(installed / "bin/sigviz")
    metrics = said(installed, tmp_path, sigviz, "run", *SHORT).splitlines()
    assert "final_loss" in {line.split(" = ")[0] for line in metrics}
    assert "import torch" in said(installed, tmp_path, sigviz, "script", *SHORT)


def test_it_brings_the_lessons(installed: Path, tmp_path: Path) -> None:
    code = (
        "from sigviz.course.reader import read_all as r; print(*(f.file for f in r()[0].values()))"
    )
    files = said(installed, tmp_path, sys.executable, "-c", code).split()
    wanted = [lesson.file.name for lesson in read_all()[0].values()]
    assert files == [str(installed / "sigviz/lessons" / name) for name in wanted]
