"""A scanned document has few sizes of type, and bold is told by its own plain text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobmatch_ml.cv.scan_types import _steps, as_pieces
from jobmatch_ml.cv.scan_words import ScanWord


def word(text: str, line: int, **more: float) -> ScanWord:
    found = ScanWord(line, text, 90.0, 0.0, 100.0, 90.0, 120.0, size=30.0, base=120.0, stroke=3.0)
    return replace(found, **more)


def test_sizes_that_differ_by_a_pixel_are_one_and_headings_are_another() -> None:
    body = [word("paragraphe", n, size=30.0 + n % 2) for n in range(8)]
    [pieces] = as_pieces([[*body, word("FORMATION", 9, size=40.0, stroke=6.0)]], [3.0])
    [(size, bold, tint)] = {piece.style for piece in pieces[:-1] if piece.style}
    assert (bold, tint) == (False, 0)
    assert size == pytest.approx(10.2, abs=0.3)
    assert pieces[-1].style == (13.3, True, 0)


def test_boxes_are_in_points_as_high_as_the_type_and_reach_below_the_baseline() -> None:
    [[piece]] = as_pieces([[word("Ville", 0)]], [3.0])
    assert piece.style == (10.0, False, 0)
    assert piece.bottom == pytest.approx(40.0 + 0.22 * 10.0)
    assert piece.height == pytest.approx(10.0)
    assert (piece.x0, piece.x1) == pytest.approx((-0.4, 30.4))


def test_sizes_are_those_of_all_pages_together() -> None:
    first = [word("texte", 0, size=60.0, stroke=6.0)]
    pages = as_pieces([first, [word("texte", 0, size=30.9)]], [6.0, 3.0])
    assert pages[0][0].style == pages[1][0].style


def test_a_line_is_bold_as_a_whole_unless_half_of_it_is() -> None:
    plain = [word("texte", n) for n in range(9)]
    mixed = [word("Serveur", 20, stroke=5.0), word("Bistrot", 20)]
    nearly = [word("Serveurs", 21, stroke=5.0), word("de", 21)]
    [pieces] = as_pieces([[*plain, *mixed, *nearly]], [3.0])
    assert [piece.style[1] for piece in pieces[9:] if piece.style] == [True, False, True, True]


def test_light_type_has_a_colour_of_its_own() -> None:
    [pieces] = as_pieces([[word("Contact", 0), replace(word("Lyon", 1), light=True)]], [3.0])
    assert [piece.style[2] for piece in pieces if piece.style] == [0, 1]


def test_a_page_without_words_has_no_pieces() -> None:
    assert as_pieces([[]], [2.0]) == [[]]


def test_a_rare_size_right_beside_a_frequent_one_is_the_same_type_measured_badly() -> None:
    assert _steps([(9.6, 900.0), (8.8, 60.0), (12.0, 80.0)]) == [9.6, 12.0]
    assert _steps([(9.6, 900.0), (8.8, 300.0)]) == [9.6, 8.8]
