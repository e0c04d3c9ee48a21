"""``jobmatch monitor report`` on the sample: a table, JSON, and the exit that a schedule reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.monitor import monitor
from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.monitoring import DriftReport, Finding, drift
from jobmatch_ml.training.dataset import prepare_dataset
from tests.conftest import ROOT

WORLD = ROOT / "data" / "sample"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_dataset(WORLD, tmp_path_factory.mktemp("cli") / "dataset").dataset_dir


def call(dataset: Path, *options: str) -> Any:
    arguments = ["report", "--world", str(WORLD), "--data", str(dataset), "--days", "20"]
    return CliRunner().invoke(monitor, [*arguments, *options])


def test_the_sample_did_not_drift(dataset: Path) -> None:
    shown = call(dataset, "--fail-on-drift")
    assert shown.exit_code == 0, shown.output
    assert "alarms: none" in shown.stdout
    told = orjson.loads(call(dataset, "--json").stdout)
    assert told["alarms"] == []
    checks = {item["check"] for item in told["findings"]}
    assert {"offers.domain", "candidates.words", "scores.viewed"} <= checks
    assert "embeddings.offer_title" not in checks, "no encoder was named"


def test_an_alarm_can_fail_a_schedule(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = Finding("offers.domain", 0.5, 0.15, 0.1, 0.01, 50, 50, alarm=True)
    import jobmatch_ml.monitoring as room

    monkeypatch.setattr(room, "detect_drift", lambda *a, **k: DriftReport((alarm,)))
    assert drift.detect_drift is not room.detect_drift
    shown = call(dataset)
    assert (shown.exit_code, "ALARM" in shown.stdout) == (0, True)
    assert call(dataset, "--fail-on-drift").exit_code == 1


def test_a_missing_data_set_is_named(tmp_path: Path) -> None:
    assert isinstance(call(tmp_path).exception, MissingFileError)
