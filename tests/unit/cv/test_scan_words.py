"""Recognised words become words as a printed page has them: levelled, typed, without noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jobmatch_ml.cv.scan_words import (
    SPOT,
    ScanWord,
    as_pieces,
    drop_noise,
    measure,
    mend,
    parse_table,
    weighted_median,
)

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def row(line: int, word: int, box: tuple[int, int, int, int], sure: float, text: str) -> str:
    return "\t".join(map(str, (5, 1, 1, 1, line, word, *box, sure, text)))


def scan_word(text: str, x0: float, x1: float, line: int = 0, **more: float) -> ScanWord:
    found = ScanWord(line, text, 90.0, x0, 100.0, x1, 120.0, size=30.0, base=120.0, stroke=0.1)
    return replace(found, **more)


def texts(words: list[ScanWord]) -> list[str]:
    return [word.text for word in words]


def test_words_of_a_table_keep_their_line_and_box_and_damaged_rows_are_left_out() -> None:
    table = [
        HEAD,
        "4\t1\t1\t1\t1\t0\t10\t20\t90\t12\t-1\t",
        row(1, 1, (10, 20, 40, 12), 96.5, "Chef"),
        row(1, 2, (55, 20, 45, 15), 91, "projet"),
        row(2, 1, (10, 50, 40, 12), 95, " "),
        row(3, 1, (10, 80, 30, 12), 80, "Lyon"),
        "5\t1\t1",
    ]
    words = parse_table("\n".join(table))
    assert [(word.line, word.text) for word in words] == [(0, "Chef"), (0, "projet"), (1, "Lyon")]
    assert (words[1].x0, words[1].top, words[1].x1, words[1].bottom) == (55, 20, 100, 35)
    assert words[0].sure == 96.5
    assert parse_table("") == []


def test_letters_that_reach_below_the_line_stand_on_the_baseline_of_the_others() -> None:
    grey = np.full((100, 200), 245, dtype=np.uint8)
    grey[20:56, 12:20] = 10  # a capital of 50 pixels type: 36 high
    grey[29:67, 62:70] = 10  # "p": from the height of an x to below the line
    words = measure(
        [ScanWord(0, "Hauteur", 90, 11, 19, 30, 57), ScanWord(0, "poneu", 90, 61, 28, 80, 68)],
        grey,
    )
    assert [word.size for word in words] == pytest.approx([50, 50], rel=0.03)
    assert words[0].base == words[1].base == pytest.approx(56, abs=1)
    assert words[0].stroke == pytest.approx(8 / 50, rel=0.05)


def test_light_letters_on_a_dark_ribbon_are_told() -> None:
    grey = np.full((60, 100), 40, dtype=np.uint8)
    grey[20:40, 20:25] = 250
    [word] = measure([ScanWord(0, "L", 90, 18, 18, 40, 42)], grey)
    assert word.light


def test_a_spot_is_the_sign_of_a_list_and_frames_and_doubtful_marks_are_dropped() -> None:
    line = [
        scan_word("e", 10, 18, spot=True, top=106, bottom=115),
        scan_word("Accueil", 30, 90),
        scan_word("©", 95, 110, sure=12.0),
        scan_word("|", 300, 303),
        scan_word("Lyon", 310, 350),
    ]
    assert texts(drop_noise(line)) == [SPOT, "Accueil", "Lyon"]


def test_a_bar_between_two_near_words_stays() -> None:
    line = [scan_word("Lyon", 10, 50), scan_word("|", 58, 61), scan_word("Paris", 69, 110)]
    assert texts(drop_noise(line)) == ["Lyon", "|", "Paris"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("eeec0", False), ("kAKXK", False), ("****", False), ("2000", True), ("eee", True)],
)
def test_rows_of_dots_and_stars_are_no_words(text: str, kept: bool) -> None:
    assert texts(drop_noise([scan_word(text, 10, 60)])) == ([text] if kept else [])


def test_an_address_that_was_broken_is_one_again() -> None:
    line = [scan_word("Mail", 0, 30), scan_word("kevin.", 40, 90), scan_word("d59@ex.fr", 95, 200)]
    assert texts(drop_noise(line)) == ["Mail", "kevin.d59@ex.fr"]


def test_capitals_set_apart_are_one_heading_and_those_of_a_table_are_not() -> None:
    wide = [scan_word("ABOUT", 0, 150), scan_word("ME", 190, 250)]
    assert texts(drop_noise(wide)) == ["ABOUT ME"]
    close = [scan_word("ABOUT", 0, 90), scan_word("ME", 130, 166)]
    assert texts(drop_noise(close)) == ["ABOUT", "ME"]


@pytest.mark.parametrize(
    ("read", "mended"),
    [("lkechukwu", "Ikechukwu"), ("lait", "lait"), ("-—", "–"), ("l'aide", "l'aide")],
)
def test_usual_mistakes_are_mended(read: str, mended: str) -> None:
    assert mend(read) == mended


def test_a_document_has_few_sizes_and_bold_lines_are_told_from_its_own_plain_ones() -> None:
    body = [scan_word("paragraphe", 0, 90, line=n, size=30 + n % 2, stroke=0.1) for n in range(8)]
    head = scan_word("FORMATION", 0, 90, line=9, size=40.0, stroke=0.14)
    [pieces] = as_pieces([[*body, head]], [3.0])
    plain = {piece.style for piece in pieces[:-1]}
    assert len(plain) == 1
    [(size, bold, tint)] = plain
    assert (bold, tint) == (False, 0)
    assert size == pytest.approx(10.2, abs=0.3)
    assert pieces[-1].style == (13.3, True, 0)
    assert pieces[0].bottom - pieces[0].top == pytest.approx(size)
    assert pieces[0].x1 == 30.0


def test_a_page_without_words_has_no_pieces() -> None:
    assert as_pieces([[]], [2.0]) == [[]]
    assert measure([], np.zeros((5, 5), dtype=np.uint8)) == []


def test_the_weighted_median_has_half_of_the_weight_on_each_side() -> None:
    assert weighted_median([(1.0, 1.0), (5.0, 3.0), (9.0, 1.0)]) == 5.0
    assert weighted_median([(4.0, 0.0)]) == 4.0
