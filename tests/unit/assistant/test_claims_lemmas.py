"""Forms of verbs, told from things by a lexicon."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.claims_lemmas import is_finite, is_verb_at, is_verb_form, lemma_of
from jobmatch_ml.assistant.claims_text import tokenize


@pytest.mark.parametrize("word", ["fouillais", "Fouillais", "venus", "faut", "posé", "plaît"])
def test_a_form_of_a_verb_names_nothing(word: str) -> None:
    assert is_verb_form(word)


@pytest.mark.parametrize(
    "word",
    ["vidanges", "oliviers", "commentaires", "infirmière", "envois", "data", "CHU", "zorglub", ""],
)
def test_a_noun_or_an_unknown_word_is_taken_for_a_thing(word: str) -> None:
    assert not is_verb_form(word)


def test_a_word_has_the_lemma_of_the_dictionary() -> None:
    assert [lemma_of(word) for word in ("Envois", "fouillais")] == ["envoi", "fouiller"]


@pytest.mark.parametrize(
    ("word", "finite"),
    [("datent", True), ("fouillais", True), ("client", False), ("peint", False), ("posé", False)],
)
def test_only_what_somebody_does_is_finite(word: str, finite: bool) -> None:
    assert is_finite(word) is finite


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("je programme des robots", ["programme"]),
        ("des produits périmés", ["périmés"]),
        ("le marché", []),
        ("un local pour aménager", ["aménager"]),
        ("un atelier", []),
        ("en soudant", ["soudant"]),
    ],
)
def test_what_stands_before_tells_a_verb(text: str, verbs: list[str]) -> None:
    words = tokenize(text)
    assert [w.text for at, w in enumerate(words) if is_verb_at(words, at)] == verbs
