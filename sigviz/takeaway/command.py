"""The command line that repeats a run without a browser."""

from sigviz.settings import Job


def command(job: Job) -> list[str]:
    """The words of the command that prints the same numbers as the page."""
    words = ["python", "-m", "sigviz", "run", job.experiment]
    for field, text in job.settings.changed().items():
        words += [f"--{field}", text]
    if table := job.table:
        words += ["--data", table.name, "--label", table.label]
        if job.settings.ONE_AGAINST_REST:
            words += ["--positive", table.classes[table.positive]]
    return words
