"""Names of fields in forms."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv.fields import field_kind, is_field, opens_field, split_fields


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Poste occupé", "role"), ("Intitulé du diplôme obtenu", "role"),
        ("Nom et adresse de l'employeur", "entity"), ("Établissement", "entity"),
        ("Date d'obtention :", "date"), ("PÉRIODE", "date"), ("Lieu de travail", "place"),
        ("Type de contrat", "note"), ("Principales activités et responsabilités", "text"),
        ("Job title", "role"), ("Name of organisation", "entity"), ("Main duties", "text"),
    ],
)  # fmt: skip
def test_the_first_noun_of_a_name_tells_what_its_field_holds(label: str, kind: str) -> None:
    assert field_kind(label) == kind


@pytest.mark.parametrize("text", ["Poste de secours", "de la", "", "x" * 200, "Vendeur", "Employé"])
def test_other_words_are_no_name_of_a_field(text: str) -> None:
    assert field_kind(text) is None


def test_names_of_the_person_are_fields_but_open_no_entry() -> None:
    assert is_field("Téléphone")
    assert not opens_field("Téléphone : 06 39 98 00 01")
    assert opens_field("Poste : Vendeur")


def test_a_line_may_hold_several_fields_and_a_value_several_cells() -> None:
    assert split_fields("Poste | Vendeur | CDI | Dates : 2019 - 2021") == [
        ("role", "poste", "Vendeur | CDI"), ("date", "dates", "2019 - 2021"),
    ]  # fmt: skip
    assert split_fields("Vendeur | Poste | Fnac") == []
    assert split_fields("Missions") == []


def test_an_address_alone_is_a_place_and_with_a_name_the_employer() -> None:
    assert field_kind("Adresse de l'employeur") == field_kind("Employer address") == "place"
    assert field_kind("Nom et adresse de l'employeur") == "entity"
    assert field_kind("Name and address of employer") == "entity"
    assert field_kind("Employeur et adresse") == "entity"
