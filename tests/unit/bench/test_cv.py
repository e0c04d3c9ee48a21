"""The score of CV reading: a perfect reading has 1, a wrong field costs its fact."""

from __future__ import annotations

from datetime import date

import pytest

from jobmatch_ml.bench.cv import PARTS, Score, facts_read, facts_written, run_cv_bench
from jobmatch_ml.cv import extract_text
from jobmatch_ml.documents import CvDocument, CvExperience, CvLanguage, render_text
from jobmatch_ml.errors import InputError

CV = CvDocument(
    full_name="Amélie DURAND",
    headline="Comptable",
    contacts=("amelie@example.org", "06 39 98 00 01"),
    experiences=(
        CvExperience("Comptable", "Cabinet Petit", "Lyon", date(2020, 1, 1), None, ("Clôtures",)),
    ),
    skills=("Excel", "Sage"),
    languages=(CvLanguage("Anglais", "B1"),),
)


def score(text: str) -> dict[str, float | None]:
    tally = Score()
    tally.add(facts_written(CV), facts_read(extract_text(text)))
    return tally.row()


def test_a_perfect_reading_scores_one_and_absent_parts_none() -> None:
    row = score(render_text(CV))
    assert {part: value for part, value in row.items() if value != 1} == {
        "education": None, "certification": None, "interest": None,
    }  # fmt: skip


def test_one_wrong_field_loses_the_fact() -> None:
    row = score(render_text(CV).replace("Cabinet Petit", "Cabinet Grand").replace("- Sage\n", ""))
    assert row["experience"] == 0
    assert row["skill"] == 0.667  # one of two found, none too many
    assert row["language"] == 1


def test_each_layout_has_a_row_and_all_are_pooled() -> None:
    pytest.importorskip("docx")
    rows = run_cv_bench(people=1, layouts="docx_plain")
    assert [row["layout"] for row in rows] == ["docx_plain", "all"]
    assert set(PARTS) < set(rows[0])
    assert rows[0]["email"] == 1


def test_no_cv_is_an_error() -> None:
    with pytest.raises(InputError, match="people"):
        run_cv_bench(people=0)
