"""Numbers that follow from two others of the candidate, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from jobmatch_ml.assistant import candidate, check_text

TODAY = date(2026, 11, 1)
DATA = candidate.from_request(
    {
        "first_name": "Awa",
        "phone": "06 39 98 61 77",
        "experiences": [
            {"title": "Kinésithérapeute", "company": "Cabinet du Port", "start": "2019-01",
             "end": "2023-12", "description": "16 patients par jour\nEncadrement d'un doctorant et "
                                              "de 2 stagiaires"},
            {"title": "Vendeuse", "company": "Tissus Brun", "start": "2012-01", "end": "2018-12",
             "description": "Bornage d'environ 90 parcelles par an\nRédaction de 30 procédures"},
        ],
        "education": [{"degree": "Master de droit", "start": "2008", "end": "2011"}],
        "professional_successes": [
            {"title": "Mandats", "situation": "Un mandat sur cinq était exclusif.",
             "result": "La part d'exclusifs a atteint 52 %."},
            {"title": "Successions", "situation": "Quarante-deux successions dormaient.",
             "result": "Trente-six étaient réglées."},
            {"title": "Démarrage", "situation": "L'application démarrait en 6 secondes.",
             "result": "Elle démarre en 2 secondes."},
        ],
    }
)  # fmt: skip


def ok(text: str) -> bool:
    return check_text(text, DATA, today=TODAY).ok


@pytest.mark.parametrize(
    "text",
    [
        "La part des exclusivités a plus que doublé.",  # 20 % to 52 %
        "Plus d'un mandat sur deux est exclusif.",  # 52 %
        "Six successions sur sept ont été réglées.",  # 36 of 42
        "L'application démarre trois fois plus vite.",  # 6 to 2 seconds
        "Entre 80 et 100 parcelles par an.",  # 90
        "J'ai encadré trois personnes.",  # one and two
        "Seize personnes par jour.",  # patients
        "Trente modes opératoires.",  # procedures, by another name
    ],
)
def test_what_two_numbers_say_together_is_borne_out(text: str) -> None:
    assert ok(text)


@pytest.mark.parametrize(
    "text",
    [
        "La part des exclusivités a quadruplé.",
        "Plus de deux mandats sur trois sont exclusifs.",
        "Quatre successions sur cinq ont été réglées.",
        "L'application démarre dix fois plus vite.",
        "Entre 100 et 120 parcelles par an.",
        "J'ai encadré cinq personnes.",
        "J'ai géré 77 dossiers.",  # digits of the telephone number
        "Pendant onze ans, j'ai vendu du tissu chez Tissus Brun.",  # seven years
        "Diplômée d'un master depuis 2008.",  # begun, not earned
    ],
)
def test_what_does_not_follow_is_not(text: str) -> None:
    assert not ok(text)
