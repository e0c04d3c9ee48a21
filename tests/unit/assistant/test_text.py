"""Counting words and setting French text."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.coaching.text import count_words, plain, shorten, typeset


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("J'ai aujourd'hui un porte-à-porte", 4),
        ("« Bonjour » : 12 % – bravo !", 3),
        ("un\u00a0mot\u202fdeux", 3),
    ],
)
def test_words_are_counted_as_a_text_processor_counts_them(text: str, words: int) -> None:
    assert count_words(text) == words


def test_markup_links_and_hidden_characters_go() -> None:
    assert plain("<b>Bon</b>jour ![x](https://e.example/a) \u200bhttps://e.example fin") == (
        "Bon jour x fin"
    )


def test_only_spaces_capitals_and_points_are_set() -> None:
    assert typeset("j'ai gagné 12% ,vite ! oui...") == "J'ai gagné 12\u00a0%, vite\u00a0! oui…"
    assert typeset("10h30: départ à 1,5 km") == "10h30\u00a0: départ à 1,5 km."
    assert shorten("Une phrase. Une autre phrase.", 15) == "Une phrase."
