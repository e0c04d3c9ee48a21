"""Words of a page → its lines in reading order, whether they were printed or recognised."""

from __future__ import annotations

from collections.abc import Sequence

from jobmatch_ml.cv.cells import are_labels, arrange
from jobmatch_ml.cv.columns import Word, find_gutter
from jobmatch_ml.cv.pieces import Piece

PageBox = tuple[float, float, float, float]
"""Left, top, right, bottom of a page in points."""


def lines_of(pieces: Sequence[Piece], page: PageBox) -> list[Piece]:
    """Returns a page's lines: the header's, those of the left column, those of the right one.

    Args:
        pieces: Its words; those of one line have one bottom, within a point or two.
        page: Its edges.
    """
    return [line for part in _parts(pieces, page) for line in arrange(part)]


def _parts(pieces: Sequence[Piece], page: PageBox) -> list[list[Piece]]:
    """Returns the words of the page's parts in reading order: header and columns, or the page."""
    words = [Word(piece.x0, piece.x1, piece.top, piece.bottom) for piece in pieces]
    left, top, right, bottom = page
    gutter = find_gutter(words, width=right - left, height=bottom - top)
    if gutter is None:
        return [list(pieces)]
    parts: list[list[Piece]] = [[], [], []]
    for piece in pieces:
        # A word belongs to the part that holds its middle, so none is read twice.
        x, y = (piece.x0 + piece.x1) / 2, (piece.top + piece.bottom) / 2
        parts[0 if y < gutter.top else 1 if x < gutter.x else 2].append(piece)
    return [list(pieces)] if are_labels(parts[1], parts[2]) else parts
