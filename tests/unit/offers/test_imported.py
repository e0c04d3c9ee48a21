"""Offers of other sites become records that the one normaliser takes."""

from __future__ import annotations

from typing import Any

import pytest

from jobmatch_ml.offers.imported import as_record, imported_id, is_imported
from jobmatch_ml.offers.pay import read_pay
from jobmatch_ml.offers.silver import RecordError, normalise_record

IMPORTED: dict[str, Any] = {
    "sourceUrl": "https://jobs.example.fr/42",
    "sourceDomain": "jobs.example.fr",
    "title": "Comptable",
    "company": "Dupont",
    "location": "69003 Lyon",
    "description": "Maîtrise de Sage et d'Excel",
    "contractType": "Interim",
    "salary": {"min": 2000, "max": 2400, "currency": "EUR", "period": "month"},
    "skills": ["Excel"],
    "remoteType": "hybrid",
    "capturedAt": "2026-02-01T10:00:00Z",
}


def test_an_imported_offer_is_known_by_its_address() -> None:
    assert is_imported(IMPORTED)
    assert not is_imported({"id": "1", "intitule": "Comptable"})
    assert not is_imported(["sourceUrl"])
    assert imported_id("https://a.fr/1") == imported_id(" https://a.fr/1 ")
    assert imported_id("https://a.fr/1") != imported_id("https://a.fr/2")


def test_every_field_of_the_contract_reaches_silver() -> None:
    offer_id, rows = normalise_record(as_record(IMPORTED))
    assert offer_id.startswith("import-")
    assert rows["offers_entreprise"][0][1] == "Dupont"
    assert rows["offers_lieu_travail"][0][1] == "69003 Lyon"
    assert rows["offers_competences"] == [(offer_id, None, "Excel", "S")]
    assert rows["offers_origine"][0][1:3] == ("jobs.example.fr", IMPORTED["sourceUrl"])
    assert rows["offers_salaire"][0][1] == "Mensuel de 2000 Euros à 2400 Euros"
    record = as_record(IMPORTED)
    assert (record["typeContrat"], record["typeContratLibelle"]) == ("MIS", "Interim")
    assert record["dureeTravailLibelle"] == "Télétravail partiel"


@pytest.mark.parametrize(
    ("salary", "yearly"),
    [
        ({"min": 2000, "max": 2400, "period": "month"}, (24000, 28800)),
        ({"min": 40000, "max": None, "period": "year"}, (40000, 40000)),
        ({"max": 13, "period": "hour"}, (13 * 1820, 13 * 1820)),
        ({"min": 50000, "currency": "USD"}, None),
        ({}, None),
    ],
)
def test_pay_is_read_back_as_it_was_meant(
    salary: dict[str, Any], yearly: tuple[float, float] | None
) -> None:
    field = as_record({**IMPORTED, "salary": salary}).get("salaire") or {}
    pay = read_pay(field.get("libelle"))
    assert (None if pay is None else (pay.low, pay.high)) == yearly


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sourceUrl": " "}, "no id"),
        ({"title": None}, "empty title"),
        ({"description": {"a": 1}}, "description"),
        ({"location": ["Lyon"]}, "lieuTravail"),
        ({"skills": [1, None]}, "competences"),
        ({"skills": "Excel"}, "competences"),
        ({"capturedAt": "hier"}, "dateCreation"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(RecordError, match=field):
        normalise_record(as_record({**IMPORTED, **change}))
