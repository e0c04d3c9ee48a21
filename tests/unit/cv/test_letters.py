"""Letters set apart become words again."""

from __future__ import annotations

from itertools import pairwise

from jobmatch_ml.cv.letters import join_letters
from jobmatch_ml.cv.pieces import Piece


def row(text: str, *, letter: float = 6.0, gap: float = 4.0, space: float = 12.0) -> list[Piece]:
    """Sets each letter as a word; a space in the text is a wider gap."""
    pieces, x = [], 0.0
    for before, character in pairwise(" " + text):
        if character == " ":
            continue
        x += space if before == " " else gap
        pieces.append(Piece(character, x, 0.0, x + letter, 10.0))
        x += letter
    return pieces


def test_a_spaced_heading_is_read_as_words() -> None:
    assert [word.text for word in join_letters(row("EMPLOIS ET STAGES"))] == ["EMPLOIS ET STAGES"]


def test_a_very_wide_gap_parts_two_headings() -> None:
    assert [word.text for word in join_letters(row("PROFIL LANGUES", space=60.0))] == [
        "PROFIL",
        "LANGUES",
    ]


def test_words_and_few_initials_stay_as_they_are() -> None:
    words = [Piece("Jean", 0, 0, 20, 10), *row("RR"), Piece("Petit", 60, 0, 90, 10)]
    assert join_letters(words) == words


def test_a_large_capital_and_small_ones_are_one_word() -> None:
    first, rest = Piece("S", 0, 0, 10, 20), Piece("OLÈNE", 10, 4, 50, 20)
    assert [word.text for word in join_letters([first, rest])] == ["SOLÈNE"]
    apart = Piece("OLÈNE", 20, 4, 50, 20)
    assert join_letters([first, apart]) == [first, apart]
