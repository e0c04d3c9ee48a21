"""The whole training pipeline on a synthetic world, with its truth and without: nothing differs.

Slow: eight notebooks. That no module of training names the folder is tested in `test_project.py`.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from jobmatch_ml.cli.pipeline import pipeline as pipeline_command
from jobmatch_ml.settings import get_settings
from tests.conftest import ROOT

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

TIMED = re.compile(r"latency|ms_per|_ms$|_s$|seconds")
SMALL = {
    "bi_encoder.max_pairs": "16",
    "evaluation.n_bootstrap": "100",
    "evaluation.rankers": "[random, bm25]",
}


def train(world: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Runs the pipeline with data and registry in a folder of its own; returns what it records.

    A stage's folder is called by a hash of its inputs, the truth among them, so names of folders
    are left out. So are times measured, and the bundle's hash, since the bundle holds such a time;
    the encoder's weights are compared by themselves.
    """
    monkeypatch.setenv("JOBMATCH_ROOT", str(ROOT))
    monkeypatch.setenv("JOBMATCH_DATA_DIR", str(own / "data"))
    monkeypatch.setenv("JOBMATCH_MLRUNS_DIR", str(own / "mlruns"))
    get_settings.cache_clear()
    changes = [part for pair in SMALL.items() for part in ("--set", "=".join(pair))]
    config = str(ROOT / "configs/train/toy.yaml")
    command = ["run", "train", "--json", "--config", config, "--set", f"world_dir={world}"]
    result = CliRunner().invoke(pipeline_command, [*command, *changes], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    stages = orjson.loads(result.stdout)["stages"]
    assert [stage["status"] for stage in stages] == ["done"] * 4
    recorded = {stage["name"]: _comparable(stage["records"]) for stage in stages}
    assert recorded["register_model"].pop("bundle_sha256")
    # The table for people has a column of times; the file that it is made of is compared instead.
    del recorded["evaluate_rankers"]["results"]
    (rows,) = (own / "data").glob("runs/train/evaluate_rankers/*/evaluation.json")
    recorded["rows"] = _comparable(orjson.loads(rows.read_bytes()))
    (weights,) = (own / "data").glob("runs/train/train_bi_encoder/*/encoder/*.safetensors")
    return {**recorded, "weights": hashlib.sha256(weights.read_bytes()).hexdigest()}


def _comparable(value: Any) -> Any:
    """Returns records without measured times, and with paths cut to their last part."""
    if isinstance(value, dict):
        return {name: _comparable(item) for name, item in value.items() if not TIMED.search(name)}
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    return Path(value).name if isinstance(value, str) and "/" in value else value


def test_the_whole_pipeline_records_the_same_without_the_truth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = tmp_path / "world"
    shutil.copytree(ROOT / "data" / "sample", world)
    with_truth = train(world, tmp_path / "with", monkeypatch)
    shutil.rmtree(world / "truth")
    without = train(world, tmp_path / "without", monkeypatch)
    assert without == with_truth
    assert with_truth["prepare_data"]["data_hash"]
    assert with_truth["evaluate_rankers"]["test_bi_encoder_ndcg_at_10"] >= 0
