"""Words become rows, and pieces where gaps are wide."""

from __future__ import annotations

from jobmatch_ml.cv.pieces import Piece
from jobmatch_ml.cv.rows import to_rows


def test_words_of_one_baseline_are_a_row_parted_at_wide_gaps() -> None:
    words = [
        Piece("2021", 300, 100, 320, 110), Piece("Chef", 40, 98, 60, 108.5),
        Piece("de", 63, 100, 73, 110), Piece("Lyon", 40, 112, 60, 122),
    ]  # fmt: skip
    assert [[piece.text for piece in row] for row in to_rows(words)] == [
        ["Chef de", "2021"], ["Lyon"],
    ]  # fmt: skip


def test_a_bullet_stays_with_its_text_however_far() -> None:
    words = [Piece("•", 40, 100, 44, 110), Piece("Conseil", 60, 100, 90, 110)]
    assert [piece.text for piece in to_rows(words)[0]] == ["• Conseil"]
    assert to_rows([]) == []
