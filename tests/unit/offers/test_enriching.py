"""A catalogue file through shards and into the warehouse."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jobmatch_ml.offers.enriching import EnrichOptions, checkable_shards, enriched_shards
from jobmatch_ml.offers.gold_schema import OFFER_ENRICHMENT, OFFER_SKILLS
from jobmatch_ml.offers.ingest import IngestReport, ingest_offers
from jobmatch_ml.warehouse import open_warehouse

RECORDS = [
    {
        "id": str(number),
        "intitule": "Comptable (H/F)",
        "description": f"Maîtrise d'Excel. Dossier {number}. Anglais apprécié.",
        "entreprise": {"nom": "Dupont"},
    }
    for number in range(3)
]
IMPORTED = {"sourceUrl": "https://a.example/1", "title": "Vendeur", "description": "CACES exigé"}


def _ingest(home: Path, enrich: EnrichOptions | None) -> IngestReport:
    path = home / "offers.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in (*RECORDS, IMPORTED, {"id": 1})))
    return ingest_offers(
        [path],
        warehouse_path=home / "w.duckdb",
        catalogue_path=home / "c.parquet",
        rejects_dir=home / "rejects",
        enrich=enrich,
    )


def test_ingestion_fills_the_enrichment_of_own_and_imported_offers(tmp_path: Path) -> None:
    report = _ingest(tmp_path, EnrichOptions(shard=2))
    assert (report.loaded, report.rejected) == (4, 1)
    assert report.tables["gold.offer_enrichment"] == 4
    with open_warehouse(tmp_path / "w.duckdb", read_only=True) as warehouse:
        rows = warehouse.table(OFFER_ENRICHMENT).to_pyarrow().to_pylist()
        skills = warehouse.table(OFFER_SKILLS).to_pyarrow().to_pylist()
    by_id = {row["offer_id"]: row for row in rows}
    assert by_id["0"]["skills_required"] == ["Excel"]
    assert by_id["0"]["skills_wished"] == ["Anglais"]
    assert {by_id[name]["duplicate_group"] for name in "012"} == {"0"}
    assert by_id["0"]["duplicate_group_size"] == 3
    (other,) = by_id.keys() - set("012")
    assert (by_id[other]["source"], by_id[other]["skills_required"]) == ("import", ["CACES"])
    assert len(skills) == 7


def test_without_the_flag_the_enrichment_stays_as_it_was(tmp_path: Path) -> None:
    _ingest(tmp_path, EnrichOptions(with_duplicates=False))
    report = _ingest(tmp_path, None)
    assert "gold.offer_enrichment" not in report.tables
    with open_warehouse(tmp_path / "w.duckdb", read_only=True) as warehouse:
        assert warehouse.count(OFFER_ENRICHMENT) == 4


def test_shards_pair_with_their_offers(tmp_path: Path) -> None:
    _ingest(tmp_path, None)
    pairs = list(checkable_shards(tmp_path / "c.parquet", EnrichOptions(shard=3)))
    assert [gold.num_rows for gold, _ in pairs] == [3, 1]
    for gold, rows in pairs:
        assert gold.column("offer_id").to_pylist() == rows.column("offer_id").to_pylist()


@pytest.mark.slow
def test_processes_make_the_same_tables_in_the_same_order(tmp_path: Path) -> None:
    _ingest(tmp_path, None)
    path = tmp_path / "c.parquet"
    alone = list(enriched_shards(path, EnrichOptions(shard=1)))
    together = list(enriched_shards(path, EnrichOptions(shard=1, workers=2)))
    assert alone == together
    assert len(alone) == pq.read_metadata(path).num_rows


def test_garbage_is_refused_and_counted_or_read_as_null(tmp_path: Path) -> None:
    good = {"id": "ok", "intitule": "Vendeur 🚀", "description": "<b>Anglais</b> 😀"}
    records: list[object] = [
        good,
        {**good, "id": "future", "dateCreation": "2999-01-01T00:00:00Z"},
        {**good, "id": "empty", "description": None, "salaire": {}, "lieuTravail": {}},
        {**good, "id": "odd", "salaire": {"libelle": "Mensuel de ????? Euros"}},
        {**good, "id": "long", "description": "é" * 1_000_000},
        {**good, "id": "typed", "description": ["une liste"]},
        {**good, "id": "date", "dateCreation": "demain"},
        {"sourceUrl": 5, "title": "Sans adresse"},
        ["pas une offre"],
        None,
    ]
    path = tmp_path / "offers.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in records) + "\n{cut", encoding="utf-8")
    report = ingest_offers(
        [path],
        warehouse_path=tmp_path / "w.duckdb",
        catalogue_path=tmp_path / "c.parquet",
        rejects_dir=tmp_path / "rejects",
        enrich=EnrichOptions(),
    )
    assert (report.read, report.loaded, report.rejected) == (11, 4, 7)
    with open_warehouse(tmp_path / "w.duckdb", read_only=True) as warehouse:
        rows = warehouse.table(OFFER_ENRICHMENT).to_pyarrow().to_pylist()
    by_id = {row["offer_id"]: row for row in rows}
    assert by_id["ok"]["skills_required"] == ["Anglais"]
    assert by_id["future"]["age_days"] is None
    assert by_id["odd"]["salary_min"] is None
