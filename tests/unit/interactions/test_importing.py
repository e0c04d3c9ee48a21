"""Importing a company's table: what is sound arrives, the rest is named, counted and kept aside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, InputError, LimitError, MissingFileError
from jobmatch_ml.interactions import INTERACTION_SCHEMA, read_interactions
from jobmatch_ml.interactions.importing import ImportReport, import_interactions
from jobmatch_ml.interactions.mapping import ImportMapping
from tests.company_table import MAPPING, company_rows, write_csv
from tests.log_factory import day, make_log

OURS = ImportMapping(**MAPPING)
SAVED = {"gardee": "oui", "gardee_le": "2026-01-10 13:00:00"}
APPLIED = {"postulee": "oui", "postulee_le": "2026-01-11 09:30:00"}
INVITED = {**APPLIED, "entretien": "oui", "entretien_le": "2026-01-20 10:00:00"}


def imported(
    folder: Path, *rows: dict[str, Any], **options: Any
) -> tuple[ImportReport, list[dict[str, Any]]]:
    """Imports rows of a company's CSV; returns the report and the rows of the log."""
    source = write_csv(folder / "table.csv", company_rows(*rows))
    report = import_interactions(source, folder / "out", OURS, **options)
    return report, read_interactions(report.path).to_pylist()


def test_names_values_types_and_clocks_become_ours(tmp_path: Path) -> None:
    row = {"page": "recherche", "ouverte": "oui", "duree": "41.6", "score": "0,75", "rang": "3"}
    row["ouverte_le"] = "2026-01-10 12:00:20"
    report, (found,) = imported(tmp_path, {**row, **INVITED})
    assert (report.rows_read, report.rows_written, report.rows_rejected) == (1, 1, 0)
    assert report.problems == ()
    expected = {
        "impression_id": "v1",
        "user": "c1",
        "surface": "search",
        "policy": "production",
        "ranker_version": "2025-11",
        "position": 3,
        "match_score": 0.75,
        "viewed": True,
        "time_spent_seconds": 42,
        "saved": False,
        "applied": True,
        "got_interview": True,
        "got_hired": None,
        # Noon in Paris in January is 11:00 UTC.
        "shown_at": datetime(2026, 1, 10, 11, tzinfo=UTC),
        "interview_at": datetime(2026, 1, 20, 9, tzinfo=UTC),
    }
    assert {name: found[name] for name in expected} == expected


def test_our_own_schema_passes_unchanged(tmp_path: Path) -> None:
    log = make_log({"position": 1}, {"position": 2, "saved": True, "saved_at": day(1)})
    pq.write_table(log, tmp_path / "log.parquet")
    report = import_interactions(tmp_path / "log.parquet", tmp_path / "out", strict=True)
    assert read_interactions(report.path).to_pylist() == log.to_pylist()
    assert pq.read_schema(report.path).names == INTERACTION_SCHEMA.names


