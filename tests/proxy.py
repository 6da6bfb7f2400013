"""The nginx of deploy/ on loopback, before whatever listens on two ports."""

import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from deploy.replicas import replicas_conf
from support import nginx
from support.server import PATIENCE, free_port

DEPLOY = Path(__file__).parents[1] / "deploy"

_AROUND = """
daemon off;
pid {place}/nginx.pid;
error_log stderr;
worker_processes 2;
events {{}}
http {{
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    include {place}/conf.d/*.conf;
}}
"""


@contextmanager
def proxied(
    place: Path, replicas: Sequence[int], changes: dict[str, str] | None = None
) -> Iterator[str]:
    """Run nginx with deploy/nginx.conf, of which only its port and its log files are changed.

    Args:
        place: Where its configuration and its logs go.
        replicas: Where the replicas listen.
        changes: What else to replace in deploy/nginx.conf, by what.

    Yields:
        Its address.
    """
    port = free_port()
    (place / "conf.d").mkdir()
    (place / "conf.d/replicas.conf").write_text(
        replicas_conf([f"127.0.0.1:{port}" for port in replicas])
    )
    text = (DEPLOY / "nginx.conf").read_text()
    here = {"listen 80 ": f"listen 127.0.0.1:{port} ", "/var/log/nginx": str(place)}
    for old, new in (here | (changes or {})).items():
        assert old in text
        text = text.replace(old, new)
    (place / "conf.d/sigviz.conf").write_text(text)
    (place / "nginx.conf").write_text(_AROUND.format(place=place))
    program = nginx.found()
    assert program, "no nginx; `make test` installs one, `python -m support.nginx` says how"
    server = subprocess.Popen([program, "-p", str(place), "-c", str(place / "nginx.conf")])
    try:
        _wait_until_it_listens(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_until_it_listens(port: int, server: "subprocess.Popen[bytes]") -> None:
    give_up = monotonic() + PATIENCE
    while True:
        assert server.poll() is None, "nginx ended"
        assert monotonic() < give_up, "nginx does not answer"
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
