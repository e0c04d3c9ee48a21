"""Checks: each fails for what it names, examples are ids, shards add up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from jobmatch_ml.offers.enrichment import Enricher
from jobmatch_ml.offers.quality import CHECKS, QualityReport, check_offers
from jobmatch_ml.types.tables import GOLD_OFFERS
from jobmatch_ml.warehouse import arrow_schema

ENRICHER = Enricher.load()
SCHEMA = arrow_schema(GOLD_OFFERS)
GOOD: dict[str, Any] = {
    "offer_id": "1",
    "title": "Boulanger",
    "description": "Nous recherchons pour notre boutique un boulanger qui aime le travail. " * 3,
    "rome_code": "D1102",
    "postal_code": "69003",
    "contract_type": "CDI",
    "salary_label": "Mensuel de 2000 Euros",
    "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    "updated_at": datetime(2026, 1, 2, tzinfo=UTC),
    "ingestion_date": date(2026, 1, 3),
}


def _check(*offers: dict[str, Any], **read: Any) -> QualityReport:
    gold = pa.Table.from_pylist([{**GOOD, **each} for each in offers], schema=SCHEMA)
    rows = ENRICHER.enrich(gold)[0]
    for name, value in read.items():
        place = rows.schema.get_field_index(name)
        column = pa.array([value] * rows.num_rows, rows.schema.field(name).type)
        rows = rows.set_column(place, name, column)
    return check_offers([(gold, rows)])


def _failed(report: QualityReport) -> set[str]:
    return {name for name, result in report.results.items() if result.failed}


def test_a_good_offer_fails_nothing() -> None:
    report = _check({})
    assert _failed(report) == set()
    assert report.offers == 1
    assert report.filled["salary_min"] == 1.0
    assert report.filled["remote"] == 0.0
    assert [each["name"] for each in report.to_dict()["checks"]] == [each.name for each in CHECKS]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"title": "  "}, "no_title"),
        ({"description": ""}, "no_text"),
        ({"description": "Bref"}, "short_text"),
        ({"description": "<p>du HTML</p>" * 20}, "html"),
        ({"description": "mot " * 6000}, "long_text"),
        ({"rome_code": "boulanger"}, "rome"),
        ({"postal_code": "6900"}, "postal_code"),
        ({"contract_type": "XYZ"}, "contract"),
        ({"created_at": datetime(2027, 1, 1, tzinfo=UTC)}, "future"),
        ({"updated_at": datetime(2025, 1, 1, tzinfo=UTC)}, "times"),
        ({"latitude": 80.0, "longitude": 1.0}, "latitude"),
        ({"salary_label": "Mensuel de 400 Euros"}, "low_pay"),
        (
            {"description": "We are looking for a baker to join the team in our shop. " * 3},
            "language",
        ),
    ],
)
def test_each_check_fails_for_what_it_names(change: dict[str, Any], check: str) -> None:
    report = _check(change, {"offer_id": "2"})
    assert check in _failed(report)
    assert report.results[check].failed == 1
    assert report.results[check].examples == ["1"]


def test_broken_rules_are_errors_and_broken_data_are_not() -> None:
    assert [each.name for each in _check({}, salary_min=2.0, salary_max=1.0).errors] == [
        "bounds", "pay",
    ]  # fmt: skip
    assert _check({"description": ""}).errors == []


def test_an_id_met_in_another_shard_is_repeated() -> None:
    gold = pa.Table.from_pylist([GOOD], schema=SCHEMA)
    rows = ENRICHER.enrich(gold)[0]
    report = check_offers([(gold, rows), (gold, rows)])
    assert report.offers == 2
    assert report.results["repeated_id"].failed == 1
    assert [each.name for each in report.errors] == ["repeated_id"]


def test_nothing_to_check_is_no_failure() -> None:
    assert check_offers([]).to_dict()["offers"] == 0