BAD_ROWS: dict[str, dict[str, Any]] = {
    "impression_id is not unique": {"vue": "v1"},
    "position below 1": {"rang": "0"},
    "position beyond slate_size": {"rang": "11"},
    "position is null though shown": {"rang": ""},
    "position cannot be read as a whole number": {"rang": "1.5"},
    "an import has a position": {"page": "import"},
    "surface is not one of": {"page": "ailleurs"},
    "user is null": {"candidat": " "},
    "shown_at is null": {"vue_le": ""},
    "shown_at cannot be read as a time": {"vue_le": "hier"},
    "viewed cannot be read as a yes or no": {"ouverte": "peut-être"},
    "offer_external_id is longer than 50": {"offre": "o" * 51},
    "time_spent_seconds below 0": {"duree": "-1"},
    "viewed_at before shown_at": {"ouverte": "oui", "ouverte_le": "2026-01-10 11:59:59"},
    "saved without saved_at": {"gardee": "oui"},
    "saved_at although not saved": {"gardee_le": "2026-01-11 12:00:00"},
    "got_hired without hired_at": {**INVITED, "embauche": "oui"},
    "got_interview without applied": {**INVITED, "postulee": "non", "postulee_le": ""},
    "interview_at before applied_at": {**INVITED, "entretien_le": "2026-01-10 14:00:00"},
    "got_hired and closed_at together": {
        **INVITED,
        "embauche": "oui",
        "embauche_le": "2026-02-01 12:00:00",
        "refus_le": "2026-02-02 12:00:00",
    },
    "the offer is not in the catalogue": {"offre": "inconnue"},
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    pq.write_table(pa.table({"offer_id": ["o1", "o" * 51]}), tmp_path / "offers.parquet")
    return tmp_path / "offers.parquet"


def test_all_problems_are_reported_at_once_with_counts_and_examples(
    tmp_path: Path, catalogue: Path
) -> None:
    rows = [{}, *BAD_ROWS.values(), BAD_ROWS["position below 1"]]
    report, kept = imported(tmp_path, *rows, offers=catalogue)
    assert [row["impression_id"] for row in kept] == ["v1"]
    found = {problem.reason: problem for problem in report.problems}
    for reason in BAD_ROWS:
        assert any(name.startswith(reason) for name in found), reason
    assert found["position below 1"].count == 2
    assert found["position below 1"].examples == ("v3", f"v{len(rows)}")
    assert report.rows_rejected == len(rows) - 1


def test_refused_rows_are_kept_with_all_their_reasons(tmp_path: Path) -> None:
    report, _ = imported(tmp_path, {}, {"rang": "0", "gardee": "oui"}, {"vue": "v1"})
    assert report.rejects_path is not None
    first, second = pq.read_table(report.rejects_path).to_pylist()
    assert (first["row"], first["reasons"]) == (2, "position below 1; saved without saved_at")
    assert first["position"] == 0
    assert second["reasons"] == "impression_id is not unique; the first row is kept"


def test_strict_names_every_problem_and_writes_nothing(tmp_path: Path, catalogue: Path) -> None:
    with pytest.raises(FormatError) as caught:
        imported(tmp_path, {}, *BAD_ROWS.values(), offers=catalogue, strict=True)
    for reason in BAD_ROWS:
        assert reason in str(caught.value)
    assert "Nothing was written" in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_failed_import_leaves_the_log_that_was_there(tmp_path: Path) -> None:
    report, before = imported(tmp_path, {}, {"rang": "0"})
    assert report.rejects_path is not None
    with pytest.raises(FormatError, match="1 were refused"):
        imported(tmp_path, {"rang": "0"})
    assert read_interactions(report.path).to_pylist() == before
    # A clean import afterwards leaves no old rejects behind.
    imported(tmp_path, {})
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["interactions.parquet"]


def test_the_result_does_not_depend_on_threads_or_memory(tmp_path: Path) -> None:
    rows = [{"offre": f"o{number}", "rang": str(number % 11)} for number in range(3000)]
    one, _ = imported(tmp_path, *rows, threads=1, memory_limit="500MB")
    first = one.path.read_bytes()
    two, _ = imported(tmp_path, *rows, threads=2)
    assert two.path.read_bytes() == first
    assert one.rows_rejected == two.rows_rejected == 273
    with pytest.raises(LimitError, match="does not fit into 3MB; allow more"):
        imported(tmp_path, *rows, memory_limit="3MB")


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"none\.csv does not exist"):
        import_interactions(tmp_path / "none.csv", tmp_path / "out", OURS)
    with pytest.raises(MissingFileError, match="there is no catalogue"):
        imported(tmp_path, {}, offers=tmp_path / "none.parquet")
    pq.write_table(pa.table({"id": ["o1"]}), tmp_path / "wrong.parquet")
    with pytest.raises(FormatError, match="expected Parquet with a column offer_id"):
        imported(tmp_path, {}, offers=tmp_path / "wrong.parquet")


def test_times_without_a_zone_need_a_declared_one(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "table.csv", company_rows({}))
    zoneless = ImportMapping(**{**MAPPING, "time_zone": None})
    with pytest.raises(InputError, match="shown_at say no time zone; declare `time_zone`"):
        import_interactions(source, tmp_path / "out", zoneless)


def test_mixed_time_zones_are_refused_row_by_row(tmp_path: Path) -> None:
    report, kept = imported(
        tmp_path, {"vue_le": "2026-01-10T12:00:00+01:00"}, {}, {"vue_le": "2026-07-10T12:00:00Z"}
    )
    assert [row["impression_id"] for row in kept] == ["v1", "v3"]
    (problem,) = report.problems
    assert "shown_at says no time zone where other rows do (mixed time zones)" in problem.reason
    assert problem.count == 1
