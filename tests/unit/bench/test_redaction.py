"""Scoring the redaction: marks are read, coverage and precision counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.bench.redaction import read_labelled, run_redaction_bench, score_texts
from jobmatch_ml.errors import FormatError, MissingFileError

CORPUS = Path(__file__).parents[2] / "corpora" / "redaction"
TEXT = "# fr\nMme ⟦name:Caron⟧, ⟦phone:poste 12⟧, a@example.org\n===\n# en\n⟦email:b@example.org⟧"


def test_marks_are_taken_out_and_their_places_kept() -> None:
    first, second = read_labelled(TEXT)
    assert (first.language, first.text) == ("fr", "Mme Caron, poste 12, a@example.org")
    assert [first.text[mark.start : mark.end] for mark in first.marks] == ["Caron", "poste 12"]
    assert second.text == "b@example.org"


def test_a_mark_that_is_missed_costs_recall_and_a_find_without_a_mark_precision() -> None:
    counts = score_texts(read_labelled(TEXT))
    assert counts["all"] == [3, 2, 3, 2]
    assert counts["phone"] == [1, 0, 0, 0]
    assert counts["email"] == [1, 1, 2, 1]


def test_the_labelled_texts_hold_what_was_reached() -> None:
    rows = {(row["split"], row["kind"]): row for row in run_redaction_bench(corpus=str(CORPUS))}
    held_out = rows["held_out", "all"]
    assert held_out["marked"] >= 50
    assert held_out["recall"] >= 0.95
    assert held_out["precision"] >= 0.9
    assert {"fr", "en"} <= {kind for _, kind in rows}


def test_an_unknown_mark_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="colour"):
        read_labelled("# fr\n⟦colour:red⟧")
    with pytest.raises(MissingFileError, match="development"):
        run_redaction_bench(corpus=str(tmp_path))
