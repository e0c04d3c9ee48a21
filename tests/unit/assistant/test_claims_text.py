"""Words, stems and sentences of French text."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.claims_text import mask_markup, split_sentences, stem, tokenize
from jobmatch_ml.reference.titles import fold


def sentences(text: str) -> list[str]:
    return [text[part.start : part.end] for part in split_sentences(text)]


def test_a_point_ends_a_sentence_but_not_an_abbreviation() -> None:
    text = "M. Petit gère 3 caisses, etc. et forme 2 pers. par an. Il part ! Bien… Merci"
    assert sentences(text) == [
        "M. Petit gère 3 caisses, etc. et forme 2 pers. par an.",
        "Il part !",
        "Bien…",
        "Merci",
    ]


def test_bullets_and_new_lines_are_sentences_and_wrapped_lines_are_not() -> None:
    text = "- Accueil\n• Vente\nde fleurs\nParis\n\n1. Caisse"
    assert sentences(text) == ["- Accueil", "• Vente\nde fleurs", "Paris", "1. Caisse"]
    assert [part.bullet for part in split_sentences(text)] == [True, True, False, True]


@pytest.mark.parametrize("text", ["", "   \n\n ", "...", "!!!\n???"])
def test_nothing_to_read_is_no_error(text: str) -> None:
    assert all(part.strip() for part in sentences(text))


def test_words_know_their_place() -> None:
    text = "L'équipe C++ du CHU"
    found = tokenize(text)
    assert [token.fold for token in found] == ["l", "equipe", "c++", "du", "chu"]
    assert all(text[token.start : token.end] == token.text for token in found)
    assert [token.acronym for token in found] == [False, False, True, False, True]


@pytest.mark.parametrize(
    "forms",
    [
        "encaisser encaissé encaissement encaissements encaissées",
        "infirmier infirmière infirmières",
        "vendeur vendeuse vendeurs",
        "former formé formation formateur formatrice formations",
        "comptable comptables comptabilité",
        "responsable responsables",
    ],
)
def test_the_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(fold(form)) for form in forms.split()}) == 1


def test_different_words_keep_different_stems() -> None:
    words = ["caisse", "cuisine", "vente", "stock", "equipe", "facture", "paie", "permis"]
    assert len({stem(word) for word in words}) == len(words)


def test_markup_leaves_every_character_at_its_place() -> None:
    text = "<b>Vendeuse</b> **chez** Lidl < 3 ans"
    masked = mask_markup(text)
    assert len(masked) == len(text)
    assert masked.split() == ["Vendeuse", "chez", "Lidl", "<", "3", "ans"]
