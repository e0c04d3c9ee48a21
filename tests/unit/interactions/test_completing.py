"""What follows from other columns, and which offers are in the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.interactions.importing import import_interactions
from jobmatch_ml.interactions.mapping import ImportMapping
from tests.company_table import MAPPING, company_rows, write_csv


def test_what_follows_from_other_columns_is_filled_in(tmp_path: Path) -> None:
    rows = [{"c": "c1", "o": "o1", "t": "2026-01-10T12:00:00Z", "i": "2026-01-20T12:00:00+01:00"}]
    rows.append({"c": "c1", "o": "o2", "t": "2026-01-10T12:00:00Z", "i": ""})
    source = write_csv(tmp_path / "table.csv", rows, delimiter=",")
    mapping = ImportMapping(
        columns={"user": "c", "offer_external_id": "o", "shown_at": "t", "interview_at": "i"},
        constants={"surface": "search"},
    )
    report = import_interactions(source, tmp_path / "out", mapping)
    first, second = read_interactions(report.path).to_pylist()
    # An interview was preceded by an application, sent at the latest when the interview was.
    assert first["applied"] is True
    assert first["got_interview"] is True
    assert first["applied_at"] == first["interview_at"] == datetime(2026, 1, 20, 11, tzinfo=UTC)
    assert (second["applied"], second["got_interview"]) == (False, None)
    assert first["request_id"] == second["request_id"]
    assert first["impression_id"] != second["impression_id"]
    assert any("propensities cannot be estimated" in note for note in report.notes)


def test_a_closed_row_got_no_later_stage(tmp_path: Path) -> None:
    sent = {"postulee": "oui", "postulee_le": "2026-01-11 09:30:00"}
    rows = company_rows({**sent, "refus_le": "2026-02-01 12:00:00"})
    source = write_csv(tmp_path / "table.csv", rows)
    report = import_interactions(source, tmp_path / "out", ImportMapping(**MAPPING))
    (row,) = read_interactions(report.path).to_pylist()
    assert (row["got_interview"], row["got_hired"]) == (False, False)


@pytest.mark.parametrize("ids", [["11", None], [11, None]])
def test_a_catalogue_with_a_null_or_with_numbers_still_knows_which_offers_it_has(
    tmp_path: Path, ids: list[object]
) -> None:
    pq.write_table(pa.table({"offer_id": ids}), tmp_path / "offers.parquet")
    source = write_csv(tmp_path / "table.csv", company_rows({"offre": "11"}, {"offre": "12"}))
    report = import_interactions(
        source, tmp_path / "out", ImportMapping(**MAPPING), offers=tmp_path / "offers.parquet"
    )
    assert (report.rows_written, report.rows_rejected) == (1, 1)
