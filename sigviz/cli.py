"""The command line: ``sigviz run | script EXPERIMENT [--field value]…``, and lessons.

``python -m sigviz`` is the same, and its help calls it that.
"""

import gc
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from sigviz.data.table import Table
from sigviz.experiments.registry import find, names
from sigviz.settings import OWN_DATA, FormField, Job, TrainingSettings, fields_of
from sigviz.trace import Trace


class _Experiments(click.Group):
    """One subcommand for each experiment, made when it is asked for."""

    def __init__(self, command: Callable[[str], click.Command], **attributes: Any) -> None:
        super().__init__(**attributes)
        self._command = command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        try:
            find(cmd_name)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        return self._command(cmd_name)


def _options(settings: type[TrainingSettings]) -> list[click.Option]:
    """An option for every field, under its own name and with hyphens, and those of own data."""
    fields = [_option(field) for field in fields_of(settings).values()]
    if settings.own_data_field() is None:
        return fields
    return [*fields, *(click.Option([f"--{n}"], help=h) for n, h in _own_data(settings).items())]


def _own_data(settings: type[TrainingSettings]) -> dict[str, str]:
    """The options of a learner's own data, with their help."""
    one = "The class that is target 1; the second by default."
    return {
        "data": f"A CSV file, for --{settings.own_data_field()} {OWN_DATA}.",
        "label": "Its label column; the last by default.",
        **({"positive": one} if settings.ONE_AGAINST_REST else {}),
    }


def _option(field: FormField) -> click.Option:
    spellings = {f"--{field.name}", f"--{field.name.replace('_', '-')}"}
    return click.Option(
        [*sorted(spellings), field.name],
        metavar=field.kind.upper(),
        help=f"{field.help} {field.allowed.capitalize()}; "
        f"{field.write(field.default) or 'none'} by default.",
    )


def _job(name: str, texts: dict[str, str | None]) -> Job:
    given = {field: text for field, text in texts.items() if text is not None}
    own = {option: given.pop(option, None) for option in ("data", "label", "positive")}
    settings, problems = find(name).settings.read(given)
    if problems:
        raise click.UsageError("; ".join(problem.message for problem in problems))
    return Job(name, settings, _table(settings, **own))


def _table(
    settings: TrainingSettings, data: str | None, label: str | None, positive: str | None
) -> Table | None:
    """The learner's own data, where the settings ask for it."""
    choice = f"--{settings.own_data_field()} {OWN_DATA}"
    if not settings.own_data:
        if data or label or positive:
            raise click.UsageError(f"--data, --label and --positive need {choice}")
        return None
    if data is None:
        raise click.UsageError(f"{choice} needs --data FILE, a CSV file")
    from sigviz.data.csv_text import LARGEST_FILE, TableError
    from sigviz.data.table_reader import read_table

    try:
        with Path(data).open("rb") as file:
            return read_table(file.read(LARGEST_FILE + 1), Path(data).name, label, positive)
    except (OSError, TableError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise click.UsageError(f"{data}: {reason}") from error


def _run_command(name: str) -> click.Command:
    def run(as_json: bool, **texts: str | None) -> None:
        job = _job(name, texts)
        started = perf_counter()
        trace = _trained(job)
        seconds = perf_counter() - started
        if as_json:
            click.echo(json.dumps(_report(job, trace, seconds), ensure_ascii=False))
            return
        for metric, value in trace.metrics.items():
            click.echo(f"{metric} = {value:.6g}")
        if trace.diverged_at is not None:
            click.echo(
                f"The training diverged at step {trace.diverged_at}; these are the numbers before. "
                "Try a lower learning_rate.",
                err=True,
            )

    as_json = click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON object.")
    return _command(name, run, as_json)


def _script_command(name: str) -> click.Command:
    def write(as_notebook: bool, **texts: str | None) -> None:
        from sigviz.takeaway.script import notebook, script

        click.echo((notebook if as_notebook else script)(_job(name, texts)), nl=False)

    as_notebook = click.Option(
        ["--notebook", "as_notebook"], is_flag=True, help="Print a Jupyter notebook."
    )
    return _command(name, write, as_notebook)


def _command(name: str, callback: Callable[..., None], *more: click.Option) -> click.Command:
    """A command with an option for every field of an experiment, and some more."""
    experiment = find(name)
    return click.Command(
        name,
        callback=callback,
        params=[*_options(experiment.settings), *more],
        help=f"{experiment.title}. {experiment.about}",
        short_help=experiment.title,
    )


def _trained(job: Job) -> Trace:
    gc.disable()  # importing PyTorch makes a million objects, and none of them is garbage
    import torch

    gc.freeze()
    gc.enable()
    torch.set_num_threads(1)
    trace = None
    with click.progressbar(
        length=job.settings.steps,
        label=job.experiment,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        for trace in find(job.experiment).run(job):
            bar.update(trace.step - bar.pos)
    assert trace is not None, "every run hands out a trace"
    return trace


def _report(job: Job, trace: Trace, seconds: float) -> dict[str, object]:
    return {
        "experiment": job.experiment,
        "settings": job.settings.model_dump(mode="json"),
        "metrics": {
            metric: value if math.isfinite(value) else None
            for metric, value in trace.metrics.items()
        },
        "diverged_at": trace.diverged_at,
        "seconds": round(seconds, 3),
    }


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """sigviz without a browser."""


cli.add_command(
    _Experiments(_run_command, name="run", help="Train an experiment and print its metrics.")
)
cli.add_command(
    _Experiments(_script_command, name="script", help="Print a run as a plain PyTorch script.")
)


@cli.command(name="lessons")
def lessons_command() -> None:
    """Check every lesson and run it: each preset is trained, each goal must be reachable."""
    from sigviz.course.reader import FOLDER, read_all
    from sigviz.course.rehearsal import rehearse

    lessons, refused = read_all()
    if not lessons and not refused:
        raise click.UsageError(f"there are no lessons in {FOLDER}")
    complaints = list(refused.values())
    for lesson in lessons.values():
        found = [str(error) for error in rehearse(lesson)]
        complaints += found
        verdict = "does not hold" if found else "holds"
        click.echo(f"{lesson.file.name}: {len(lesson.steps)} steps, {verdict}")
    for complaint in complaints:
        click.echo(complaint, err=True)
    if complaints:
        raise click.exceptions.Exit(1)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; bad input costs one line and exit code 2."""
    try:
        code = cli.main(arguments, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.NoSuchOption as error:
        known = [option.name for option in error.ctx.command.params] if error.ctx else []
        click.echo(
            f"sigviz: {error.option_name} is not a setting here; there are {', '.join(known)}",
            err=True,
        )
        return 2
    except click.ClickException as error:
        click.echo(f"sigviz: {error.format_message()}", err=True)
        return 2
    except click.Abort:
        return 130
    return code if isinstance(code, int) else 0
