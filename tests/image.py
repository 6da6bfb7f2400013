"""What deploy/Dockerfile puts into the image."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text().replace("\\\n", " ")


def in_the_image() -> list[str]:
    """The files and folders that it copies, each to the place it has in the project."""
    copied = re.findall(r"^COPY (\S+) (\S+)$", DOCKERFILE, re.MULTILINE)
    assert all(to in (source, ".", "./") for source, to in copied)
    return [source for source, _ in copied]


def lay_out(place: Path) -> None:
    """Copy what is in the image, and nothing else, to a place."""
    for name in in_the_image():
        if (ROOT / name).is_dir():
            without = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, place / name, ignore=without)
        else:
            shutil.copy(ROOT / name, place / name)
