"""Cards: entries beside each other, each with its dates, in rows of two."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from jobmatch_ml.cv.dates import is_dated, is_period
from jobmatch_ml.cv.headings import find_heading, is_bullet
from jobmatch_ml.cv.pieces import Row, join


def are_cards(lefts: Sequence[Row], rights: Sequence[Row]) -> bool:
    """Tells whether both sides of a strip hold entries of their own, with dates and other lines.

    Args:
        lefts: What stands left of the strip, a row each.
        rights: What stands right of it, of the same rows.
    """
    sides = [[row for row in side if row] for side in (lefts, rights)]
    dated = [sum(map(_has_dates, side)) for side in sides]
    if min(dated) == 0 or dated[0] - dated[1] not in (0, 1):
        return False
    headed = any(find_heading(piece.text) for side in sides for row in side for piece in row)
    alone = any(2 * sum(is_period(join(row).text) for row in side) > len(side) for side in sides)
    return not headed and not alone


def card_rows(rows: Sequence[Row], lefts: Sequence[Row]) -> list[tuple[int, int]]:
    """Returns where each row of cards begins and ends: at the widest gap between dates."""
    dated = [at for at, row in enumerate(lefts) if row and _has_dates(row)]
    gaps = [0.0]
    bottom = join(rows[0]).bottom
    for row in rows[1:]:
        gaps.append(join(row).top - bottom)
        bottom = max(bottom, join(row).bottom)
    cuts = [0]
    for before, after in pairwise(dated):
        cuts.append(max(range(before + 1, after + 1), key=lambda at: (gaps[at], -at)))
    return list(pairwise([*cuts, len(rows)]))


def _has_dates(row: Row) -> bool:
    text = join(row).text
    return is_dated(text) and not is_bullet(text)
