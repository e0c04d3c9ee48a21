"""Recognised words get their place, size and baseline from the picture."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.cv.scan_words import (
    ScanWord,
    found_later,
    measure,
    parse_table,
    weighted_median,
)

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def row(line: int, word: int, box: tuple[int, int, int, int], sure: float, text: str) -> str:
    return "\t".join(map(str, (5, 1, 1, 1, line, word, *box, sure, text)))


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


def test_rows_of_points_behind_a_heading_are_no_words() -> None:
    table = [
        HEAD,
        row(1, 1, (10, 20, 180, 28), 96, "Compétences"),
        row(1, 2, (200, 40, 1180, 3), 19, "ne"),
        row(2, 1, (10, 60, 100, 21), 96, "Centres"),
        row(2, 2, (120, 60, 560, 21), 0, "d'intérêt..."),
        row(3, 1, (10, 90, 60, 21), 96, "etc..."),
        row(3, 2, (80, 90, 28, 2), 80, "—"),
    ]
    words = parse_table("\n".join(table))
    assert [word.text for word in words] == ["Compétences", "Centres", "d'intérêt", "etc...", "—"]
    assert words[2].x1 == pytest.approx(120 + 9 * 0.6 * 21)


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
    assert words[0].stroke == pytest.approx(8, rel=0.05)


def test_light_letters_on_a_dark_ribbon_are_told() -> None:
    grey = np.full((60, 100), 40, dtype=np.uint8)
    grey[20:40, 20:25] = 250
    [word] = measure([ScanWord(0, "L", 90, 18, 18, 40, 42)], grey)
    assert word.light


def test_a_frame_around_a_word_is_no_part_of_it() -> None:
    grey = np.full((80, 200), 245, dtype=np.uint8)
    grey[10:12, 5:195] = 10
    grey[60:62, 5:195] = 10
    grey[26:46, 40:44] = 10
    [found] = measure([ScanWord(0, "l", 90, 38, 9, 46, 63)], grey)
    assert (found.x0, found.top, found.x1, found.bottom) == (40, 26, 44, 46)


def test_a_letter_that_its_box_cut_off_is_part_of_a_word_and_the_next_word_is_not() -> None:
    grey = np.full((60, 200), 245, dtype=np.uint8)
    for x in (20, 30, 40, 70):
        grey[20:40, x : x + 6] = 10
    words = [ScanWord(0, "ill", 90, 19, 19, 37, 41), ScanWord(0, "l", 90, 69, 19, 77, 41)]
    assert [(word.x0, word.x1) for word in measure(words, grey)] == [(20, 46), (70, 76)]


def test_a_second_look_adds_sure_words_on_lines_of_their_own() -> None:
    before = [ScanWord(3, "Lyon", 90, 0, 0, 9, 9)]
    later = [
        ScanWord(0, "Cursus", 93, 0, 20, 9, 29),
        ScanWord(0, "BE", 43, 0, 20, 9, 29),
        ScanWord(1, "2014", 70, 0, 40, 9, 49),
        ScanWord(1, "|", 99, 0, 40, 9, 49),
    ]
    found = found_later(later, before)
    assert [(word.line, word.text) for word in found] == [(4, "Cursus"), (5, "2014")]
    assert found_later(later, [])[0].line == 0


def test_a_page_without_words_has_none() -> None:
    assert measure([], np.zeros((5, 5), dtype=np.uint8)) == []


def test_the_weighted_median_has_half_of_the_weight_on_each_side() -> None:
    assert weighted_median([(1.0, 1.0), (5.0, 3.0), (9.0, 1.0)]) == 5.0
    assert weighted_median([(4.0, 0.0)]) == 4.0


def test_slashes_that_go_below_the_line_make_no_figures_larger() -> None:
    grey = np.full((100, 300), 245, dtype=np.uint8)
    for left in (12, 40, 84, 112):  # figures of 50 pixels type: 36 high
        grey[20:56, left : left + 20] = 10
    for row in range(50):  # a slash
        grey[16 + row, 78 - row // 4 : 80 - row // 4] = 10
    (found,) = measure([ScanWord(0, "09/12", 90, 10, 15, 134, 67)], grey)
    assert found.size == pytest.approx(50, rel=0.12)
    assert found.base == pytest.approx(56, abs=2)
