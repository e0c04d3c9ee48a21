"""Skills of whole sentences: found, placed, required or wished."""

from __future__ import annotations

import pytest

from jobmatch_ml.offers.skill_spans import find_skills
from jobmatch_ml.offers.skill_terms import load_vocabulary

VOCABULARY = load_vocabulary()


def _by_strength(description: str, title: str = "") -> tuple[set[str], set[str]]:
    found = find_skills(title, description, VOCABULARY)
    return (
        {skill.skill for skill in found if skill.is_required},
        {skill.skill for skill in found if not skill.is_required},
    )


@pytest.mark.parametrize(
    ("text", "required", "wished"),
    [
        ("Maîtrise d'Excel et de Word.", {"Excel", "Word"}, set()),
        ("La connaissance d'AutoCAD est un plus", set(), {"AutoCAD"}),
        ("Maîtrise de SQL, Power BI, éventuellement Python", {"SQL", "Power BI"}, {"Python"}),
        ("Anglais souhaité. CACES 3 obligatoire.", {"CACES"}, {"Anglais"}),
        ("Atouts appréciés\n- Notions HTML\n- CSS", set(), {"HTML", "CSS"}),
        ("Vous souhaitez utiliser Python ?", {"Python"}, set()),
        ("Notre société édite un logiciel en Java", set(), set()),
        ("Postes sans CACES", set(), set()),
    ],
)
def test_required_and_wished(text: str, required: set[str], wished: set[str]) -> None:
    assert _by_strength(text) == (required, wished)


def test_weak_terms_count_only_where_they_are_asked_for() -> None:
    assert _by_strength("Vous faites la comptabilité du service") == (set(), set())
    assert _by_strength("Bac +2 en comptabilité") == (set(), set())
    assert _by_strength("Bonnes connaissances en comptabilité") == ({"Comptabilité"}, set())


def test_what_no_vocabulary_knows_is_read_behind_an_asking_phrase() -> None:
    required, _ = _by_strength("Maîtrise des techniques d'entretien motivationnel et du zingage")
    assert required == {"entretien motivationnel", "zingage"}


def test_personal_qualities_are_no_skills() -> None:
    assert _by_strength("Maîtrise du stress, aisance relationnelle et rigueur") == (set(), set())


def test_required_anywhere_is_required_and_the_title_comes_first() -> None:
    found = find_skills("Développeur Java", "Java serait un plus. Docker.", VOCABULARY)
    assert [(each.skill, each.is_required, each.part) for each in found] == [
        ("Java", True, "title"),
        ("Docker", True, "description"),
    ]


def test_spans_are_characters_of_the_stored_text() -> None:
    text = "<p>Vous maîtrisez <b>Python</b> &amp; l’OCR</p>"
    found = find_skills("", text, VOCABULARY)
    assert {text[skill.start : skill.end] for skill in found} == {"Python", "OCR"}


@pytest.mark.parametrize("text", ["", "\x00\ud800", "😀 " * 50, "<" * 5000, "maîtrise de " * 2000])
def test_garbage_is_read_without_harm(text: str) -> None:
    for skill in find_skills(text, text, VOCABULARY):
        assert 0 <= skill.start < skill.end <= len(text)
