"""Deeds: one claim for each thing the writer says to do; wishes and others' deeds claim nothing."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant import candidate, check_text
from jobmatch_ml.assistant.claims import extract_claims

DATA = candidate.from_request(
    {
        "first_name": "Léa",
        "experiences": [
            {"title": "Éducatrice", "company": "Crèche du Parc", "start": "2020-01",
             "end": "present", "description": "Accompagnement des parents\nAteliers de motricité"},
        ],
        "interests": ["Escalade"],
    }
)  # fmt: skip


def deeds(text: str) -> list[str]:
    return [claim.text for claim in extract_claims(text) if claim.kind == "skill" and claim.loose]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je bichonne les licornes et je toilette les griffons.", ["licornes", "griffons"]),
        ("J'ai relié des grimoires et restauré des enluminures.", ["grimoires", "enluminures"]),
        ("Depuis 2020, Nadia pèse les truffes.", ["truffes"]),
        ("Il règle les orgues et les clavecins.", ["orgues", "clavecins"]),
    ],
)
def test_each_thing_done_is_a_claim(text: str, expected: list[str]) -> None:
    assert deeds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "J'aimerais restaurer des enluminures.",
        "Vous restaurez des enluminures.",
        "Je souhaite rejoindre vos grimoires.",
        "Je vous adresse mes enluminures.",
        "Votre atelier relie des grimoires.",
    ],
)
def test_wishes_and_what_others_do_claim_nothing(text: str) -> None:
    assert deeds(text) == []


@pytest.mark.parametrize(
    "text",
    ["J'accompagne les parents.", "J'anime un atelier de motricité.", "Le week-end, je grimpe."],
)
def test_a_deed_is_borne_out_by_any_of_its_words(text: str) -> None:
    assert check_text(text, DATA).ok


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("J'accompagne les parents et je relie des grimoires.", "grimoires"),
        ("Motricité, éveil et orthophonie.", "orthophonie"),
        ("Je gère le budget de la crèche.", "budget"),
    ],
)
def test_a_thing_nobody_spoke_of_is_unsupported(text: str, wrong: str) -> None:
    assert wrong in [claim.text for claim in check_text(text, DATA).unsupported]
