"""A number that is borne out speaks for the one unknown word of its clause, and for no other."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant import candidate, check_text

DATA = candidate.from_request(
    {
        "first_name": "Rose",
        "experiences": [
            {"title": "Libraire", "company": "Pages et Plumes", "start": "2019-01",
             "end": "present", "description": "Réponse à 180 avis de lecteurs\nRayon jeunesse"},
        ],
    }
)  # fmt: skip


def unsupported(text: str) -> list[str]:
    return [claim.text for claim in check_text(text, DATA).unsupported]


def test_another_word_for_what_was_counted_passes() -> None:
    assert unsupported("J'ai répondu à 180 commentaires.") == []


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("J'ai répondu à des commentaires.", "commentaires"),
        ("J'ai répondu à 95 commentaires.", "95"),
        ("J'ai répondu à 180 avis, et j'élève des chevaux.", "chevaux"),
        ("Depuis sept ans, j'élève des chevaux.", "chevaux"),
        ("J'ai répondu à 180 radiographies.", "radiographies"),
    ],
)
def test_what_no_number_speaks_for_is_caught(text: str, thing: str) -> None:
    assert thing in unsupported(text)
