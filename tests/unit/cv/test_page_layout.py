"""Words of a page become its lines: columns one after the other, whoever read the words."""

from __future__ import annotations

from jobmatch_ml.cv.page_layout import lines_of
from jobmatch_ml.cv.pieces import Piece

PAGE = (0.0, 0.0, 595.0, 842.0)


def word(text: str, x: float, y: float) -> Piece:
    return Piece(text, x, y, x + 6 * len(text), y + 10)


def test_a_page_of_one_column_is_read_line_by_line() -> None:
    words = [word("Serveur", 50, 100), word("à", 96, 100), word("Lyon", 106, 100)]
    assert [line.text for line in lines_of([*words, word("2019", 50, 115)], PAGE)] == [
        "Serveur à Lyon",
        "2019",
    ]


def test_columns_are_read_one_after_the_other_below_the_header_over_both() -> None:
    left = [word(f"gauche{n}", 40, 120 + 17 * n) for n in range(12)]
    right = [word(f"droite{n}", 320, 127 + 23 * n) for n in range(12)]
    header = Piece("Marie Curie, physicienne à Paris", 40, 40, 520, 60)
    texts = [line.text for line in lines_of([*right, header, *left], PAGE)]
    assert texts[0] == header.text
    assert texts[1:13] == [piece.text for piece in left]
    assert texts[13:] == [piece.text for piece in right]


def test_a_page_without_words_has_no_lines() -> None:
    assert lines_of([], PAGE) == []
