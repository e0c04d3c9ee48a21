"""Held-out measuring: groups, figures, and clear words where files are missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.bench.cv_heldout import Tally, groups_of, measure_heldout
from jobmatch_ml.bench.cv_scores import SCORED
from jobmatch_ml.errors import InputError, MissingFileError

LABEL: dict[str, Any] = {"layout": "grid", "lang": "fr", "file": "a.pdf", "scan_of": None}


def test_a_text_file_counts_in_four_groups_and_a_scan_in_its_own() -> None:
    assert groups_of({**LABEL, "id": "a"}) == ["text files", "fr", "PDF", "grid"]
    assert groups_of({**LABEL, "scan_of": "a"}) == ["scans"]
    assert groups_of({**LABEL, "id": "a"}, {"a"})[-1] == "texts of the scans"


def test_f1_is_pooled_and_a_refused_file_keeps_its_missed_entries() -> None:
    tally = Tally()
    tally.add({"contact": (6, 6, 6)}, 0.25)
    tally.add({"contact": (6, 0, 0)}, None)
    row = tally.row()
    assert (row["cvs"], row["refused"], row["seconds"]) == (2, 1, 0.25)
    assert row["contact"] == round(12 / 18, 3)
    assert row["experience"] is None
    assert set(SCORED) <= set(row)


def test_missing_labels_and_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="labels"):
        measure_heldout(tmp_path, tmp_path)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "grid.jsonl").write_text(json.dumps(LABEL), encoding="utf-8")
    with pytest.raises(MissingFileError, match="render the corpus"):
        measure_heldout(tmp_path, tmp_path)
    with pytest.raises(InputError, match="layouts"):
        measure_heldout(tmp_path, tmp_path, layouts=["latex"])
