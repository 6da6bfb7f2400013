"""Find a Chromium, or install one: `path` for us, ``python -m support.chromium`` for a shell.

``CHROME`` first, then the PATH, then Debian's package (as root) or Playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TypedDict

NAMES = ("chromium", "chromium-browser", "google-chrome")


class Launch(TypedDict):
    """What Playwright is told when it starts the browser."""

    executable_path: str
    args: list[str]


def launch() -> Launch:
    """How to start the browser: without the system's sandbox and with nothing that calls home.

    Raises:
        FileNotFoundError: There is none, and none can be installed.
    """
    return {
        "executable_path": path(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@cache
def path() -> str:
    """The program, found or installed.

    Raises:
        FileNotFoundError: There is none, and none can be installed.
    """
    named = os.environ.get("CHROME")
    program = shutil.which(named) if named else found() or debian() or playwright()
    if program:
        return program
    if named:
        raise FileNotFoundError(f"CHROME={named} is not a program that can be run.")
    raise FileNotFoundError(
        "A Chromium is needed, and none could be found or installed. Install one "
        f"({' or '.join(NAMES)}) or name yours: CHROME=/path/to/chrome make test"
    )


def found() -> str | None:
    """A Chromium that is here already."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def debian() -> str | None:
    """Debian's own package, where this is Debian and we may install."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
            return None
    return found()


def playwright() -> str | None:
    """Playwright's own build, downloaded."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        return None
    # Asked in a process of its own: where a browser is driven already, a second driver may not be.
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as driver: print(driver.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    program = Path(answer.stdout.strip())
    return str(program) if program.exists() else None


def main() -> int:
    try:
        print(path())
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
