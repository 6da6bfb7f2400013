"""The command line that repeats a run without a browser."""

from sigviz.settings import TrainingSettings


def command(name: str, settings: TrainingSettings) -> list[str]:
    """The words of the command that prints the same numbers as the page."""
    words = ["python", "-m", "sigviz", "run", name]
    for field, text in settings.changed().items():
        words += [f"--{field}", text]
    if table := settings.table:
        words += ["--data", table.name, "--label", table.label]
        if settings.ONE_AGAINST_REST:
            words += ["--positive", table.classes[table.positive]]
    return words
