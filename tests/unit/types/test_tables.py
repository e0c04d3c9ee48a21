"""The tables' one definition: complete, consistent, and clear about what is personal."""

from __future__ import annotations

from dataclasses import fields

from jobmatch_ml.types import Offer
from jobmatch_ml.types.tables import CONTACT, GOLD_OFFERS, GOLD_TABLES, OFFERS, SILVER_TABLES


def test_silver_has_the_thirteen_tables_of_the_contract() -> None:
    assert [table.name for table in SILVER_TABLES] == [
        "offers",
        "offers_lieu_travail",
        "offers_entreprise",
        "offers_salaire",
        "offers_salaire_complements",
        "offers_competences",
        "offers_qualites_professionnelles",
        "offers_formations",
        "offers_permis",
        "offers_langues",
        "offers_contact",
        "offers_origine",
        "offers_contexte_travail_horaires",
    ]


def test_offers_has_the_columns_of_the_contract_in_order() -> None:
    expected = (
        "id, intitule, description, dateCreation, dateActualisation, romeCode, romeLibelle, "
        "appellationlibelle, typeContrat, typeContratLibelle, natureContrat, experienceExige, "
        "experienceLibelle, dureeTravailLibelle, dureeTravailLibelleConverti, alternance, "
        "nombrePostes, accessibleTH, qualificationCode, qualificationLibelle, codeNAF, "
        "secteurActivite, secteurActiviteLibelle, trancheEffectifEtab, offresManqueCandidats, "
        "entrepriseAdaptee, employeurHandiEngage, ingestion_date"
    )
    assert ", ".join(OFFERS.names) == expected


def test_every_silver_table_names_the_offer_first_and_the_day_last() -> None:
    for table in SILVER_TABLES:
        assert table.names[0] == table.id_column
        assert table.names[-1] == "ingestion_date"
        assert table.types["ingestion_date"] == "date"


def test_contact_data_is_tagged_personal_and_nothing_in_gold_is() -> None:
    assert CONTACT.personal_names == CONTACT.names[1:-1]
    assert not [name for table in GOLD_TABLES for name in table.personal_names]


def test_gold_offers_holds_every_field_of_an_offer() -> None:
    assert {field.name for field in fields(Offer)} <= set(GOLD_OFFERS.names)


def test_no_table_names_a_column_twice() -> None:
    for table in (*SILVER_TABLES, *GOLD_TABLES):
        assert len(set(table.names)) == len(table.names)
