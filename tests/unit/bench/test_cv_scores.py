"""Scores of CV reading by hand: what counts as equal, what costs an entry."""

from __future__ import annotations

from typing import Any

from jobmatch_ml.bench.cv_scores import (
    e164,
    find_headings,
    same_entity,
    same_month,
    same_text,
    same_title,
    score_cv,
)  # fmt: skip
from jobmatch_ml.cv import extract_text

TEXT = """Amélie DURAND
amelie@example.org
06 39 98 00 01
69003 Lyon

Expériences
Comptable | Cabinet Petit | 2019 - 2021
- Clôtures

Compétences
- Excel
- Sage

Langues
- Anglais : courant (B2)
"""
LABEL: dict[str, Any] = {
    "contact": {
        "first_name": "Amélie", "last_name": "Durand", "email": "amelie@example.org",
        "phone": "+33639980001", "city": "Lyon", "postcode": "69003", "street": None,
    },
    "summary": None,
    "sections": [["experience", "Expériences"], ["skill_hard", "Compétences"],
                 ["language", "Langues"]],
    "experience": [{"title": "Comptable", "employer": "Cabinet Petit", "city": None,
                    "start": "2019", "end": "2021", "current": False}],
    "education": [],
    "skill_hard": ["Excel", "Sage"], "skill_soft": [], "certification": [], "interest": [],
    "language": [{"language": "Anglais", "level": "courant (B2)", "cefr": "B2"}],
    "facts": [],
}  # fmt: skip


def test_a_perfect_reading_has_every_entry_right() -> None:
    counts = score_cv(extract_text(TEXT), LABEL)
    assert all(written == read == right for written, read, right in counts.values()), counts
    assert counts["contact"] == (6, 6, 6)
    assert counts["level"] == (1, 1, 1)


def test_a_wrong_year_an_added_skill_and_a_wrong_section_cost_their_entries() -> None:
    text = TEXT.replace("2021", "2022").replace("- Sage", "- Sage\n- Ciel")
    counts = score_cv(extract_text(text.replace("Langues", "Loisirs")), LABEL)
    assert counts["experience"] == (1, 1, 0)
    assert counts["skill_hard"] == (2, 3, 2)
    assert counts["sections"][2] == 2


def test_what_is_not_in_the_label_is_false_and_a_duration_needs_no_dates() -> None:
    bare = {**LABEL, "contact": {**LABEL["contact"], "phone": None}}
    assert score_cv(extract_text(TEXT), bare)["contact"] == (5, 6, 5)
    lasting = {**LABEL["experience"][0], "start": None, "end": None}
    assert score_cv(extract_text(TEXT), {**LABEL, "experience": [lasting]})["experience"][2] == 0


def test_texts_are_equal_without_case_accents_signs_and_broken_words() -> None:
    assert same_text("Chargée d’étu- des", "CHARGEE D'ETUDES")
    assert not same_text("", "")
    assert same_title("Vendeuse (CDD)", "Vendeuse")
    assert not same_title("Vendeuse CDD", "Vendeuse")
    assert same_entity("Fnac, 69003 Lyon", "Fnac", "Lyon")
    assert not same_entity("Fnac, Paris", "Fnac", "Lyon")


def test_months_are_compared_to_the_precision_of_the_label() -> None:
    assert same_month((2020, 5), "2020")
    assert not same_month((2020, None), "2020-05")
    assert same_month(None, None)


def test_telephones_are_e164() -> None:
    assert e164("+33 (0)6 39 98 00 01") == e164("06.39.98.00.01") == "+33639980001"


def test_headings_are_found_with_letters_set_apart_and_over_two_lines() -> None:
    assert find_headings("L A N G U E S\nx\nCentres\nd'intérêt\nFin", [
        "Langues", "Centres d'intérêt", "Formation",
    ]) == [0, 16, None]  # fmt: skip
