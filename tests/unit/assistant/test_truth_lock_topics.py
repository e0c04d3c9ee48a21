"""A value bears out only what it was told of."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant import candidate, check_text

DATA = candidate.from_request(
    {
        "first_name": "Léa",
        "experiences": [
            {"title": "Professeure", "company": "Collège Vauban", "start": "2016-09",
             "end": "present",
             "description": "5 classes, 130 élèves\nNote d'inspection de 97 %"},
            {"title": "Serveuse", "company": "Café du Port", "start": "2010-06", "end": "2016-08",
             "description": "Réclamations réduites de 41 %"},
        ],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "J'ai 130 classes.",
        "Les réclamations ont baissé de 97 %.",
        "Plus de dix ans comme serveuse.",
        "Les réclamations ont augmenté de 41 %.",
    ],
)
def test_the_value_of_something_else_bears_nothing_out(text: str) -> None:
    assert not check_text(text, DATA).ok


@pytest.mark.parametrize(
    "text",
    [
        "Cinq classes et 130 élèves.",
        "Les réclamations ont reculé de 41 %.",
        "Six ans comme serveuse.",
    ],
)
def test_the_value_of_the_same_thing_does(text: str) -> None:
    assert check_text(text, DATA).ok


MASON = candidate.from_request(
    {
        "first_name": "Noé",
        "experiences": [
            {"title": "Maçon", "company": "Murs et Fils", "start": "2015-02", "end": "present",
             "description": "Dosage des mortiers\nFormation de 5 compagnons intérimaires\n"
             "Encaissement de 220 clients par jour\nLivraison de 8 à 12 points"},
            {"title": "Clerc d'avocat", "company": "Cabinet Hébrard", "start": "2012-01",
             "end": "2014-12", "description": "Cabinet de deux avocats"},
        ],
        "professional_successes": [
            {"title": "Plus vite", "situation": "Le relevé prenait 11 minutes.",
             "task": "Mon responsable le voulait avant l'arrivée du charpentier.",
             "action": "J'ai refait le plan.", "result": "Le relevé a duré 7 minutes."},
        ],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Je pose aussi la charpente.",  # only another one's trade was told of
        "Avocat à Lyon.",
        "J'ai formé douze intérimaires.",
        "Le relevé ne dure plus que cinq minutes.",
        "Tu pratiques la marqueterie.",
        "Je supervise les maçons du dépôt.",
        "Noé a créé sa propre entreprise.",
        "Je suis à mon compte.",
        "- Dosage des mortiers et pose de parquets",
    ],
)
def test_what_others_are_or_do_bears_nothing_out(text: str) -> None:
    assert not check_text(text, MASON).ok


@pytest.mark.parametrize(
    "text",
    [
        "Tu sais doser les mortiers.",
        "J'encaisse deux cents clients et plus chaque jour.",
        "Le relevé prend moins de huit minutes.",
        "Le relevé ne dure plus que sept minutes.",
        "Clerc d'avocat pendant près de trois ans.",
    ],
)
def test_the_same_in_another_form_passes(text: str) -> None:
    assert check_text(text, MASON).ok
