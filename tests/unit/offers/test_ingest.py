"""Ingestion: counts that add up, days that replace themselves, and all or nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.offers import catalogue_hash, ingest_offers, read_catalogue
from jobmatch_ml.offers import ingest as ingest_module
from jobmatch_ml.offers.bronze_store import LocalBronze, merge_into_bronze
from jobmatch_ml.types.tables import CONTACT, OFFERS, SILVER_TABLES, Table
from tests.offer_records import CANARY, full, ingest, offer, stored, write_bronze, write_lines

DAY = date(2025, 3, 1)


def _silver(home: Path, table: Table = OFFERS) -> list[dict[str, Any]]:
    return stored(home, table)


def _titles(home: Path) -> list[str]:
    return [row["intitule"] for row in _silver(home)]


def test_all_forms_of_the_same_offers_give_the_same_tables(tmp_path: Path) -> None:
    records = [full("1"), offer("2"), full("3")]
    forms = {
        "lines": write_lines(tmp_path / "in" / "a.jsonl", *records),
        "list": tmp_path / "in" / "a.json",
        "results": tmp_path / "in" / "b.json",
        "folder": tmp_path / "folder",
        "bronze": write_bronze(tmp_path / "bronze", DAY.isoformat(), *records),
    }
    forms["list"].write_text(json.dumps(records))
    forms["results"].write_text(json.dumps({"resultats": records}))
    for record in records:
        write_lines(forms["folder"] / f"{record['id']}.json", record)
    seen = []
    for form, path in forms.items():
        report = ingest(tmp_path / form, path, ingestion_date=DAY, chunk_size=2)
        assert (report.read, report.loaded, report.rejected) == (3, 3, 0), form
        seen.append([_silver(tmp_path / form, table) for table in SILVER_TABLES])
    assert all(tables == seen[0] for tables in seen)
    assert {catalogue_hash(tmp_path / form / "c.parquet") for form in forms} == {
        catalogue_hash(tmp_path / "lines" / "c.parquet")
    }


def test_refused_records_are_counted_and_kept_and_stop_nothing(tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "a.jsonl",
        offer("1"),
        '{"id": "2", ',
        ["3"],
        {"intitule": "sans id"},
        offer("4", intitule=""),
        offer("5", nombrePostes="beaucoup"),
        offer("1", intitule="Corrigé"),
        offer("6"),
    )
    broken = tmp_path / "b.json"
    broken.write_text('{"resultats": [')
    report = ingest(tmp_path, source, broken)
    assert (report.read, report.loaded, report.rejected, report.duplicates) == (9, 2, 6, 1)
    assert [(found.reason.partition(":")[0], found.count) for found in report.reasons] == [
        ("`nombrePostes`", 1),
        ("broken JSON", 1),
        ("broken JSON", 1),
        ("empty title (`intitule`)", 1),
        ("expected an object, found text", 1),
        ("no id", 1),
    ]
    assert _titles(tmp_path) == ["Corrigé", "Vendeur 6"]
    assert report.rejects_path is not None
    kept = [json.loads(line) for line in report.rejects_path.read_text().splitlines()]
    assert [(entry["place"], entry["reason"].partition(":")[0]) for entry in kept] == [
        ("line 2", "broken JSON"),
        ("line 3, offer 1", "expected an object, found text"),
        ("line 4", "no id"),
        ("line 5", "empty title (`intitule`)"),
        ("line 6", "`nombrePostes`"),
        ("line 7", "duplicate id within a day"),
        ("file", "broken JSON"),
    ]
    assert kept[3]["record"] == offer("4", intitule="")


@pytest.mark.parametrize("chunk_size", [1, 2, 100])
def test_the_last_of_a_days_duplicates_wins_across_chunks_too(
    tmp_path: Path, chunk_size: int
) -> None:
    source = write_lines(
        tmp_path / "a.jsonl", full("1"), offer("2"), offer("1", intitule="Dernier"), offer("3")
    )
    report = ingest(tmp_path, source, chunk_size=chunk_size)
    assert (report.read, report.loaded, report.duplicates) == (4, 3, 1)
    assert _titles(tmp_path) == ["Dernier", "Vendeur 2", "Vendeur 3"]
    assert _silver(tmp_path, CONTACT) == []


def test_loading_a_day_again_replaces_that_day_alone(tmp_path: Path) -> None:
    source = write_bronze(tmp_path / "in", "2025-03-01", full("1"), offer("2"))
    write_bronze(tmp_path / "in", "2025-03-02", full("1"))
    first = ingest(tmp_path, source)
    assert first.replaced == {}
    assert first.days == (DAY, date(2025, 3, 2))
    source = write_bronze(tmp_path / "again", "2025-03-01", offer("3"))
    second = ingest(tmp_path, source)
    assert second.replaced == {DAY: 2}
    assert [(row["id"], row["ingestion_date"].day) for row in _silver(tmp_path)] == [
        ("1", 2),
        ("3", 1),
    ]
    assert {row["ingestion_date"].day for row in _silver(tmp_path, CONTACT)} == {2}
    assert [each.offer_id for each in read_catalogue(tmp_path / "c.parquet")] == ["1", "3"]


def test_loading_the_same_twice_changes_nothing(tmp_path: Path) -> None:
    source = write_bronze(tmp_path / "in", "2025-03-01", full("1"), offer("2"))
    ingest(tmp_path, source)
    before = [_silver(tmp_path, table) for table in SILVER_TABLES]
    digest = catalogue_hash(tmp_path / "c.parquet")
    ingest(tmp_path, source)
    assert [_silver(tmp_path, table) for table in SILVER_TABLES] == before
    assert catalogue_hash(tmp_path / "c.parquet") == digest


@pytest.mark.parametrize("step", ["build_gold", "stage_catalogue", "to_arrow"])
@pytest.mark.parametrize("existed", [True, False])
def test_a_failure_at_any_step_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, existed: bool
) -> None:
    bronze = tmp_path / "bronze"
    options: dict[str, Any] = {"bronze_dir": bronze, "ingestion_date": DAY}
    source = write_lines(tmp_path / "a.jsonl", full("1"), offer("2"))
    if existed:
        ingest(tmp_path, source, **options)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p != source}
    rows = _silver(tmp_path) if existed else None
    write_lines(source, offer("3"), "broken")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(ingest_module, step, fail)
    with pytest.raises(RuntimeError, match="disk full"):
        ingest(tmp_path, source, **options)
    after = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p != source}
    assert after.keys() == before.keys()
    database = tmp_path / "w.duckdb"
    assert {p: b for p, b in after.items() if p != database} == {
        p: b for p, b in before.items() if p != database
    }
    if existed:
        assert _silver(tmp_path) == rows


def test_raw_records_are_kept_as_bronze_which_loads_to_the_same(tmp_path: Path) -> None:
    records = [full("1"), offer("2", _extra=[1]), {"no": "id"}]
    source = write_lines(tmp_path / "a.jsonl", *records)
    bronze = tmp_path / "bronze"
    report = ingest(tmp_path / "x", source, bronze_dir=bronze, ingestion_date=DAY)
    (kept,) = report.bronze_files
    assert json.loads(kept.read_text()) == {"resultats": records}
    again = ingest(tmp_path / "y", bronze, bronze_dir=bronze)
    assert again.bronze_files == ()
    assert (again.loaded, again.rejected, again.days) == (2, 1, (DAY,))
    assert catalogue_hash(tmp_path / "x/c.parquet") == catalogue_hash(tmp_path / "y/c.parquet")


@pytest.mark.parametrize(
    ("content", "error", "text"),
    [
        (None, MissingFileError, "does not exist"),
        ("", InputError, "no offer in it"),
        ("[]", InputError, "no offer in it"),
        ("nonsense", InputError, "not one offer could be read. 1 record"),
        ('[{"a": 1}, 3]', InputError, r"no id \(1 time\(s\), first at .*, offer 1\)"),
    ],
)
def test_input_without_a_readable_offer_is_refused_and_leaves_nothing(
    tmp_path: Path, content: str | None, error: type[Exception], text: str
) -> None:
    source = tmp_path / "in.json"
    if content is not None:
        source.write_text(content)
    with pytest.raises(error, match=text):
        ingest(tmp_path / "home", source, bronze_dir=tmp_path / "home" / "bronze")
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_own_offers_named_beside_fetched_ones_of_their_day_replace_none_of_them(
    tmp_path: Path,
) -> None:
    bronze = write_bronze(tmp_path / "bronze", DAY.isoformat(), offer("fetched"))
    own = write_lines(tmp_path / "own.jsonl", offer("own"))
    ingest(tmp_path, bronze, own, ingestion_date=DAY, bronze_dir=bronze)
    assert sorted(_titles(tmp_path)) == ["Vendeur fetched", "Vendeur own"]
    (path,) = bronze.rglob("offer_*.json")
    assert json.loads(path.read_text()) == {"resultats": [offer("fetched"), offer("own")]}


def test_own_offers_alone_join_what_was_fetched_that_day_and_replace_only_their_own_kind(
    tmp_path: Path,
) -> None:
    bronze = tmp_path / "bronze"
    part = write_lines(tmp_path / "part.jsonl", offer("fetched"), offer("both"))
    merge_into_bronze([part], LocalBronze(bronze), DAY, scratch_dir=tmp_path)
    own = write_lines(tmp_path / "own.jsonl", offer("own"), offer("both", intitule="Own"))
    for _ in range(2):  # again: the same
        ingest(tmp_path, own, ingestion_date=DAY, bronze_dir=bronze)
        assert sorted(_titles(tmp_path)) == ["Own", "Vendeur fetched", "Vendeur own"]
    other = write_lines(tmp_path / "other.jsonl", offer("other"))
    never_fetched = date(2020, 1, 1)
    ingest(tmp_path, own, ingestion_date=never_fetched, bronze_dir=bronze)
    report = ingest(tmp_path, other, ingestion_date=never_fetched, bronze_dir=bronze)
    assert (report.loaded, report.replaced) == (1, {never_fetched: 2})


def test_strict_loads_nothing_when_one_record_is_refused(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", offer("1"), "broken")
    with pytest.raises(InputError, match=r"nothing was loaded.*line 2"):
        ingest(tmp_path / "home", source, strict=True)
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_contact_data_stays_in_silver(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    source = write_lines(tmp_path / "a.jsonl", full("1"), full("2", contact={"courriel": [CANARY]}))
    with caplog.at_level(0):
        report = ingest(tmp_path, source)
    assert CANARY in str(_silver(tmp_path, CONTACT))
    assert CANARY not in str(report.to_dict())
    assert CANARY not in caplog.text
    assert CANARY not in str(read_catalogue(tmp_path / "c.parquet"))


def test_the_report_counts_rows_a_table(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", full("1"), offer("2"))
    report = ingest(tmp_path, source)
    assert report.tables["silver.offers"] == 2
    assert report.tables["silver.offers_competences"] == 3
    assert report.tables["gold.offers"] == report.catalogue_offers == 2
    assert len(report.tables) == 16
    assert report.read == report.loaded + report.rejected + report.duplicates
    assert report.to_dict()["offers_per_s"] > 0


def test_the_front_door_is_the_module_function() -> None:
    assert ingest_offers is ingest_module.ingest_offers
