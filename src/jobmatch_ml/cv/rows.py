"""Words become rows: by their baseline, and parted where wide gaps are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from jobmatch_ml.cv.headings import is_bullet
from jobmatch_ml.cv.letters import join_letters
from jobmatch_ml.cv.pieces import Piece, Row, join

_WIDE = 0.9  # of the type's size: a wider gap is no space between words
BASELINE = 2.5
"""Points that words of one line may differ by."""


def to_rows(words: Sequence[Piece]) -> list[Row]:
    """Groups words by baseline, and the words of a row into pieces at wide gaps."""
    groups: list[Row] = []
    for word in sorted(words, key=lambda item: item.bottom):
        if groups and word.bottom - groups[-1][0].bottom <= BASELINE:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_pieces(sorted(group, key=lambda item: item.x0)) for group in groups]


def _pieces(words: Row) -> Row:
    words = join_letters(words)
    parts: list[Row] = [[words[0]]]
    right = words[0].x1
    for before, word in pairwise(words):
        size = max(before.height, word.height, 1.0)
        opens = len(parts[-1]) == 1 and is_bullet(before.text) and len(before.text) == 1
        if word.x0 - right > _WIDE * size and not opens:
            parts.append([])
        parts[-1].append(word)
        right = max(right, word.x1)
    return [join(part, " ") for part in parts]
