"""The cross-encoder's notebook: toy defaults; what it bundles ranks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.notebook.execute import execute_notebook
from jobmatch_ml.ranking.bundle import load_bundle
from tests.conftest import ROOT

pytestmark = pytest.mark.notebook


def run(run_dir: Path) -> dict[str, Any]:
    executed = execute_notebook(
        ROOT / "notebooks" / "11_train_cross_encoder.ipynb",
        run_dir / "executed.ipynb",
        {"run_dir": str(run_dir)},
        cwd=ROOT,
        timeout_s=600,
    )
    return executed.records


def test_a_cross_encoder_is_trained_and_bundled(tmp_path: Path) -> None:
    records = run(tmp_path)
    assert records["n_pairs"] == 8 * 4
    assert 0 <= records["rerank_weight"] <= 1
    recipe = load_bundle(Path(records["bundle_dir"])).manifest.cross_encoder
    assert recipe is not None
    assert (recipe.depth, recipe.weight) == (5, records["rerank_weight"])
    assert run(tmp_path) == records, "the same inputs must record the same values"
