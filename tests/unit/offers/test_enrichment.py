"""Whole offers through the enrichment: rows, evidence, lineage, garbage, duplicates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from jobmatch_ml.offers.enrichment import Enricher, add_duplicate_groups, shards
from jobmatch_ml.offers.gold_schema import OFFER_ENRICHMENT, OFFER_SKILLS, arrow_schema
from jobmatch_ml.offers.rome_finer import FinerCode
from jobmatch_ml.types import Offer

ENRICHER = Enricher.load()
OFFER: dict[str, Any] = {
    "offer_id": "1",
    "title": "Data analyst (H/F)",
    "description": "Maîtrise de SQL. Python serait un plus. 2 jours de télétravail. Fixe : 40 k€",
    "rome_code": "M1419",
    "rome_label": "Data analyst",
    "contract_type": "CDI",
    "contract_label": "CDI",
    "experience_required": "E",
    "experience_label": "2 An(s)",
    "working_time": "35H",
    "salary_label": "",
    "required_skills": ["SQL", "Modéliser des données"],
    "wished_skills": None,
    "required_languages": ["Anglais"],
    "commune_code": "75056",
    "department": "75",
    "latitude": None,
    "longitude": None,
    "is_apprenticeship": False,
    "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    "ingestion_date": date(2026, 1, 31),
}


def _enrich(*offers: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows, skills = ENRICHER.enrich(pa.Table.from_pylist(list(offers)))
    return rows.to_pylist(), skills.to_pylist()


def test_an_offer_becomes_a_row_of_the_schema_with_its_evidence() -> None:
    rows, skills = ENRICHER.enrich(pa.Table.from_pylist([OFFER]))
    assert rows.schema == arrow_schema(OFFER_ENRICHMENT)
    assert skills.schema == arrow_schema(OFFER_SKILLS)
    row = rows.to_pylist()[0]
    assert (row["salary_min"], row["salary_max"], row["salary_source"]) == (
        40000, 40000, "description",
    )  # fmt: skip
    assert (row["experience_months"], row["remote"], row["remote_days"]) == (24, "partial", 2.0)
    assert row["skills_required"] == ["SQL", "Modéliser des données", "Anglais"]
    assert row["skills_wished"] == ["Python"]
    assert (row["age_days"], row["freshness"]) == (30, 0.5)
    assert (row["rome_code_fine"], row["rome_source"]) == ("M1419", "field")
    assert row["place_source"] in {"commune", "department"}
    assert 48 < row["place_latitude"] < 49.5
    sql = skills.to_pylist()[0]
    assert OFFER["description"][sql["start"] : sql["end"]] == "SQL"
    assert [each["source"] for each in skills.to_pylist()] == ["text", "text", "field", "field"]


def test_lineage_follows_the_text_and_nothing_else() -> None:
    rows, _ = _enrich(OFFER, {**OFFER, "offer_id": "import-2", "latitude": 45.0, "longitude": 4.0})
    assert rows[0]["text_hash"] == rows[1]["text_hash"]
    assert [row["source"] for row in rows] == ["france_travail", "import"]
    assert rows[1]["place_source"] == "field"
    changed, _ = _enrich({**OFFER, "description": "Autre"})
    assert changed[0]["text_hash"] != rows[0]["text_hash"]


@pytest.mark.parametrize(
    "garbage",
    [
        {"description": None, "title": None},
        {"description": "😀🎉" * 300, "title": "🚀"},
        {"description": "<p>" * 2000 + "Excel" + "</p>" * 2000},
        {"description": "1 000 000 € " * 90_000},
        {"created_at": datetime(2999, 1, 1, tzinfo=UTC)},
        {"salary_label": "Mensuel de 99999999999 Euros"},
        {"experience_label": "999999 An(s)", "experience_required": "?"},
        {"required_skills": [None, ""], "required_languages": []},
        {"latitude": None, "department": "ZZ", "commune_code": ""},
    ],
)
def test_garbage_is_null_and_stops_nothing(garbage: dict[str, Any]) -> None:
    rows, _ = _enrich({**OFFER, **garbage}, OFFER)
    assert [row["offer_id"] for row in rows] == ["1", "1"]


def test_only_ids_are_needed() -> None:
    rows, skills = _enrich({"offer_id": "7"})
    assert skills == []
    assert rows[0]["salary_min"] is None
    assert rows[0]["rome_source"] is None


class _Refiner:
    """Says that every code with another label is broad, and answers with one child."""

    def is_broad(self, code: str, label: str) -> bool:
        return label != "new"

    def refine(self, codes: Any, titles: Any, texts: Any) -> list[FinerCode | None]:
        return [FinerCode(f"{code}x", 0.5, "predicted") for code in codes]


def test_broad_codes_are_predicted_and_fine_ones_kept() -> None:
    enricher = Enricher(ENRICHER.vocabulary, _Refiner())  # type: ignore[arg-type]
    offers = [{**OFFER, "rome_label": "old"}, {**OFFER, "rome_label": "new"}, {"offer_id": "3"}]
    rows, _ = enricher.enrich(pa.Table.from_pylist(offers))
    assert rows.column("rome_code_fine").to_pylist() == ["M1419x", "M1419", None]
    assert rows.column("rome_source").to_pylist() == ["predicted", "field", None]


def test_shards_make_the_same_rows_as_the_whole() -> None:
    gold = pa.Table.from_pylist([{**OFFER, "offer_id": str(n)} for n in range(5)])
    parts = [ENRICHER.enrich(part)[0] for part in shards(gold, 2)]
    assert [part.num_rows for part in parts] == [2, 2, 1]
    assert pa.concat_tables(parts) == ENRICHER.enrich(gold)[0]


def test_duplicates_share_a_group_whatever_the_order() -> None:
    rows, _ = ENRICHER.enrich(pa.Table.from_pylist([{"offer_id": name} for name in "bac"]))
    offers = [
        Offer("a", "Vendeur H/F", "un texte", company="Dupont"),
        Offer("b", "VENDEUR (F/H)", "un autre", company="DUPONT"),
        Offer("c", "Boulanger", "du pain", company="Martin"),
    ]
    grouped = add_duplicate_groups(rows, offers)
    assert grouped.column("duplicate_group").to_pylist() == ["a", "a", "c"]
    assert grouped.column("duplicate_group_size").to_pylist() == [2, 2, 1]
    assert grouped.schema == arrow_schema(OFFER_ENRICHMENT)
