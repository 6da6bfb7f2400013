"""The command line, as someone types it."""

import json

import pytest

from sigviz.__main__ import main

FEW = ["--steps", "3", "--repeats", "1"]


def lines(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], list[str]]:
    code = main(list(words))
    out, err = capsys.readouterr()
    return code, out.splitlines(), err.splitlines()


def test_metrics_are_printed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = lines(capsys, "run", "vanishing-gradients", "--activations", "tanh", *FEW)
    assert code == 0
    printed = dict(line.split(" = ") for line in out)
    assert 0.1 < float(printed["gradient_ratio_tanh"]) < 10


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = lines(capsys, "run", "vanishing-gradients", "--json", "--batch-size", "8", *FEW)
    assert code == 0
    report = json.loads("".join(out))
    assert set(report) == {"experiment", "settings", "metrics", "diverged_at", "seconds"}
    assert report["settings"]["batch_size"] == 8
    assert report["diverged_at"] is None


def test_divergence_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", "vanishing-gradients", "--learning_rate", "100", "--activations", "relu"]
    code, out, _ = lines(capsys, *words, "--json", "--steps", "50")
    assert code == 0
    assert json.loads("".join(out))["diverged_at"] > 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--depth", "99"], ["depth", "'99'", "1 to 50"]),
        (["--learning_rate", "-1"], ["learning_rate", "'-1'", "0.0001"]),
        (["--activations", "sigmoid,swish"], ["activations", "swish", "relu"]),
        (["--colour", "red"], ["--colour", "depth", "learning_rate"]),
        (["--depth"], ["--depth"]),
    ],
)
def test_bad_input_costs_one_line_and_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str], says: list[str]
) -> None:
    code, out, err = lines(capsys, "run", "vanishing-gradients", *words)
    assert code == 2
    assert not out
    assert len(err) == 1
    for word in says:
        assert word in err[0]


def test_an_unknown_experiment_is_named_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, err = lines(capsys, "run", "exploding-gradients")
    assert code == 2
    assert "'exploding-gradients'" in err[0]
    assert "vanishing-gradients" in err[0]
