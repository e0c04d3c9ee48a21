"""The notebook on how well CVs are read runs, and hands over what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.notebook.execute import execute_notebook
from tests.conftest import ROOT

pytestmark = pytest.mark.notebook


def test_cvs_are_read_looked_at_and_searched_for_hidden_text(tmp_path: Path) -> None:
    records = execute_notebook(
        ROOT / "notebooks" / "18_cv_reading_quality.ipynb",
        tmp_path / "executed.ipynb",
        {"people": 1, "layouts": ["classic"]},
        cwd=ROOT,
        timeout_s=300,
    ).records
    assert [row["layout"] for row in records["layouts"]] == ["classic", "all"]
    assert records["lines"] > 5
    assert records["masked"] >= 2
    assert len(records["hidden"]) == 6
    assert all(row["reasons"] for row in records["hidden"])
