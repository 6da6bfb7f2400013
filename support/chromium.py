"""Find a Chromium for the tests, or install one; prints its path.

``CHROME`` first, then the PATH, then Debian's package (as root) or Playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


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
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only when it is wanted

    with sync_playwright() as driver:
        path = driver.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    named = os.environ.get("CHROME")
    if named:
        path = shutil.which(named)
        if not path:
            print(f"CHROME={named} is not a program that can be run.", file=sys.stderr)
            return 1
    else:
        path = found() or debian() or playwright()
    if not path:
        print(
            "The browser tests need a Chromium, and none could be found or installed. Install one "
            f"({' or '.join(NAMES)}) or name yours: CHROME=/path/to/chrome make test",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
