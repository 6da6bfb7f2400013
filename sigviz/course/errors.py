"""Why a lesson was refused."""

from pathlib import Path


class LessonError(Exception):
    """Why a lesson was refused, with file, line and field."""

    def __init__(self, file: Path, line: int, message: str, field: str = "") -> None:
        at = f"{file.name}, line {line}"
        super().__init__(f"{at}, {field}: {message}" if field else f"{at}: {message}")
