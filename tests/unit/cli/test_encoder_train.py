"""`jobmatch encoder train`: what it hands on, what it prints, and which process speaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.main import cli
from jobmatch_ml.training import bi_encoder
from jobmatch_ml.training.bi_encoder import TrainingReport


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []

    def fake(dataset: Path, out: Path, config: Any) -> TrainingReport:
        seen.append((dataset, out, config))
        return TrainingReport(out, 8, 9, 4, ((1, 2.0), (2, 1.5)), 0.1, "fp32")

    monkeypatch.setattr(bi_encoder, "train_bi_encoder", fake)
    monkeypatch.delenv("RANK", raising=False)
    return seen


def run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["encoder", "train", "data", "--out", "out", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_values_that_are_set_win_and_the_summary_is_json(calls: list[Any]) -> None:
    summary = orjson.loads(run("--set", "epochs=3", "--json"))
    assert (summary["n_pairs"], summary["last_loss"]) == (8, 1.5)
    dataset, out, config = calls[0]
    assert (dataset, out, config.epochs) == (Path("data"), Path("out"), 3)


def test_of_several_processes_one_speaks(calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    assert run("--json") == ""
    assert len(calls) == 1
