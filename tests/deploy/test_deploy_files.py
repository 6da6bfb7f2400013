"""deploy/: what its files say of the project and of each other is so."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from streamlit import config

from deploy.replicas import replicas_conf
from tests.image import DOCKERFILE, in_the_image

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text())
ONE_MACHINE = ["127.0.0.1:8511", "127.0.0.1:8512"]


def replica_services() -> dict[str, dict[str, Any]]:
    """The replicas in compose.yaml, by their address."""
    return {
        f"{service['networks']['sigviz']['ipv4_address']}"
        f":{service['environment']['STREAMLIT_SERVER_PORT']}": service
        for name, service in COMPOSE["services"].items()
        if name.startswith("replica-")
    }


@pytest.mark.parametrize(
    ("file", "addresses"),
    [("replicas.conf", ONE_MACHINE), ("replicas.compose.conf", list(replica_services()))],
)
def test_the_lists_of_replicas_are_as_the_script_writes_them(
    file: str, addresses: list[str]
) -> None:
    command = [sys.executable, str(DEPLOY / "replicas.py"), *addresses]
    written = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert (DEPLOY / file).read_text() == written


@pytest.mark.parametrize(
    "addresses",
    [[], ["localhost:8511"], ["127.0.0.1"], ["10.0.0.1:8511", "10.0.0.2:8511"], ["1.1.1.1:1; }"]],
)
def test_a_list_that_would_not_work_is_refused(addresses: list[str]) -> None:
    with pytest.raises(ValueError, match=r"IPv4 number and a port|a port of its own"):
        replicas_conf(addresses)


def test_nginx_takes_as_large_an_upload_as_the_app() -> None:
    server = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]
    found = re.search(r"client_max_body_size\s+(\d+)m;", (DEPLOY / "nginx.conf").read_text())
    assert found
    assert int(found[1]) == server["maxUploadSize"] + 1


def test_what_goes_into_the_image_is_there_and_not_ignored() -> None:
    copied = in_the_image()
    assert len(copied) == DOCKERFILE.count("COPY ")
    assert all((ROOT / source).exists() for source in copied)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line[1:].split("/")[0] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    assert let_in == set(copied)


def test_the_image_runs_as_nobody_and_tells_whether_it_is_well() -> None:
    lines = DOCKERFILE.splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]
    check = next(line for line in lines if line.startswith("HEALTHCHECK"))
    words = YAML(typ="safe").load(check.split(" CMD ", 1)[1])
    assert words[:2] == ["python", "-c"]
    compile(words[2], "the health check", "exec")
    assert "/_stcore/health" in words[2]


def test_every_option_given_to_streamlit_exists() -> None:
    unit = (DEPLOY / "sigviz@.service").read_text()
    start = re.search(r"^ExecStart=\S+/streamlit (.*)$", unit, re.MULTILINE)
    assert start
    options = [word[2:] for word in shlex.split(start[1]) if word.startswith("--")]
    names = set(re.findall(r"STREAMLIT_[A-Z_]+", DOCKERFILE + str(COMPOSE)))
    known = {"STREAMLIT_" + re.sub(r"[.A-Z]", _snake, name).upper() for name in all_options()}
    assert set(options) <= set(all_options())
    assert names <= known


def all_options() -> list[str]:
    """Streamlit's options, as in ``server.port``."""
    config.get_config_options()
    return list(config._config_options_template)


def _snake(found: re.Match[str]) -> str:
    return "_" + found[0].strip(".")


def test_compose_starts_replicas_that_may_do_nothing_but_serve() -> None:
    assert len(replica_services()) >= 2
    for service in replica_services().values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    nginx = COMPOSE["services"]["nginx"]
    assert set(nginx["depends_on"]) == set(COMPOSE["services"]) - {"nginx"}
    mounted = [volume.split(":")[0] for volume in nginx["volumes"]]
    assert all((DEPLOY / source).is_file() for source in mounted)
