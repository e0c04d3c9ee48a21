"""Gold: one row an offer, the newest day wins; statistics; the same expressions for BigQuery."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from jobmatch_ml.offers.catalogue import catalogue_hash
from jobmatch_ml.offers.enriching import EnrichOptions
from jobmatch_ml.offers.gold import export_catalogue, gold_expressions, gold_queries
from jobmatch_ml.types.tables import (
    CONTACT,
    DAILY_STATS,
    GOLD_OFFERS,
    GOLD_TABLES,
    SKILLS_RANKING,
    Table,
)
from jobmatch_ml.warehouse import ibis_schema, open_warehouse
from jobmatch_ml.warehouse.schema import unbound_table
from tests.offer_records import full, ingest, offer, stored, write_bronze, write_lines

DAY = date(2025, 3, 1)


def test_a_record_with_every_field_gives_the_exact_gold_row(tmp_path: Path) -> None:
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", full()), ingestion_date=DAY)
    (row,) = stored(tmp_path, GOLD_OFFERS)
    assert row == {
        "offer_id": "101ABC",
        "title": "Développeur / Développeuse web (H/F)",
        "description": "Vous développez en Python.\nTélétravail possible.",
        "rome_code": "M1805",
        "rome_label": "Études et développement informatique",
        "rome_appellation": "Développeur / Développeuse web",
        "company": "Exemple SA",
        "place": "69 - LYON 03",
        "postal_code": "69003",
        "commune_code": "69383",
        "department": "69",
        "region": "Auvergne-Rhône-Alpes",
        "latitude": 45.75,
        "longitude": 4.85,
        "contract_type": "CDI",
        "contract_label": "Contrat à durée indéterminée",
        "is_apprenticeship": False,
        "experience_required": "E",
        "experience_label": "2 ans",
        "qualification_label": "Cadre",
        "sector_code": "62.01Z",
        "sector_label": "Programmation informatique",
        "salary_label": "Annuel de 38000 Euros",
        "working_time": "35H Travail en journée",
        "working_time_kind": "Temps plein",
        "n_positions": 2,
        "required_skills": ["Concevoir une base de données", "Python"],
        "wished_skills": ["Anglais technique"],
        "required_languages": ["Anglais"],
        "required_licences": ["B - Véhicule léger"],
        "source_url": "https://example.org/offre?a=1&b=2",
        "created_at": datetime(2025, 2, 28, 11, 0, 58, 629000, tzinfo=UTC),
        "updated_at": datetime(2025, 3, 1, 7, 0, tzinfo=UTC),
        "ingestion_date": DAY,
    }


def test_what_an_offer_does_not_say_is_empty_text_or_null(tmp_path: Path) -> None:
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", offer("1")), ingestion_date=DAY)
    (row,) = stored(tmp_path, GOLD_OFFERS)
    said = {"offer_id": "1", "title": "Vendeur 1", "rome_code": "D1106", "ingestion_date": DAY}
    for name, kind in GOLD_OFFERS.types.items():
        empty = {"string": "", "array<string>": []}.get(kind)
        assert row[name] == said.get(name, empty), name


def test_department_region_and_coordinates_come_from_whatever_the_place_says(
    tmp_path: Path,
) -> None:
    places = [
        ({"commune": "2A004", "codePostal": "20000"}, "2A", "Corse"),
        ({"codePostal": "20000"}, "20", "Corse"),
        ({"codePostal": "97410"}, "974", "La Réunion"),
        ({"libelle": "35 - RENNES"}, "35", "Bretagne"),
        ({"libelle": "France"}, "", ""),
        ({"codePostal": "99999"}, "99", ""),
        # No such latitude: not known, rather than wrong.
        ({"libelle": "X", "latitude": 4875.0, "longitude": 2.3}, "", ""),
    ]
    records = [offer(str(n), lieuTravail=place) for n, (place, _, _) in enumerate(places)]
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", *records))
    rows = stored(tmp_path, GOLD_OFFERS)
    assert [(row["department"], row["region"]) for row in rows] == [
        (department, region) for _, department, region in places
    ]
    assert {(row["latitude"], row["longitude"]) for row in rows} == {(None, None)}


def test_the_newest_day_wins_whatever_the_order_of_loading(tmp_path: Path) -> None:
    skills = {"competences": [{"libelle": "Caisse", "exigence": "E"}]}
    new = write_bronze(tmp_path / "new", "2025-03-02", offer("1", intitule="Neuf"), offer("2"))
    old = write_bronze(
        tmp_path / "old", "2025-03-01", offer("1", intitule="Vieux", **skills), offer("3")
    )
    ingest(tmp_path, new)
    ingest(tmp_path, old)
    rows = {row["offer_id"]: row for row in stored(tmp_path, GOLD_OFFERS)}
    assert set(rows) == {"1", "2", "3"}
    assert rows["1"]["title"] == "Neuf"
    assert rows["1"]["required_skills"] == []
    assert rows["3"]["ingestion_date"] == date(2025, 3, 1)


def test_daily_stats_count_offers_and_positions_of_each_day(tmp_path: Path) -> None:
    lyon = {"lieuTravail": {"codePostal": "69003"}}
    records = [
        offer("1", typeContrat="CDI", nombrePostes=3, **lyon),
        offer("2", typeContrat="CDI", **lyon),
        offer("3", typeContrat="CDD"),
    ]
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", *records), ingestion_date=DAY)
    rows = sorted(tuple(row.values()) for row in stored(tmp_path, DAILY_STATS))
    assert rows == [
        (DAY, "D1106", "", "CDD", 1, 1),
        (DAY, "D1106", "Auvergne-Rhône-Alpes", "CDI", 2, 4),
    ]


def test_skills_are_ranked_by_the_offers_that_ask_for_them(tmp_path: Path) -> None:
    def asks(*skills: tuple[str, str | None]) -> dict[str, Any]:
        return {"competences": [{"libelle": name, "exigence": need} for name, need in skills]}

    records = [
        offer("1", **asks(("Caisse", "E"), ("Caisse", "S"), ("Stock", "S"))),
        offer("2", **asks(("Caisse", "S"), ("Accueil", None))),
        offer("3", romeCode="M1805", **asks(("Python", "E"))),
    ]
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", *records))
    rows = [tuple(row.values()) for row in stored(tmp_path, SKILLS_RANKING)]
    assert sorted(rows, key=lambda row: (row[0], row[-1])) == [
        ("D1106", "Caisse", 2, 1, 1, 1),
        ("D1106", "Accueil", 1, 0, 1, 2),
        ("D1106", "Stock", 1, 0, 1, 3),
        ("M1805", "Python", 1, 1, 0, 1),
    ]


def test_offers_without_structured_skills_count_with_those_of_their_text(tmp_path: Path) -> None:
    needed = "Maîtrise de Python et de SQL exigée. Anglais courant."
    records = [
        offer("1", romeCode="M1805", competences=[{"libelle": "Python", "exigence": "S"}],
              description=needed),
        offer("2", romeCode="M1805", description=needed),
    ]  # fmt: skip
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", *records), enrich=EnrichOptions())
    found = {row["skill"].casefold(): row for row in stored(tmp_path, SKILLS_RANKING)}
    # One by its list, one by its text, under one name; the first offer's text is not asked.
    assert found["python"] == {"rome_code": "M1805", "skill": "Python", "n_offers": 2,
                               "n_required": 1, "n_wished": 1, "rank": 1}  # fmt: skip
    assert found["sql"]["n_offers"] == 1
    assert "anglais" not in found


@pytest.mark.parametrize("table", GOLD_TABLES, ids=lambda table: table.name)
def test_the_same_expressions_compile_for_bigquery(table: Table) -> None:
    rows = gold_expressions(unbound_table)[table]
    assert dict(rows.schema().items()).keys() == dict(ibis_schema(table).items()).keys()
    text = gold_queries("bigquery")[table]
    (parsed,) = sqlglot.parse(text, dialect="bigquery")
    assert parsed is not None
    assert tuple(parsed.named_selects) == table.names
    read = {found.name for found in parsed.find_all(sqlglot.exp.Table)}
    assert CONTACT.name not in read


def test_exporting_the_same_offers_again_gives_the_same_bytes(tmp_path: Path) -> None:
    ingest(tmp_path, write_lines(tmp_path / "a.jsonl", full("2"), full("1")))
    first = catalogue_hash(tmp_path / "c.parquet")
    with open_warehouse(tmp_path / "w.duckdb", read_only=True) as warehouse:
        export_catalogue(warehouse, tmp_path / "again.parquet")
    assert catalogue_hash(tmp_path / "again.parquet") == first
