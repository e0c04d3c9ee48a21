"""The notebook of learning to rank: sample defaults; what it bundles ranks again alike."""

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
        ROOT / "notebooks" / "13_train_ltr.ipynb",
        run_dir / "executed.ipynb",
        {"run_dir": str(run_dir)},
        cwd=ROOT,
        timeout_s=600,
    )
    return executed.records


def test_a_learned_ranker_is_trained_and_bundled(tmp_path: Path) -> None:
    records = run(tmp_path)
    assert records["rows"] > 20
    assert 0 <= records["test_ndcg_at_10"] <= 1
    model = load_bundle(Path(records["bundle_dir"])).ltr()
    assert model is not None
    assert model.facts["correction"] == "position"
