"""A folder is all that an experiment needs to be known."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sigviz import experiments
from sigviz.cli import main
from sigviz.course.reader import read
from sigviz.experiments.registry import find, names
from sigviz.takeaway.script import script

FILES = {
    "__init__.py": """
from sigviz.charts.panels import Panel
from sigviz.experiments.registry import Experiment
from sigviz.experiments.throw_away.settings import Settings


def panels(job, trace):
    return [Panel("loss", "Loss", "The loss.", {})]


EXPERIMENT = Experiment(settings=Settings, panels=panels, worked=lambda *_: "1 = 1")
""",
    "settings.py": '''
from typing import ClassVar

from sigviz.settings import TrainingSettings, Work, learning_rate_field, repeats_field
from sigviz.settings import seed_field, steps_field


class Settings(TrainingSettings):
    """Nothing learns
    nothing."""

    TITLE: ClassVar = "Thrown away"
    METRICS: ClassVar = ()
    learning_rate: float = learning_rate_field(0.1)
    steps: int = steps_field(3)
    repeats: int = repeats_field()
    seed: int = seed_field()

    @property
    def variants(self):
        return ("first", "second")

    def work(self, table=None):
        return Work(2, 10, 10)

    def bytes_of_a_step(self, table=None):
        return 8
''',
    "run.py": """
from sigviz.trace import Trace


def run(job):
    for step in range(job.settings.steps + 1):
        yield Trace(job.settings.steps, step, done=step == job.settings.steps)
""",
    "script.py.jinja": '{{ opening("torch") }}\n\n# %% Settings\n{{ constants("steps") }}\n',
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of experiments elsewhere, with one in it."""
    for name, text in FILES.items():
        file = tmp_path / "throw_away" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    monkeypatch.setattr(experiments, "__path__", [*experiments.__path__, str(tmp_path)])
    yield tmp_path
    for module in [name for name in sys.modules if ".throw_away" in name]:
        del sys.modules[module]


def test_a_folder_is_found_by_being_there(folder: Path) -> None:
    assert "throw-away" in names()
    found = find("throw-away")
    assert (found.name, found.title) == ("throw-away", "Thrown away")
    assert found.about == "Nothing learns nothing."
    job = found.job(steps=5)
    *_, last = found.run(job)
    assert (last.step, len(found.panels(job, last))) == (5, 1)
    assert job.refusal is None
    assert job.nbytes == 6 * 8


def test_it_is_known_to_the_command_line_and_to_lessons(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["script", "throw-away", "--steps", "4"]) == 0
    assert capsys.readouterr().out == script(find("throw-away").job(steps=4))
    assert main(["run", "throw-away"]) == 0
    lesson = folder / "lesson.md"
    head = "---\ntitle: T\nexperiment: throw-away\nminutes: 5\nsummary: S.\n---\n"
    lesson.write_text(f"{head}\n## One\n\n```yaml step\nset: {{steps: 2}}\n```\n")
    assert read(lesson).steps[0].starting.steps == 2


@pytest.mark.parametrize("name", ["registry", "mse_vs_bce", "", "mse-vs-bce.run", "nowhere"])
def test_what_is_no_experiment_is_named_with_those_there_are(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name!r} is not an experiment; there are init"):
        find(name)
