"""The notebooks on honest evaluation and on calibration, on the sample world."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.ranking.calibration import Calibrators
from tests.notebooks.test_notebooks import run

pytestmark = pytest.mark.notebook


def test_each_habit_is_seen_to_lie(tmp_path: Path) -> None:
    records = run("14_evaluate_honestly", tmp_path)
    memory = records["memory_ndcg_at_10"]
    assert memory["random"] > 0.1
    assert memory["time and people"] == 0.0
    means = records["ndcg_at_10"]
    sampled, full = means["by log, 20 sampled negatives"], means["by log, all offers"]
    assert all(sampled[name] > full[name] for name in full)
    assert not records["holds_truth"]["naive"]
    assert records["holds_truth"]["snips"]
    assert records["holds_truth"]["dr"]
    assert records["n_slices"] > 5
    assert len(records["worst"]) == 3
    assert all(Path(path).is_file() for path in records["artifacts"])
    assert run("14_evaluate_honestly", tmp_path) == records


def test_calibrators_are_fitted_saved_and_judged(tmp_path: Path) -> None:
    records = run("15_calibration", tmp_path)
    calibrators = Calibrators.load(Path(records["calibrators_path"]))
    assert "view" in calibrators.stages
    assert {*calibrators.stages, *records["left_out"]} == {"view", "apply", "interview", "hire"}
    assert 0 < records["coverage"]["view"] <= 1
    assert 0 <= records["ece"]["view"] < 0.5
    assert all(Path(path).is_file() for path in records["artifacts"])
    assert run("15_calibration", tmp_path) == records
