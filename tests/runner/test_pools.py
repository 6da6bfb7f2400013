"""Where workers come from, and what is said if they cannot come from there."""

import os
import re

import pytest

from sigviz.runner import Runner
from sigviz.runner.pools import pool_at
from sigviz.runner.ray import workers as ray_workers


def test_without_an_address_there_are_as_many_processes_as_processors() -> None:
    pool = pool_at("", fork=True)
    pool.close()
    assert pool.size == os.cpu_count()


@pytest.mark.parametrize(
    "address", ["ray://10.0.0.4:10001", "auto", "local", "10.0.0.4", ":6379", "head:99999", "h:²"]
)
def test_what_is_no_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGVIZ_RAY_ADDRESS", address)
    with pytest.raises(ValueError, match=re.escape(f"SIGVIZ_RAY_ADDRESS: '{address}' is not")):
        Runner()


def test_a_cluster_that_does_not_answer_is_told() -> None:
    with pytest.raises(OSError, match=r"SIGVIZ_RAY_ADDRESS: .* at 127\.0\.0\.1:1 .*Is it running"):
        pool_at("127.0.0.1:1", fork=True)


def test_that_ray_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_workers, "find_spec", lambda _: None)
    with pytest.raises(OSError, match=r"pip install -r requirements-cluster\.txt"):
        pool_at("127.0.0.1:1", fork=True)
