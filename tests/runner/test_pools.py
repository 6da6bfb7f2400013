"""What the environment may say about workers, and what is said if it cannot be."""

import os
import re

import pytest

from sigviz.runner.pools import pool_from_environment, size_from_environment
from sigviz.runner.ray import workers as ray_workers


def test_without_a_word_there_are_as_many_processes_as_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SIGVIZ_RAY_ADDRESS", raising=False)
    monkeypatch.delenv("SIGVIZ_WORKERS", raising=False)
    pool = pool_from_environment()
    pool.close()
    assert size_from_environment() is None
    assert pool.size == os.cpu_count()


def test_the_number_of_workers_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGVIZ_WORKERS", " 3 ")
    assert size_from_environment() == 3


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "many", "²", "1_0"])
def test_a_senseless_number_of_workers_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGVIZ_WORKERS", text)
    with pytest.raises(ValueError, match=f"SIGVIZ_WORKERS is '{text}'.*whole number from 1"):
        size_from_environment()


@pytest.mark.parametrize(
    "address", ["ray://10.0.0.4:10001", "auto", "local", "10.0.0.4", ":6379", "head:99999", "h:²"]
)
def test_what_is_no_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGVIZ_RAY_ADDRESS", address)
    with pytest.raises(ValueError, match=re.escape(f"SIGVIZ_RAY_ADDRESS: '{address}' is not")):
        pool_from_environment()


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGVIZ_RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(OSError, match=r"SIGVIZ_RAY_ADDRESS: .* at 127\.0\.0\.1:1 .*Is it running"):
        pool_from_environment()


def test_that_ray_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGVIZ_RAY_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr(ray_workers, "find_spec", lambda _: None)
    with pytest.raises(OSError, match=r"pip install -r requirements-cluster\.txt"):
        pool_from_environment()
