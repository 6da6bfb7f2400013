"""The command line, as someone types it."""

import json
from pathlib import Path

import pytest

from sigviz.cli import main

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


def test_own_data_is_read_from_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("kind,x\n" + "a,1\nb,2\nc,4\n" * 9)
    words = ["run", "mse-vs-bce", "--problem", "own-data", "--data", str(file), "--label", "kind"]
    code, first, _ = lines(capsys, *words, *FEW)
    assert code == 0
    assert first == lines(capsys, *words, "--positive", "b", *FEW)[1], "the second class"
    assert first != lines(capsys, *words, "--positive", "c", *FEW)[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--problem", "own-data"], "--problem own-data needs --data FILE"),
        (["--data", "mine.csv"], "--data, --label and --positive need --problem own-data"),
        (["--problem", "own-data", "--data", "nowhere.csv"], "nowhere.csv: No such file"),
        (["--problem", "own-data", "--data", __file__], "test_command_line.py: row 1 has"),
    ],
)
def test_own_data_that_is_not_there_costs_one_line_and_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    code, out, err = lines(capsys, "run", "mse-vs-bce", *words)
    assert (code, out, len(err)) == (2, [], 1)
    assert says in err[0]
