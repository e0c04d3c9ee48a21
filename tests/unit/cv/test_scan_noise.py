"""Frames, pictures and rows of dots are left out; signs of lists and addresses are whole again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jobmatch_ml.cv.scan_boxes import Grey
from jobmatch_ml.cv.scan_noise import SPOT, drop_noise
from jobmatch_ml.cv.scan_words import ScanWord

BLANK: Grey = np.full((400, 400), 245, dtype=np.uint8)


def word(text: str, x0: float, x1: float, line: int = 0, **more: float) -> ScanWord:
    found = ScanWord(line, text, 90.0, x0, 100.0, x1, 120.0, size=30.0, base=120.0, stroke=3.0)
    return replace(found, **more)


def texts(words: list[ScanWord], grey: Grey = BLANK) -> list[str]:
    return [found.text for found in drop_noise(words, grey)]


def spot(x0: float, line: int) -> ScanWord:
    return word("e", x0, x0 + 8, line, spot=True, top=106.0, bottom=114.0)


def test_a_spot_is_the_sign_of_a_list_and_frames_and_doubtful_marks_are_dropped() -> None:
    line = [
        spot(10, 0), word("Accueil", 30, 90), word("©", 95, 110, sure=12.0),
        word("|", 300, 303), word("Lyon", 310, 350),
    ]  # fmt: skip
    assert texts(line) == [SPOT, "Accueil", "Lyon"]


def test_a_bar_between_two_near_words_stays_and_a_colon_is_no_spot() -> None:
    line = [word("Lyon", 10, 50), word("|", 58, 61), word("Paris", 69, 110)]
    assert texts(line) == ["Lyon", "|", "Paris"]
    colon = word(":", 95, 98, spot=True, top=110.0, bottom=114.0)
    assert texts([word("Mail", 30, 90), colon]) == ["Mail", ":"]


def test_a_letter_that_fills_its_box_is_still_a_letter() -> None:
    assert texts([word("Chute", 0, 50), word("a", 60, 76, spot=True, top=104.0)]) == ["Chute", "a"]


def test_marks_below_each_other_are_signs_of_a_list_whatever_was_read() -> None:
    lines = [
        item
        for line in range(3)
        for item in (word("»", 10, 22, line, sure=15.0), word("Ventes", 40, 100, line))
    ]
    assert texts(lines) == [SPOT, "Ventes"] * 3
    assert texts(lines[:2]) == ["Ventes"]


def test_a_sign_that_recognition_left_out_is_found_in_the_picture() -> None:
    grey = BLANK.copy()
    grey[107:114, 11:18] = 10
    lines = [spot(10, 0), word("Voile", 40, 90), spot(10, 1), word("Chant", 40, 90, 1)]
    assert texts([*lines, word("Cuisine", 40, 110, 2)], grey)[-2:] == [SPOT, "Cuisine"]
    assert texts([*lines, word("Cuisine", 40, 110, 2)])[-2:] == ["Chant", "Cuisine"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("eeec0", False), ("kAKXK", False), ("****", False), ("2000", True), ("6.90", True),
     ("eee", True)],
)  # fmt: skip
def test_what_rows_of_dots_and_stars_are_read_as_is_no_word(text: str, kept: bool) -> None:
    assert texts([word(text, 10, 60, sure=40.0)]) == ([text] if kept else [])


@pytest.mark.parametrize("text", ["AKKA", "KARA", "Coco", "6.90", "eeec0"])
def test_a_word_that_was_read_surely_is_no_row_of_dots(text: str) -> None:
    assert texts([word(text, 10, 60)]) == [text]


@pytest.mark.parametrize(
    ("last", "kept"),
    [("eeeso", False), ("e.e20", False), ("@ee00", False), ("eeen0", False), ("eeeDO", False),
     ("CO2e", True), ("seen", True), ("2020", True), ("6.90", True), ("occn", True),
     ("cocon", True)],
)  # fmt: skip
def test_no_word_ends_a_line_as_pale_dots_are_read(last: str, kept: bool) -> None:
    line = [word("Excel", 10, 60), word(last, 70, 130)]
    assert texts(line) == (["Excel", last] if kept else ["Excel"])
    assert texts([word(last, 70, 130), word("Excel", 140, 200)])[-1] == "Excel"


def test_a_row_of_dots_at_the_end_of_a_line_is_dropped_whatever_was_read() -> None:
    grey = BLANK.copy()
    for x in range(200, 300, 20):
        grey[104:116, x : x + 12] = 10
    grey[100:120, 12:58] = 10
    line = [word("Excel", 10, 60), word("AN", 199, 233, sure=31.0), word("sw", 239, 294, sure=9.0)]
    assert texts(line, grey) == ["Excel"]
    assert texts([word("Excel", 10, 60), word("ecoee", 199, 294)], grey) == ["Excel"]
    sure = [word("Excel", 10, 60), word("AKXHA", 199, 294)]
    assert texts(sure, grey) == ["Excel", "AKXHA"]


def test_an_address_that_was_broken_is_one_again() -> None:
    line = [word("Mail", 0, 30), word("kevin.", 40, 90), word("d59@ex.fr", 95, 200)]
    assert texts(line) == ["Mail", "kevin.d59@ex.fr"]


def test_letters_before_an_address_are_no_part_of_it() -> None:
    assert texts([word("E.", 40, 60), word("d59@ex.fr", 68, 200)]) == ["E.", "d59@ex.fr"]


def test_capitals_set_apart_are_one_heading_and_those_of_a_table_are_not() -> None:
    assert texts([word("ABOUT", 0, 150), word("ME", 190, 250)]) == ["ABOUT ME"]
    assert texts([word("LYON", 0, 90), word("BREST", 130, 166)]) == ["LYON", "BREST"]
    apart = [word("LANGUES", 0, 100), word("PARLÉES", 150, 250)]
    assert texts(apart) == ["LANGUES PARLÉES"]
    two = [word("LANGUES", 0, 100), word("EXPÉRIENCE", 150, 300)]
    assert texts(two) == ["LANGUES", "EXPÉRIENCE"]
    assert texts([apart[0], word("PARLÉES", 170, 270)]) == ["LANGUES", "PARLÉES"]


def test_a_spot_far_from_any_words_stands_on_a_time_line() -> None:
    near = [spot(10, 0), word("Accueil", 40, 90), spot(10, 1), word("Caisse", 40, 90, 1)]
    far = [spot(10, 0), word("Accueil", 110, 190), spot(10, 1), word("Caisse", 110, 190, 1)]
    apart = [replace(found, base=found.base + 60 * found.line) for found in far]
    assert texts(near).count(SPOT) == 2
    assert texts(apart) == ["Accueil", "Caisse"]


def test_a_spot_read_as_a_letter_goes_where_no_words_stand_beside_it() -> None:
    words = [word("2014", 200, 260), word("0", 225, 235, 1, spot=True, base=160.0)]
    assert texts(words) == ["2014"]
    assert texts([word("2014", 200, 260), word("0", 225, 235, 1, base=160.0)]) == ["2014", "0"]


def test_the_figures_of_a_year_that_were_read_apart_are_joined() -> None:
    assert texts([word('"201', 0, 40), word("0", 46, 56), word("Lyon", 90, 130)]) == [
        "2010",
        "Lyon",
    ]
    assert texts([word("201", 0, 40), word("0", 90, 100)]) == ["201", "0"]


def test_a_dash_stands_near_the_word_before_it() -> None:
    line = [word("2018", 0, 60), word("-", 90, 97), word("2020", 105, 165)]
    found = drop_noise(line, BLANK)
    assert [item.text for item in found] == ["2018", "–", "2020"]
    assert found[1].x0 == 60 + 0.3 * 30


def test_a_bar_in_an_english_sentence_is_the_word_for_oneself() -> None:
    assert texts([word("What", 0, 60), word("|", 68, 71), word("do", 80, 110)])[1] == "I"


def line_of(text: str, line: int = 0) -> list[ScanWord]:
    """Words so far apart as words are."""
    found, left = [], 10.0
    for part in text.split():
        found.append(word(part, left, left + 12 * len(part), line))
        left = found[-1].x1 + 10
    return found


@pytest.mark.parametrize(
    "read", ["| Profil", "E Profil", "IProfil", "C2] Profil", "C5 Profil", "Profil ]", "[ profil"]
)
def test_what_a_frame_was_read_as_is_no_part_of_the_heading(read: str) -> None:
    assert " ".join(texts(line_of(read))).lower() == "profil"


@pytest.mark.parametrize(
    "read", ["BTS Informatique", "de formation", "À propos", "1. Profil", "Mes loisirs", "I speak"]
)
def test_words_and_numbers_before_the_name_of_a_section_stay(read: str) -> None:
    assert " ".join(texts(line_of(read))) == read


def test_spots_before_headings_go_where_most_have_a_sign() -> None:
    read = ["• Profil", "E Formation", "| Langues"]
    lines = [found for at, text in enumerate(read) for found in line_of(text, at)]
    assert texts(lines) == ["Profil", "Formation", "Langues"]
    assert texts(line_of("• Langues")) == ["•", "Langues"]


def test_a_word_that_recognition_doubts_is_kept_beside_another_and_where_it_is_a_heading() -> None:
    doubted = [word("Centres", 10, 90), word("d'intérêt", 100, 190, sure=0.0)]
    assert texts(doubted) == ["Centres", "d'intérêt"]
    assert texts([word("Langues", 10, 90, sure=0.0)]) == ["Langues"]
    assert texts([word("oesch", 10, 90, sure=0.0)]) == []


def test_a_heading_with_a_letter_misread_is_mended_and_a_word_of_its_own_is_not() -> None:
    assert texts(line_of("Lanques étrangères")) == ["Langues", "étrangères"]
    assert texts(line_of("FORMATLON")) == ["FORMATION"]
    for read in ("Langages", "Contrat", "Missionnaire", "Technicien"):
        assert texts(line_of(read)) == [read]
    assert texts([replace(found, sure=96.0) for found in line_of("Loisirz")]) == ["Loisirz"]
