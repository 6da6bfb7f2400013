"""What the environment may say, and what is said if it cannot be."""

import pytest

from sigviz.runner import Runner
from sigviz.runner.environment import Environment, environment
from tests.fake_workers import FakeWorkers


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Environment.model_fields:
        monkeypatch.delenv(f"SIGVIZ_{name.upper()}", raising=False)


def test_without_a_word_it_is_as_the_readme_says() -> None:
    said = environment()
    assert (said.workers, said.remember, said.ray_address) == (None, 256_000_000, "")
    assert said.ahead


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("WORKERS", " 3 ", "workers", 3),
        ("WORKERS", "", "workers", None),
        ("WORKERS", " ", "workers", None),
        ("REMEMBER_MB", "0.5", "remember", 500_000),
        ("REMEMBER_MB", "0", "remember", 0),
        ("RAY_ADDRESS", " 10.0.0.4:6379 ", "ray_address", "10.0.0.4:6379"),
        ("AHEAD", "0", "ahead", False),
        ("AHEAD", "1", "ahead", True),
    ],
)
def test_what_is_said_is_heard(
    name: str, text: str, field: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SIGVIZ_{name}", text)
    assert getattr(environment(), field) == value


@pytest.mark.parametrize(
    ("name", "text", "right"),
    [
        *(
            ("WORKERS", text, "a whole number from 1")
            for text in ("0", "-1", "2.5", "2.0", "many", "²", "1_0")
        ),
        *(
            ("REMEMBER_MB", text, "a number of megabytes, such as 256, or 0")
            for text in ("much", "nan", "inf", "-1", "", "1e308")
        ),
        *(("AHEAD", text, "1, or 0 to train nothing") for text in ("maybe", "2", "")),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(
    name: str, text: str, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SIGVIZ_{name}", text)
    with pytest.raises(ValueError, match=f"^SIGVIZ_{name} is '{text}'; it must be {right}"):
        Runner(pool=FakeWorkers(), threaded=False)


def test_a_runner_has_as_many_workers_as_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SIGVIZ_WORKERS", "3")
    pool = FakeWorkers()
    Runner(pool=pool, threaded=False).tick(0)
    assert len(pool.up) == 3
