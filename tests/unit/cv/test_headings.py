"""Headings: by the list, in other words, letter-spaced, in two languages, beside their values."""

from __future__ import annotations

from time import process_time

import pytest

from jobmatch_ml.cv import extract_text
from jobmatch_ml.cv.headings import find_broken_heading, find_heading, name_inside
from jobmatch_ml.cv.reading import ContentType


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Mes compétences informatiques", ContentType.SKILL_HARD),
        ("Postes occupés", ContentType.EXPERIENCE),
        ("Diplômes obtenus et formations continues", ContentType.EDUCATION),
        ("Langues / Languages", ContentType.LANGUAGE),
        ("L A N G U E S", ContentType.LANGUAGE),
        ("Qualités humaines", ContentType.SKILL_SOFT),
        ("Compétences linguistiques", ContentType.LANGUAGE),
        ("Compétences informatiques et langues", ContentType.SKILL_HARD),
        ("Vie professionnelle", ContentType.EXPERIENCE),
        ("Qui suis-je ?", ContentType.SUMMARY),
    ],
)
def test_headings_in_words_that_no_list_foresaw_are_found(line: str, kind: ContentType) -> None:
    assert find_heading(line) == (kind, "")


@pytest.mark.parametrize(
    "line", ["Responsable formation", "experience en langues.", "Outils, langues", "Vie active"]
)
def test_titles_sentences_and_lists_are_no_headings(line: str) -> None:
    assert find_heading(line) is None


def test_a_form_has_its_values_beside_the_heading() -> None:
    assert find_heading("Langues | Anglais B1") == (ContentType.LANGUAGE, "Anglais B1")
    assert find_heading("Langues | Formation") is None


def test_the_tools_of_one_position_open_no_section() -> None:
    assert find_heading("Environnement technique : Java, Oracle") is None
    assert find_heading("Stack technique") == (ContentType.SKILL_HARD, "")


def test_what_follows_a_broken_heading_is_found_on_its_second_line() -> None:
    text = "Langues\nparlées : anglais\nCompétences\nSage"
    reading = extract_text(text)
    [english] = [x for x in reading.lines if x.content_type is ContentType.LANGUAGE]
    assert english.evidence is not None
    assert text[english.evidence.start : english.evidence.end] == "anglais"


def test_a_form_over_two_lines_is_no_broken_heading() -> None:
    # The value of "LANGUES | A" and "| B" would stand on both lines, and so on neither.
    assert find_broken_heading("LANGUES | A", "B") is None
    extract_text('COMPÉTENCES\n, -./ ( | (0$ 1-\nFORMATION\n! | "?338G(5E#% $')


def test_a_word_inside_tells_what_a_heading_of_unknown_words_names() -> None:
    assert name_inside("Pratique des langues") is ContentType.LANGUAGE
    assert name_inside("Chronologie") is None
    assert name_inside("Une phrase bien trop longue pour nommer des langues") is None


@pytest.mark.parametrize(
    "line",
    [
        "1. Profil", "02 Profil", "IV. Profil", "III Profil", "B) Profil", "— Profil —",
        "[ Profil ]", "<Profil />", "» Profil «", "// Profil", "~ Profil ~",
        "*** PROFIL ***", "Profil . . . . . .", "Profil " + 90 * ".",
    ],
)  # fmt: skip
def test_numbers_signs_and_leaders_around_a_heading_do_not_count(line: str) -> None:
    assert find_heading(line) == (ContentType.SUMMARY, "")


@pytest.mark.parametrize("line", ["2 langues", "- Langues", "5 formations suivies"])
def test_counts_and_items_are_no_headings(line: str) -> None:
    assert find_heading(line) is None


def test_a_heading_keeps_what_stands_behind_its_colon_and_its_own_first_word() -> None:
    assert find_heading("2. Formation : Master") == (ContentType.EDUCATION, "Master")
    assert find_heading("A propos") == (ContentType.SUMMARY, "")
    assert find_heading("I speak") == (ContentType.LANGUAGE, "")


def test_a_word_misread_by_a_letter_still_names_its_section() -> None:
    assert name_inside("Expénence professionnelle") is ContentType.EXPERIENCE
    assert name_inside("Fornation") is ContentType.EDUCATION
    assert name_inside("Postier") is None
    assert name_inside("Contrats") is name_inside("Langages") is None


@pytest.mark.parametrize("line", [". " * 50_000, "." * 50_000 + "x", "I" * 50_000, " (" * 50_000])
def test_a_line_of_signs_takes_no_time(line: str) -> None:
    begun = process_time()
    find_heading(line)
    assert process_time() - begun < 0.2
