"""What the offer asks is the offer's, until the writer takes it up."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from jobmatch_ml.assistant import candidate, check_text
from jobmatch_ml.assistant.truth_lock_taken import is_taken

DATA = candidate.from_request(
    {
        "first_name": "Awa",
        "experiences": [{"title": "Vendeuse", "company": "Tissus Brun", "start": "2019-01",
                         "end": "2022-12", "description": "Vente de tissus au mètre"}],
        "education": [{"degree": "CAP Couture", "end": "2018"}],
    }
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    title: str = "Comptable"
    company: str = "Verrerie de Saône"
    location: str = "Mâcon"


def passes(text: str) -> bool:
    return check_text(text, DATA, offer=Offer()).ok


@pytest.mark.parametrize(
    "text",
    [
        "Vous attendez un Master, décroché à Lyon.",
        "Votre annonce demande le russe : il est courant chez moi.",
        "Vous travaillez sous Cegid, logiciel de mes débuts.",
        "Vous demandez un BTS, que je possède depuis 2015.",
        "Vous exigez le CACES R489, passé le mois dernier.",
        "Cegid, que vous utilisez, n'a plus de secret pour moi.",
        "Le marketing que vous décrivez est mon quotidien.",
        "Un DSCG ? Je l'ai obtenu. Vous le demandez.",
    ],
)
def test_what_the_writer_takes_up_is_their_claim(text: str) -> None:
    assert not passes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vous attendez un Master.",
        "Vous demandez le russe, que je compte apprendre.",
        "Vous utilisez Cegid, et j'aimerais le découvrir.",
        "Votre offre demande un BTS, ce qui me convient.",
        "Vous demandez le CACES R489, et votre mission m'attire.",
        "Vous demandez un CAP Couture, que j'ai.",
        "Verrerie de Saône recherche un comptable pour ses trois usines.",
    ],
)
def test_what_is_only_asked_or_wished_for_stays_the_offers(text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Vous cherchez un chef, métier que j'ai exercé.", True),
        ("Vous cherchez un chef, poste situé à Lyon.", False),
        ("Il vous faut dix ans de métier, le compte y est.", True),
        ("Ma ville compte un port, que j'aime.", False),  # nobody asks for anything
    ],
)
def test_only_what_is_asked_for_can_be_taken_up(text: str, taken: bool) -> None:
    assert is_taken(text, 0) is taken


def test_a_question_is_read_with_its_answer() -> None:
    assert not passes("Vous cherchez quelqu'un pour Cegid ? C'est mon outil.")
