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
