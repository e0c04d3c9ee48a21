"""The propensity notebook: toy defaults; the naive value is far off, the weighted ones are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.interactions.propensity import load_propensities
from jobmatch_ml.notebook.execute import execute_notebook
from tests.conftest import ROOT

pytestmark = pytest.mark.notebook


def run(run_dir: Path) -> dict[str, Any]:
    executed = execute_notebook(
        ROOT / "notebooks" / "09_propensities.ipynb",
        run_dir / "executed.ipynb",
        {"run_dir": str(run_dir)},
        cwd=ROOT,
        timeout_s=300,
    )
    return executed.records


def test_weighting_finds_what_naive_evaluation_misses(tmp_path: Path) -> None:
    records = run(tmp_path)
    assert records["naive_errors_off"] > 3
    assert not records["holds_truth"]["naive"]
    assert abs(records["values"]["snips"] - records["true_value"]) < 0.03
    assert records["half_widths"]["snips"] < 0.02
    assert records["half_widths"]["snips, interventions+smooth"] > records["half_widths"]["snips"]
    assert records["worst_relative_error"]["em+smooth"] < 0.2
    assert set(load_propensities(Path(records["propensities_path"])).curves) == {
        "search",
        "top_offers",
    }
    assert all(Path(path).is_file() for path in records["artifacts"])
    assert run(tmp_path) == records, "the same inputs must record the same values"
