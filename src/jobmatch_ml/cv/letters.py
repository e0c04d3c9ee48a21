"""Letters set apart (``F O R M A T I O N``): words again, by the width of the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from jobmatch_ml.cv.pieces import Piece

_FEWEST = 4  # letters: three may be initials
_MOST_SIGNS = 2  # characters of a word in such a run: some letters touch
_SINGLE = 0.7  # share of words of one letter
_WORD_GAP = 1.7  # times the usual gap: a space between words
_SMALLEST_CAPITAL = 0.6  # of the large one's height
_LARGEST_CAPITAL = 0.9
_TOUCHING = 0.12  # of the large one's height: letters of one word are nearer
_CELL_GAP = 5.0  # times the usual gap: another cell


def join_letters(words: Sequence[Piece]) -> list[Piece]:
    """Returns the words of a row, runs of letters set apart joined to words.

    Args:
        words: Of one row, from left to right.
    """
    found: list[Piece] = []
    run: list[Piece] = []
    for word in [*words, None]:
        if word is not None and len(word.text) <= _MOST_SIGNS:
            run.append(word)
            continue
        found += _join(run)
        run = []
        if word is not None:
            found.append(word)
    return _join_capitals(found)


def _join_capitals(words: Sequence[Piece]) -> list[Piece]:
    """Joins a large capital with the small ones behind it: small capitals made of two sizes."""
    found: list[Piece] = []
    for word in words:
        before = found[-1] if found else None
        if before is not None and len(before.text) == 1 and _are_small_capitals(before, word):
            found[-1] = Piece(
                before.text + word.text,
                before.x0,
                min(before.top, word.top),
                word.x1,
                max(before.bottom, word.bottom),
                before.style,
            )
        else:
            found.append(word)
    return found


def _are_small_capitals(first: Piece, rest: Piece) -> bool:
    small = _SMALLEST_CAPITAL * first.height < rest.height < _LARGEST_CAPITAL * first.height
    near = abs(rest.x0 - first.x1) < _TOUCHING * first.height
    return near and small and first.text.isupper() and rest.text.isupper()


def _join(run: Sequence[Piece]) -> list[Piece]:
    singles = sum(len(word.text) == 1 and word.text.isalpha() for word in run)
    if singles < _FEWEST or singles < _SINGLE * len(run):
        return list(run)
    gaps = [max(after.x0 - before.x1, 0.0) for before, after in pairwise(run)]
    usual = max(median(gaps), 0.1)
    if sum(gap <= _WORD_GAP * usual for gap in gaps) < 0.6 * len(gaps):
        return list(run)
    cells: list[list[str]] = [[run[0].text]]
    bounds: list[list[Piece]] = [[run[0]]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > _CELL_GAP * usual:
            cells.append([word.text])
            bounds.append([word])
            continue
        cells[-1] += [" " if gap > _WORD_GAP * usual else "", word.text]
        bounds[-1].append(word)
    return [
        Piece(
            "".join(cell),
            pieces[0].x0,
            min(piece.top for piece in pieces),
            pieces[-1].x1,
            max(piece.bottom for piece in pieces),
            pieces[0].style,
        )
        for cell, pieces in zip(cells, bounds, strict=True)
    ]
