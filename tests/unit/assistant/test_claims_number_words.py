"""Numbers in words: hundreds, parts of a whole, one and a half, ranks."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.claims_number_words import find_in_words
from jobmatch_ml.assistant.claims_text import tokenize


def read(text: str) -> list[tuple[str, float, str]]:
    found = find_in_words(text, tokenize(text))
    return [(text[start:end], value, unit) for start, end, value, unit in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trois cent vingt clients", ("trois cent vingt", 320.0, "")),
        ("soixante et onze lits", ("soixante et onze", 71.0, "")),
        ("un tiers des pannes", ("un tiers", 33.3, "percent")),
        ("les trois quarts du code", ("trois quarts", 75.0, "percent")),
        ("trois quarts d'heure", ("trois quarts d'heure", 45.0, "minute")),
        ("un quart de million", ("un quart de million", 250_000.0, "")),
        ("un an et demi", ("un an et demi", 1.5, "year")),
        ("en un an", ("un an", 1.0, "year")),
        ("pour la troisième fois", ("troisième", 3.0, "ordinal")),
        ("deux milliards", ("deux milliards", 2e9, "")),
    ],
)
def test_a_number_in_words_is_read(text: str, expected: tuple[str, float, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["le tiers payant", "chaque mois", "tous deux diplômés",
     "mille détails", "une fois par an", "en deux-huit"],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert read(text) == []


def test_a_list_goes_on_after_a_rough_number() -> None:
    assert read("chaque quinzaine et un parrainage") == [("quinzaine", 15.0, "")]
