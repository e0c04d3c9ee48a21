"""Two numbers say the same only with their rate, their part in a change and what they count."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.claims_dates import find_dates
from jobmatch_ml.assistant.claims_quantities import Quantity, find_quantities
from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.assistant.truth_lock_same import same_quantity, tell_apart


def first(text: str) -> Quantity:
    return find_quantities(text, tokenize(text), find_dates(text))[0]


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("90 appels par jour", "90 appels quotidiens"),
        ("cinq embauches par mois", "60 embauches par an"),
        ("neuf dossiers sur dix", "91 % des dossiers"),
        ("45 kilomètres par tournée", "45 km par tournée"),
        ("plus de mille colis", "1 200 colis"),
        ("recruter 80 personnes", "80 recrutements"),
        ("en six mois", "en un semestre"),
        ("une cinquantaine de guides", "56 guides"),
    ],
)
def test_the_same_in_other_words(claimed: str, known: str) -> None:
    assert same_quantity(first(claimed), first(known))


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("90 appels par jour", "90 appels par semaine"),
        ("réduit de 41 jours", "ramené à 41 jours"),
        ("un client sur cinq", "5 clients"),
        ("plus de 1 500 colis", "1 200 colis"),
        ("trois semaines", "trois jours"),
    ],
)
def test_the_same_value_may_say_something_else(claimed: str, known: str) -> None:
    assert not same_quantity(first(claimed), first(known))


def test_a_number_without_rate_or_role_is_not_told_apart() -> None:
    assert not tell_apart(first("90 appels"), first("90 appels par jour"))
