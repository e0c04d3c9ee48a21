"""Terms in a text: exact, weak, in need of company."""

from __future__ import annotations

from jobmatch_ml.offers.flat_text import flatten
from jobmatch_ml.offers.skill_terms import Vocabulary, in_company, load_vocabulary
from jobmatch_ml.reference.rome import RomeItem, RomeTables


def _found(vocabulary: Vocabulary, text: str) -> list[str]:
    return [mention.term.skill for mention in in_company(vocabulary.find(flatten(text), text))]


def test_a_term_in_capitals_is_not_the_small_word() -> None:
    vocabulary = load_vocabulary()
    assert _found(vocabulary, "Le suivi du MES") == ["MES"]
    assert _found(vocabulary, "Vous trouverez mes coordonnées") == []


def test_a_letter_counts_beside_other_languages_only() -> None:
    vocabulary = load_vocabulary()
    assert _found(vocabulary, "Python, R, Scala") == ["Python", "R", "Scala"]
    assert _found(vocabulary, "Le bâtiment R au fond") == []


def test_the_longest_term_wins_and_signs_belong_to_words() -> None:
    vocabulary = load_vocabulary()
    assert _found(vocabulary, "SQL Server et PL/SQL") == ["SQL Server", "PL/SQL"]
    assert _found(vocabulary, "C++ ou C#, .NET") == ["C++", "C#", ".NET"]


def test_mentions_point_at_the_text() -> None:
    text = "Maîtrise d'Excel et de Power BI."
    spans = [text[found.start : found.end] for found in load_vocabulary().find(flatten(text), text)]
    assert spans == ["Excel", "Power BI"]


def test_words_far_apart_are_no_term() -> None:
    assert _found(load_vocabulary(), "Power ......................... BI") == []


def test_knowledge_of_rome_joins_as_weak_terms_and_certificates_do_not() -> None:
    items = {
        "1": RomeItem("1", "Techniques de placage", "knowledge", "Techniques professionnelles"),
        "2": RomeItem("2", "BP arts de la cuisine", "knowledge", "Certifications et habilitations"),
    }
    vocabulary = load_vocabulary(RomeTables("460", {}, items))
    text = "Techniques de placage, BP arts de la cuisine"
    mentions = list(vocabulary.find(flatten(text), text))
    assert [(each.term.skill, each.term.is_weak) for each in mentions] == [
        ("Techniques de placage", True)
    ]
    assert len(vocabulary) == len(load_vocabulary()) + 1
