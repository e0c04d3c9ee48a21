"""One record becomes exact rows of 13 tables; types are converted or the record is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from jobmatch_ml.offers.silver import RecordError, normalise_record, to_arrow
from jobmatch_ml.types.tables import OFFERS, SILVER_TABLES
from jobmatch_ml.warehouse import arrow_schema
from tests.offer_records import CANARY, full, offer

ID = "101ABC"


def test_a_record_with_every_field_gives_exact_rows_of_all_thirteen_tables() -> None:
    offer_id, rows = normalise_record(full())
    assert offer_id == ID
    assert rows == {
        "offers": [
            (
                ID,
                "Développeur / Développeuse web (H/F)",
                "Vous développez en Python.\nTélétravail possible.",
                datetime(2025, 2, 28, 11, 0, 58, 629000, tzinfo=UTC),
                datetime(2025, 3, 1, 7, 0, tzinfo=UTC),
                "M1805",
                "Études et développement informatique",
                "Développeur / Développeuse web",
                "CDI",
                "Contrat à durée indéterminée",
                "Contrat travail",
                "E",
                "2 ans",
                "35H Travail en journée",
                "Temps plein",
                False,
                2,
                True,
                "9",
                "Cadre",
                "62.01Z",
                "62",
                "Programmation informatique",
                "20 à 49 salariés",
                True,
                False,
                False,
            )
        ],
        "offers_lieu_travail": [(ID, "69 - LYON 03", 45.75, 4.85, "69003", "69383")],
        "offers_entreprise": [(ID, "Exemple SA", "Une ESN", False)],
        "offers_salaire": [(ID, "Annuel de 38000 Euros", "selon profil", "Mutuelle", "Tickets")],
        "offers_salaire_complements": [(ID, "1", "Primes")],
        "offers_competences": [
            (ID, "300", "Python", "E"),
            (ID, "301", "Anglais technique", "S"),
            (ID, None, "Concevoir une base de données", "E"),
        ],
        "offers_qualites_professionnelles": [(ID, "Autonomie", "Sans encadrement")],
        "offers_formations": [(ID, "31054", "Informatique", "Bac+5", "ou équivalent", "S")],
        "offers_permis": [(ID, "B - Véhicule léger", "E")],
        "offers_langues": [(ID, "Anglais", "E")],
        "offers_contact": [
            (
                ID,
                f"{CANARY} nom",
                f"{CANARY} rue",
                f"{CANARY} ville",
                f"{CANARY} pays",
                f"{CANARY}@example.org",
                f"{CANARY} 01",
                f"https://example.org/{CANARY}",
                f"{CANARY} demander",
            )
        ],
        "offers_origine": [(ID, "1", "https://example.org/offre?a=1&b=2", '[{"nom":"X"}]')],
        "offers_contexte_travail_horaires": [(ID, "35H"), (ID, "Travail en journée")],
    }


def test_rows_have_one_value_a_column() -> None:
    _, rows = normalise_record(full())
    assert set(rows) == {table.name for table in SILVER_TABLES}
    for table in SILVER_TABLES:
        # The day is added when rows become Arrow.
        assert {len(row) for row in rows[table.name]} == {len(table.columns) - 1}


@pytest.mark.parametrize(
    "empty",
    [
        {"salaire": {}},
        {"lieuTravail": None},
        {"competences": []},
        {"contexteTravail": {"horaires": [""]}},
        {"entreprise": {"unknown": 1}},
        {"contexteTravail": {}},
        {"_reconstructed_from_flat_csv": True, "agence": {"courriel": "x"}},
    ],
)
def test_what_an_offer_does_not_say_makes_no_row(empty: dict[str, Any]) -> None:
    _, rows = normalise_record(offer("1", **empty))
    assert set(rows) == {"offers"}


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("nombrePostes", "3", 3),
        ("nombrePostes", 3.0, 3),
        ("nombrePostes", "", None),
        ("codeNAF", 6201, "6201"),
        ("alternance", "true", True),
        ("alternance", 0, False),
        ("alternance", "", None),
        ("description", "  \n ", None),
        (
            "description",
            "a &lt;b&gt; &#39;c&#39; &amp; d&copy=1 &zzz;",
            "a <b> 'c' & d&copy=1 &zzz;",
        ),
        ("dateCreation", "2025-01-02", datetime(2025, 1, 2, tzinfo=UTC)),
        ("dateCreation", " ", None),
        ("romeCode", "M1607", "M1607"),
    ],
)
def test_values_of_another_type_are_converted_when_nothing_is_lost(
    field: str, value: Any, expected: Any
) -> None:
    _, rows = normalise_record(offer("1", **{field: value}))
    assert rows["offers"][0][OFFERS.names.index(field)] == expected


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("text", "expected an object, found text"),
        (None, "expected an object, found null"),
        ([1], "expected an object, found a list"),
        ({"intitule": "x"}, "no id"),
        ({"id": "  ", "intitule": "x"}, "no id"),
        ({"id": True, "intitule": "x"}, "no id"),
        ({"id": {}, "intitule": "x"}, "no id"),
        ({"id": "x" * 51, "intitule": "x"}, "id of more than 50 characters"),
        ({"id": "1"}, "empty title (`intitule`)"),
        ({"id": "1", "intitule": " "}, "empty title (`intitule`)"),
        (offer("1", intitule=["x"]), "`intitule`: expected text, found a list"),
        (offer("1", intitule=True), "`intitule`: expected text, found true/false"),
        (offer("1", description="x" * 100_001), "`description`: text of more than 100,000"),
        (offer("1", nombrePostes="deux"), "`nombrePostes`: expected a number, found text"),
        (offer("1", nombrePostes=1.5), "`nombrePostes`: expected a whole number"),
        (offer("1", nombrePostes=True), "`nombrePostes`: expected a number, found true/false"),
        (offer("1", nombrePostes=10**12), "`nombrePostes`: expected a whole number"),
        (offer("1", alternance="peut-être"), "`alternance`: expected true or false, found text"),
        (offer("1", dateCreation="hier"), "`dateCreation`: expected an ISO 8601 time"),
        (offer("1", dateCreation=5), "`dateCreation`: expected an ISO 8601 time"),
        (offer("1", entreprise="ACME"), "`entreprise`: expected an object, found text"),
        (offer("1", competences=["Python"]), "`competences`: expected an object, found text"),
        (offer("1", permis=[{"libelle": {}}]), "`permis.libelle`: expected text, found an object"),
        (offer("1", lieuTravail={"latitude": "nan"}), "`lieuTravail.latitude`: expected a number"),
        (offer("1", salaire={"listeComplements": [3]}), "`salaire.listeComplements`: expected an"),
        (offer("1", contexteTravail=["x"]), "`contexteTravail`: expected an object, found a list"),
        (offer("1", contexteTravail={"horaires": [{}]}), "`contexteTravail.horaires.horaire`: exp"),
    ],
)
def test_records_that_cannot_be_used_are_refused_with_their_reason(
    record: Any, reason: str
) -> None:
    with pytest.raises(RecordError) as caught:
        normalise_record(record)
    assert str(caught.value).startswith(reason)


def test_a_reason_never_quotes_the_value() -> None:
    with pytest.raises(RecordError) as caught:
        normalise_record(offer("1", contact={"courriel": [CANARY]}))
    assert CANARY not in str(caught.value)
    assert "contact.courriel" in str(caught.value)


def test_one_object_in_the_place_of_a_list_is_read_as_a_list_of_one() -> None:
    _, rows = normalise_record(
        offer("1", permis={"libelle": "B"}, contexteTravail={"horaires": "35H"})
    )
    assert rows["offers_permis"] == [("1", "B", None)]
    assert rows["offers_contexte_travail_horaires"] == [("1", "35H")]


def test_arrow_tables_have_the_specified_schema_even_without_rows() -> None:
    day = date(2025, 1, 1)
    _, rows = normalise_record(full())
    for table in SILVER_TABLES:
        schema = arrow_schema(table)
        assert to_arrow(table, [], day, schema).num_rows == 0
        filled = to_arrow(table, rows[table.name], day, schema)
        assert filled.schema == schema
        assert filled.column("ingestion_date").to_pylist() == [day] * filled.num_rows
