"""Find an nginx for the tests, or install one; prints its path.

``NGINX`` first, then the PATH and where Debian puts it, then Debian's package: installed as root,
and for anybody else unpacked into the virtual environment.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

UNPACKED = Path(sys.prefix) / "nginx"
PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", str(UNPACKED / "usr/sbin"))


def found() -> str | None:
    """An nginx that is here already."""
    return shutil.which(os.environ.get("NGINX", "nginx"), path=_path())


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", os.defpath), *PLACES])


def installed() -> str | None:
    """Debian's own package, where this is Debian and we may install."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    if _failed("apt-get", "update") or _failed("apt-get", "install", "-y", "nginx-light"):
        return None
    return found()


def unpacked() -> str | None:
    """Debian's own package, unpacked where we may write; nginx needs nothing but its program."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None
    with tempfile.TemporaryDirectory() as place:
        if _failed("apt-get", "download", "nginx", cwd=place):
            return None
        for package in Path(place).glob("nginx_*.deb"):
            _failed("dpkg-deb", "-x", str(package), str(UNPACKED))
    return found()


def _failed(*command: str, cwd: str | None = None) -> bool:
    return bool(subprocess.run(command, cwd=cwd, stdout=sys.stderr, check=False).returncode)


def main() -> int:
    named = os.environ.get("NGINX")
    path = found() if named else found() or installed() or unpacked()
    if path and not _failed(path, "-v"):
        print(path)
        return 0
    if named:
        print(f"NGINX={named} is not a program that can be run.", file=sys.stderr)
    else:
        print(
            "The tests of deploy/ need nginx, and none could be found or installed. Install it "
            "(apt install nginx-light, brew install nginx) or name yours: "
            "NGINX=/path/to/nginx make test",
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main())
