"""Notes beside an entry: a narrow column with its town, dates and duration below each other."""

from __future__ import annotations

from collections.abc import Sequence

from jobmatch_ml.cv.dates import is_period
from jobmatch_ml.cv.headings import is_bullet
from jobmatch_ml.cv.pieces import Row, join

_INDENT = 4.0  # points that the lines of a list stand further in than heads
_NEAR = 0.75  # heights of a line: lines of one note are nearer


def lift_notes(lefts: Sequence[Row], rights: Sequence[Row]) -> list[Row]:
    """Puts what stands right below an entry's town, beside its list, on the entry's first line.

    A narrow column has town, dates and duration below each other; the left one has the head in its
    first line and the list right below.
    """
    found = [list(row) for row in rights]
    for notes in _notes(lefts, rights):
        head, below = notes[0], [piece for at in notes[1:] for piece in rights[at]]
        dated = [any(is_period(piece.text) for piece in row) for row in (rights[head], below)]
        if dated == [False, True]:
            found[head] += below
            for at in notes[1:]:
                found[at] = []
    return found


def _notes(lefts: Sequence[Row], rights: Sequence[Row]) -> list[list[int]]:
    """Returns the rows of each block at the right that begins beside a head, above its list."""
    blocks: list[list[int]] = []
    bottom = 0.0
    margin = min((left[0].x0 for left in lefts if left), default=0.0)
    for at, (left, right) in enumerate(zip(lefts, rights, strict=True)):
        if not right:
            continue
        near = right[0].top - bottom < _NEAR * right[0].height
        listed = not left or is_bullet(left[0].text) or left[0].x0 > margin + _INDENT
        bottom = join(right).bottom
        if near and listed and blocks:
            blocks[-1] += [at] if blocks[-1] else []
        else:
            blocks.append([] if listed else [at])
    return [block for block in blocks if len(block) > 1]
