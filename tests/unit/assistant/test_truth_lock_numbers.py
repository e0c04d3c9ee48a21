"""Numbers that follow from the candidate's own, and those that only look like them."""

from __future__ import annotations

from datetime import date

import pytest

from jobmatch_ml.assistant import candidate, check_text

DATA = candidate.from_request(
    {
        "first_name": "Éva",
        "experiences": [
            {
                "title": "Cheffe de culture", "company": "Verger Sol", "start": "2015-01",
                "end": "2020-12",
                "bullets": [
                    "Encadrement de 4 permanents et de 30 saisonniers",
                    "Préparation de 20 dossiers d'aide",
                    "Réponse à 180 avis sous 48 heures, note passée de 4,1 à 4,5",
                    "8 familles sur 10 ont renouvelé leur panier",
                    "Chiffre d'affaires porté de 1,1 à 1,7 million d'euros",
                ],
            }
        ],
        "professional_successes": [
            {"title": "Contrats", "situation": "", "task": "",
             "action": "J'ai comparé 60 contrats et préparé un modèle.", "result": ""}
        ],
        "education": [
            {"degree": "BTSA Production horticole", "school": "Lycée Nord", "start": "2010"},
            {"degree": "Doctorat de biologie", "school": "Université Sud", "start": "2012"},
        ],
    }
)  # fmt: skip


def unsupported(text: str) -> list[str]:
    return [c.text for c in check_text(text, DATA, today=date(2026, 1, 1)).unsupported]


@pytest.mark.parametrize(
    "text",
    [
        "J'ai encadré 34 personnes.",
        "J'ai encadré quatre personnes à l'année.",
        "Elle a répondu à cent quatre-vingts avis en moins de deux jours.",
        "Un an après, nous avions 4,5.",
        "80 % des familles ont renouvelé leur panier.",
        "Huit familles sur dix ont renouvelé.",
        "Le chiffre d'affaires a gagné 600 000 euros.",
        "Elle a deux diplômes.",
        "Docteure en biologie.",
    ],
)
def test_what_follows_from_the_candidates_numbers_is_borne_out(text: str) -> None:
    assert unsupported(text) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("J'ai encadré 44 personnes.", "44"),
        ("J'ai préparé soixante dossiers.", "soixante"),
        ("Dix familles sur dix ont renouvelé.", "Dix"),
        ("Elle a trois diplômes.", "trois"),
        ("J'ai répondu à 180 avis en trois jours.", "trois jours"),
        ("Nous avions 4,8.", "4,8"),
    ],
)
def test_a_number_of_something_else_is_not(text: str, wrong: str) -> None:
    assert wrong in unsupported(text)


def test_half_of_an_item_of_a_list_of_skills_is_not_enough() -> None:
    skills = ["Conduite de ligne", "Maintenance", "Réglages"]
    data = candidate.from_request({"first_name": "Éva", "skills": skills})
    found = check_text("Maintenance, conduite d'engins, réglages.", data).unsupported
    assert [claim.text for claim in found] == ["conduite d'engins"]
    assert check_text("Maintenance, conduite de ligne, réglages.", data).ok
