"""The notebooks of reviewer and monitor on the sample: a verdict, and the one alarm that is due."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.notebook.execute import execute_notebook
from tests.conftest import ROOT

pytestmark = pytest.mark.notebook


def execute(name: str, folder: Path) -> dict[str, Any]:
    return execute_notebook(
        ROOT / "notebooks" / f"{name}.ipynb",
        folder / "executed.ipynb",
        {"run_dir": str(folder)},
        cwd=ROOT,
        timeout_s=400,
    ).records


def test_a_handful_of_people_decide_nothing_and_a_leak_is_seen(tmp_path: Path) -> None:
    records = execute("16_review_model", tmp_path)
    assert records["verdict"] == "fail"
    assert "support" in records["failed_gates"]  # the sample has a few people only
    assert not {"leak", "lineage", "plausibility"} & set(records["failed_gates"])
    assert records["leaks"] == []
    assert records["leaked_overlap"] > 0
    assert records["difference_low"] <= records["difference"] <= records["difference_high"]
    evidence = json.loads(Path(records["review_path"]).read_text())
    assert evidence["comparisons"][0]["n_queries"] == records["n_queries"]


def test_the_planted_wave_alarms_and_nothing_else_does(tmp_path: Path) -> None:
    records = execute("17_monitor", tmp_path)
    alarms = records["alarms"]
    assert alarms["two halves of one window"] == []
    assert alarms["earlier and later"] == []
    assert {"offers.domain", "embeddings.offer_title"} <= set(alarms["planted wave"])
    assert not [name for name in alarms["planted wave"] if name.startswith("candidates.")]
    pages = [Path(page) for page in records["pages"]]
    assert {page.suffix for page in pages} == {".json", ".html"}
    # Evidently's page of the offers counts the columns that our findings count.
    for folder in {page.parent for page in pages}:
        findings = json.loads((folder / "findings.json").read_text())["findings"]
        assert len(findings) == 12
        assert (folder / "drift_offers.html").stat().st_size > 100_000
