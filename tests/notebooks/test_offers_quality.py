"""The notebook on offers: the sample's are sound, and labelled offers are scored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobmatch_ml.notebook.execute import execute_notebook
from tests.conftest import ROOT

pytestmark = pytest.mark.notebook


def test_the_sample_is_sound_and_its_facts_are_mostly_stated(tmp_path: Path) -> None:
    records = execute_notebook(
        ROOT / "notebooks" / "10_offers_quality.ipynb",
        tmp_path / "executed.ipynb",
        {"run_dir": str(tmp_path)},
        cwd=ROOT,
        timeout_s=300,
    ).records
    assert records["errors"] == []
    assert records["accuracy"] == []
    assert records["filled"]["contract"] > 0.9
    assert records["filled"]["skills_required"] > 0.1
    assert 0 <= records["repeated_share"] < 0.5
    report = json.loads(Path(records["quality_path"]).read_text())
    assert report["offers"] == records["offers"] > 0
