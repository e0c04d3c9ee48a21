"""Real CVs: labels are whole, files are scored by every reader, missing ones are told."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from jobmatch_ml.bench.cv_real import readers, run_cv_real_bench, without_markdown
from jobmatch_ml.errors import MissingFileError

LABELS = Path(__file__).parents[2] / "corpora" / "cv_real" / "labels" / "real.jsonl"
CV = "Jean Dupont\njean@example.org\nCompétences\nSage, Excel\n"


def test_twenty_files_are_labelled_in_the_form_of_the_held_out_ones() -> None:
    labels = [orjson.loads(line) for line in LABELS.read_bytes().splitlines()]
    assert len({label["file"] for label in labels}) == 20
    held_out = next((LABELS.parents[2] / "cv_heldout" / "labels").glob("*.jsonl"))
    assert set(labels[0]) == set(orjson.loads(held_out.read_bytes().splitlines()[0]))


def test_a_file_is_scored_by_the_rules_and_by_raw_text(tmp_path: Path) -> None:
    label = orjson.loads(LABELS.read_bytes().splitlines()[0])
    empty = {"experience": [], "education": [], "sections": []}
    label |= {"file": "cv.txt", "layout": "mine", "skill_hard": ["Sage", "Excel"], **empty}
    (tmp_path / "labels.jsonl").write_bytes(orjson.dumps(label))
    (tmp_path / "cv.txt").write_text(CV, encoding="utf-8")
    rows = run_cv_real_bench(files=str(tmp_path), labels=str(tmp_path / "labels.jsonl"))
    by_reader = {row["reader"]: row for row in rows if row["group"] == "mine"}
    assert set(by_reader) == set(readers()) >= {"rules", "raw text"}
    assert by_reader["rules"]["skill_hard"] == 1.0
    assert by_reader["rules"]["cvs"] == 1


def test_missing_files_and_labels_are_told(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="folder of real CVs"):
        run_cv_real_bench(files=str(tmp_path), labels=str(LABELS))
    with pytest.raises(MissingFileError, match="labels of real CVs"):
        run_cv_real_bench(files=str(tmp_path), labels=str(tmp_path / "none.jsonl"))


def test_the_signs_of_markdown_are_not_the_cvs() -> None:
    text = """# Awa Traoré

## Compétences
- Sage &amp; **Excel**
| Anglais | B2 |
|---------|----|
"""
    assert without_markdown(text).splitlines() == [
        "Awa Traoré", "Compétences", "Sage & Excel", "Anglais", "B2",
    ]  # fmt: skip
