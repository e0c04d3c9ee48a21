"""Headings of a scan whose type was measured a little otherwise."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv.pieces import Piece
from jobmatch_ml.cv.scan_headings import settle_headings
from jobmatch_ml.cv.scan_words import BELOW, ScanWord

Look = tuple[float, bool, int]
TEXT: Look = (10.0, False, 0)
HEADING: Look = (12.0, True, 0)


def page(*lines: tuple[str, Look]) -> tuple[list[ScanWord], list[Piece]]:
    """Lines in one type; words after ``~`` are plain."""
    words, pieces = [], []
    for at, (text, look) in enumerate(lines):
        for part, marked in enumerate(text.split()):
            style = (look[0], look[1] and not marked.startswith("~"), look[2])
            word = marked.strip("~")
            words.append(ScanWord(at, word, 95.0, 50.0 * part, 20.0 * at, 50.0 * part + 40, 20.0))
            bottom = 20.0 * at + 10 + BELOW * look[0]
            pieces.append(
                Piece(word, 50.0 * part, bottom - look[0], 50.0 * part + 40, bottom, style)
            )
    return words, pieces


def looks(*lines: tuple[str, Look]) -> list[object]:
    words, pieces = page(*lines)
    return [piece.style for piece in settle_headings([words], [pieces])[0]]


KNOWN = (
    ("Expérience", HEADING),
    ("Vente et caisse au marché de Lyon, accueil des clients", TEXT),
    ("Formation", HEADING),
)


def test_a_named_heading_measured_plain_or_mixed_takes_the_type_of_the_others() -> None:
    found = looks(*KNOWN, ("Langues", (12.0, False, 0)), ("Centres ~d'intérêt", HEADING))
    assert found[-4:] == [HEADING] * 4


def test_the_baseline_stays_where_it_was() -> None:
    words, pieces = page(*KNOWN, ("Langues", (13.5, True, 0)))
    settled = settle_headings([words], [pieces])[0][-1]
    assert settled.style == HEADING
    before = pieces[-1].bottom - BELOW * 13.5
    assert settled.bottom - BELOW * 12 == pytest.approx(before)
    assert settled.height == pytest.approx(12.0)


@pytest.mark.parametrize(
    "line",
    [
        ("Logiciels", TEXT),  # the name of a theme, in the text's type
        ("Logiciels", (10.0, True, 0)),  # smaller than headings are
        ("Langues", (20.0, True, 0)),  # much larger: a title
        ("Langues", (12.0, True, 1)),  # light on a ribbon, where the others are not
        ("LANGUES", (12.0, False, 0)),  # in capitals, where the others are not
        ("Caristes", (12.0, False, 0)),  # names no section
    ],
)
def test_what_is_no_heading_keeps_its_type(line: tuple[str, Look]) -> None:
    assert looks(*KNOWN, line)[-1] == line[1]


def test_one_heading_alone_says_nothing_of_the_others() -> None:
    found = looks(("Expérience", HEADING), ("Vente", TEXT), ("Langues", (12.0, False, 0)))
    assert found[-1] == (12.0, False, 0)


def test_an_accent_cut_off_makes_capitals_seem_smaller() -> None:
    capitals = [("EXPÉRIENCE", HEADING), ("Vente", TEXT), ("FORMATION", HEADING)]
    assert looks(*capitals, ("ÉTUDES", (9.0, True, 0)))[-1] == HEADING
    assert looks(*capitals, ("LANGUES", (9.0, True, 0)))[-1] == (9.0, True, 0)


def test_headings_of_another_page_count_and_no_page_is_fine() -> None:
    first, second = page(*KNOWN), page(("Langues", (12.0, False, 0)))
    settled = settle_headings([first[0], second[0]], [first[1], second[1]])
    assert settled[1][0].style == HEADING
    assert settle_headings([], []) == []
    assert settle_headings([[]], [[]]) == [[]]
