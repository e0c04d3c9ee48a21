"""Applications joined to impressions: each status, each time, each row it belongs to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError
from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.interactions.importing import ImportReport, import_interactions
from tests.company_table import write_csv
from tests.log_factory import day, make_log

COLUMNS = [
    "user",
    "offer_external_id",
    "status",
    "added_at",
    "applied_at",
    "interview_at",
    "accepted_at",
    "rejected_at",
    "updated_at",
]


def at(number: float) -> str:
    return day(number).isoformat()


def joined(
    folder: Path, log: list[dict[str, Any]], *applications: dict[str, Any], strict: bool = False
) -> tuple[ImportReport, list[dict[str, Any]]]:
    pq.write_table(make_log(*log), folder / "log.parquet")
    plain = {"user": "c1", "offer_external_id": "o1", "added_at": at(1), "updated_at": at(20)}
    rows = [{name: {**plain, **row}.get(name, "") for name in COLUMNS} for row in applications]
    report = import_interactions(
        folder / "log.parquet",
        folder / "out",
        applications=write_csv(folder / "applications.csv", rows),
        strict=strict,
    )
    return report, read_interactions(report.path).to_pylist()


@pytest.mark.parametrize(
    ("application", "applied", "got_interview", "got_hired"),
    [
        ({"status": "added"}, False, None, None),
        ({"status": "in_progress"}, False, None, None),
        ({"status": "applied"}, True, None, None),
        ({"status": "interview"}, True, True, None),
        ({"status": "accepted"}, True, True, True),
        ({"status": "rejected"}, True, False, False),
        ({"status": "rejected", "interview_at": at(5)}, True, True, False),
    ],
)
def test_each_status_has_its_place_in_the_funnel(
    tmp_path: Path,
    application: dict[str, Any],
    applied: bool,
    got_interview: bool | None,
    got_hired: bool | None,
) -> None:
    report, (row,) = joined(tmp_path, [{}], application)
    assert (report.applications_joined, report.applications_imported) == (1, 0)
    assert row["saved"] is True
    assert row["saved_at"] == day(1)
    assert row["applied"] is applied
    assert row["got_interview"] is got_interview
    assert row["got_hired"] is got_hired


def test_a_missing_time_is_that_of_the_next_thing_known(tmp_path: Path) -> None:
    _, (row,) = joined(tmp_path, [{}], {"status": "accepted", "interview_at": at(6)})
    assert row["applied_at"] == row["interview_at"] == day(6)
    assert row["hired_at"] == day(20)
    _, (row,) = joined(tmp_path, [{}], {"status": "rejected", "rejected_at": at(9)})
    assert row["applied_at"] == row["closed_at"] == day(9)


def test_an_application_belongs_to_the_last_showing_before_it(tmp_path: Path) -> None:
    log = [{"shown_at": day(number)} for number in (0, 3, 6)]
    log += [{"shown_at": day(4), "user": "c2"}, {"shown_at": day(4), "offer_external_id": "o2"}]
    _, rows = joined(tmp_path, log, {"status": "applied", "added_at": at(5), "applied_at": at(5)})
    assert [row["applied"] for row in rows] == [False, True, False, False, False]


def test_an_offer_that_was_never_shown_is_an_import_of_its_own(tmp_path: Path) -> None:
    applications = [
        {"status": "applied", "offer_external_id": "mine", "applied_at": at(2)},
        # Shown only after it was added: the showing did not lead to it.
        {"status": "added", "offer_external_id": "late"},
    ]
    log = [{}, {"offer_external_id": "late", "shown_at": day(8)}]
    report, rows = joined(tmp_path, log, *applications)
    assert (report.applications_joined, report.applications_imported) == (0, 2)
    imports = {row["offer_external_id"]: row for row in rows if row["surface"] == "import"}
    assert set(imports) == {"mine", "late"}
    mine = imports["mine"]
    assert (mine["position"], mine["slate_size"], mine["viewed"]) == (None, None, False)
    assert (mine["shown_at"], mine["saved_at"], mine["applied_at"]) == (day(1), day(1), day(2))
    assert len({row["impression_id"] for row in rows}) == 4


def test_what_the_log_knew_is_kept(tmp_path: Path) -> None:
    known = {"applied": True, "applied_at": day(0.5), "got_interview": True, "interview_at": day(2)}
    _, (row,) = joined(tmp_path, [known], {"status": "rejected", "rejected_at": at(9)})
    assert row["applied_at"] == day(0.5)
    assert (row["got_interview"], row["interview_at"]) == (True, day(2))
    assert (row["got_hired"], row["closed_at"]) == (False, day(9))


BAD = {
    "status is not one of": {"status": "parti"},
    "status is null": {"status": ""},
    "user is null": {"status": "added", "user": ""},
    "added_at cannot be read as a time": {"status": "added", "added_at": "hier"},
    "applied_at before added_at": {"status": "applied", "applied_at": at(0.5)},
    "rejected_at is not between": {"status": "rejected", "rejected_at": "9999-12-31T00:00:00Z"},
    "accepted without a time": {"status": "accepted", "updated_at": ""},
    "the same person applied to the same offer before": {"status": "added"},
}


def test_impossible_applications_are_counted_and_kept_aside(tmp_path: Path) -> None:
    applications = [{"status": "applied"}, *BAD.values()]
    report, (row,) = joined(tmp_path, [{}], *applications)
    assert row["applied"] is True
    reasons = [problem.reason for problem in report.application_problems]
    for expected in BAD:
        assert any(reason.startswith(expected) for reason in reasons), expected
    aside = pq.read_table(tmp_path / "out" / "application_rejects.parquet")
    assert len(aside) == len(BAD)
    with pytest.raises(FormatError, match="applications: 1 rows: applied_at before added_at"):
        joined(tmp_path, [{}], *applications, strict=True)


def test_lines_of_the_applications_that_cannot_be_read_are_counted_and_kept(
    tmp_path: Path,
) -> None:
    pq.write_table(make_log({}), tmp_path / "log.parquet")
    header, line = "user,offer_external_id,status,added_at", f"c1,o1,added,{at(1)}"
    applications = tmp_path / "applications.csv"
    applications.write_text(f"{header}\n{line}\nc2,o2\n{line},more\n", encoding="utf-8")
    report = import_interactions(
        tmp_path / "log.parquet", tmp_path / "out", applications=applications
    )
    (problem,) = report.application_problems
    assert (problem.reason, problem.count) == ("not a line of this CSV file", 2)
    assert problem.examples == ("3", "4")
    kept = pq.read_table(tmp_path / "out" / "application_broken_lines.parquet")
    assert kept["text"].to_pylist() == ["c2,o2", f"{line},more"]
    with pytest.raises(FormatError, match="applications: 2 rows: not a line of this CSV"):
        import_interactions(
            tmp_path / "log.parquet", tmp_path / "no", applications=applications, strict=True
        )


def test_translated_statuses_and_naive_times_follow_the_mapping(tmp_path: Path) -> None:
    from jobmatch_ml.interactions.mapping import ImportMapping

    pq.write_table(make_log({}), tmp_path / "log.parquet")
    rows = [{"qui": "c1", "quoi": "o1", "etat": "envoyée", "le": "02/01/2026 08:00"}]
    mapping = ImportMapping.model_validate(
        {
            "applications": {
                "columns": {
                    "user": "qui",
                    "offer_external_id": "quoi",
                    "status": "etat",
                    "added_at": "le",
                    "applied_at": "le",
                },
                "values": {"status": {"envoyée": "applied"}},
                "time_zone": "Europe/Paris",
                "time_format": "%d/%m/%Y %H:%M",
            }
        }
    )
    report = import_interactions(
        tmp_path / "log.parquet",
        tmp_path / "out",
        mapping,
        applications=write_csv(tmp_path / "applications.csv", rows),
        strict=True,
    )
    (row,) = read_interactions(report.path).to_pylist()
    assert row["applied_at"] == datetime(2026, 1, 2, 7, tzinfo=UTC)
