"""Time lines: the dates stand in a column of their own, with text on both sides of it.

Rows of such a page cannot be read from left to right, nor column by column: what belongs to an
entry is whatever stands beside its dates, down to the next ones. Each entry becomes a first line of
cells (``employer | town | dates | position``) and the lines below the position.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from jobmatch_ml.cv.date_blocks import date_blocks, is_rest, opens_dates, whole_dates
from jobmatch_ml.cv.head_scores import is_place
from jobmatch_ml.cv.headings import find_heading, is_bullet
from jobmatch_ml.cv.pieces import Piece, Row, join
from jobmatch_ml.cv.reading import Style

_MOST_COLUMNS = 3  # columns of dates on a page, tried in turn
_APART = 3.0  # points between the dates and what stands beside them
_GAP = 1.2  # heights of a line: a wider gap ends the last entry, unless others are as wide inside
_LONGEST_CELL = 60  # characters of what stands on the dates' line
_FEWEST_WORK = 30  # characters an entry, below its first line: less is a town or a name's rest
_MOST_CELLS = 3  # left of the dates
_NEAR = 0.8  # heights of a line: what is further below is no rest of a line
_SAME_SIZE = 0.12  # share by which sizes of one type may differ
# No name ends so: "Université de" goes on with its town.
_UNFINISHED = re.compile(
    r"(?:^|\s)(?:de|du|des|d['’]|la|le|les|l['’]|et|à|au|aux|en|of|the|and|for|in|&)$",
    re.IGNORECASE,
)

Read = Callable[[Sequence[Row]], list[Piece]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows ``start`` to ``end`` of a page, with dates between ``left`` and ``right`` in points.

    ``mirrored`` where the work stands left of the dates and the employer right of them.
    """

    start: int
    end: int
    left: float
    right: float
    mirrored: bool = False


def find_timelines(rows: Sequence[Row]) -> list[Timeline]:
    """Finds the runs of rows with a column of dates and text on both sides of it.

    Args:
        rows: A page's rows from top to bottom, the pieces of each from left to right.

    Returns:
        Runs that do not overlap, from top to bottom.
    """
    anchors = [piece for row in rows for piece in row if opens_dates(piece.text)]
    if len(anchors) < 2:
        return []
    columns = sorted(_columns(anchors), key=len, reverse=True)[:_MOST_COLUMNS]
    for column in columns:
        if len(column) < 2:
            break
        left, right = _extent(column, rows)
        found = [
            Timeline(start, end, left, right)
            for start, end in _runs(rows, left, right)
            if _is_beside(rows[start:end], left, right)
        ]
        if found:
            sizes = [_text_below(rows[line.start : line.end], line) for line in found]
            before, after, entries = (sum(part) for part in zip(*sizes, strict=True))
            mirrored = before > max(after, _FEWEST_WORK * entries)
            return [replace(line, mirrored=mirrored) for line in found]
    return []


def read_timeline(rows: Sequence[Row], line: Timeline, read: Read) -> list[Piece]:
    """Returns the rows of a time line as lines in reading order.

    Args:
        rows: The rows of the time line alone.
        line: Where its dates stand.
        read: Reads the rows right of the dates.
    """
    sides = [_sides(row, line.left, line.right) for row in rows]
    blocks = date_blocks([piece for _, middle, _ in sides for piece in middle], sides)
    regions = _regions(sides, _tops(blocks, sides))
    labels = [right if line.mirrored else left for left, right in regions]
    bodies = [left if line.mirrored else right for left, right in regions]
    names = [piece for rows in labels for row in rows for piece in row]
    width = max((name.x1 for name in names), default=0.0) - min(
        (name.x0 for name in names), default=0.0
    )
    towns = _have_towns(labels)
    found: list[Piece] = []
    for block, label, body in zip(blocks, labels, bodies, strict=True):
        cells = _whole_lines(label, width, towns=towns)
        found += _entry(whole_dates(block), cells, read(body), mirrored=line.mirrored)
    return found


def _text_below(rows: Sequence[Row], line: Timeline) -> tuple[int, int, int]:
    """Returns how many characters stand below the first lines left and right, and the entries."""
    sides = [_sides(row, line.left, line.right) for row in rows]
    blocks = date_blocks([piece for _, middle, _ in sides for piece in middle], sides)
    sizes = [0, 0]
    for region in _regions(sides, _tops(blocks, sides)):
        for side, rows_beside in enumerate(region):
            sizes[side] += sum(len(piece.text) for row in rows_beside[1:] for piece in row)
    return sizes[0], sizes[1], len(blocks)


def _columns(anchors: Sequence[Piece]) -> list[list[Piece]]:
    """Groups dates that stand above each other."""
    found: list[list[Piece]] = []
    right = 0.0
    for piece in sorted(anchors, key=lambda item: item.x0):
        if found and piece.x0 < right:
            found[-1].append(piece)
        else:
            found.append([piece])
            right = 0.0
        right = max(right, piece.x1)
    return found


def _extent(column: Sequence[Piece], rows: Sequence[Row]) -> tuple[float, float]:
    """Returns the left and right end of a column of dates, with "en cours" and lengths below."""
    left, right = min(piece.x0 for piece in column), max(piece.x1 for piece in column)
    more = [
        piece for row in rows for piece in row
        if piece.x0 < right and piece.x1 > left and is_rest(piece.text)
    ]  # fmt: skip
    return min([left, *(piece.x0 for piece in more)]), max([right, *(piece.x1 for piece in more)])


def _sides(row: Row, left: float, right: float) -> tuple[Row, Row, Row]:
    """Returns what stands left of the column, in it, and right of it."""
    found: tuple[Row, Row, Row] = ([], [], [])
    for piece in row:
        found[0 if piece.x1 <= left - _APART else 2 if piece.x0 >= right + _APART else 1].append(
            piece
        )
    return found


def _crosses(row: Row, left: float, right: float) -> bool:
    """Tells whether a row ends a run: a heading, or text that runs across the column."""
    if any(find_heading(piece.text) for piece in row) and len(row) == 1:
        return True
    return any(
        piece.x0 < left - _APART or piece.x1 > right + _APART
        for piece in _sides(row, left, right)[1]
    )


def _runs(rows: Sequence[Row], left: float, right: float) -> list[tuple[int, int]]:
    """Returns where the runs of rows with dates begin and end."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(rows):
        if _crosses(rows[start], left, right):
            start += 1
            continue
        end = start
        while end < len(rows) and not _crosses(rows[end], left, right):
            end += 1
        dated = [
            at for at in range(start, end)
            if any(opens_dates(piece.text) for piece in _sides(rows[at], left, right)[1])
        ]  # fmt: skip
        if dated:
            found.append((_begin(rows, start, dated[0]), _finish(rows, dated, end)))
        start = end
    return found


def _begin(rows: Sequence[Row], start: int, first: int) -> int:
    """Returns the row of the first dates, or one before it that stands on the same height."""
    anchor = join(rows[first])
    while first > start and join(rows[first - 1]).bottom > anchor.top + 0.3 * anchor.height:
        first -= 1
    return first


def _finish(rows: Sequence[Row], dated: Sequence[int], end: int) -> int:
    """Returns where the last entry ends: at a gap that no entry has inside, or at larger type."""
    begin, last = dated[0], dated[-1]
    gaps = [
        join(after).top - join(before).bottom
        for before, after in pairwise(rows[begin:last + 1])
    ]  # fmt: skip
    largest = max((_size(row) for row in rows[begin : last + 1]), default=0.0)
    widest = max([_GAP * rows[last][0].height, *gaps])
    for at in range(last + 1, end):
        gap = join(rows[at]).top - join(rows[at - 1]).bottom
        if gap > widest or (len(rows[at]) == 1 and _size(rows[at]) > largest + 0.4):
            return at
    return end


def _size(row: Row) -> float:
    return max((piece.style[0] for piece in row if piece.style), default=0.0)


def _is_beside(rows: Sequence[Row], left: float, right: float) -> bool:
    """Tells whether most dates have text on both sides, and others stand below each other."""
    sides = [_sides(row, left, right) for row in rows]
    blocks = date_blocks([piece for _, middle, _ in sides for piece in middle], sides)
    if not blocks:
        return False
    regions = _regions(sides, _tops(blocks, sides))
    both = sum(bool(before and after) for before, after in regions)
    plain = not any(is_bullet(row[0].text) for before, _ in regions for row in before)
    return plain and 3 * both >= 2 * len(blocks)


def _tops(blocks: Sequence[Sequence[Piece]], sides: Sequence[tuple[Row, Row, Row]]) -> list[float]:
    """Returns where each entry begins: at the top of what stands on its dates' line."""
    others = sorted(
        (piece for before, _, after in sides for piece in (*before, *after)),
        key=lambda piece: piece.top,
    )
    places = [piece.top for piece in others]
    starts = []
    for block in blocks:
        first = min(block, key=lambda piece: piece.top)  # "CDI" above the dates goes first
        near = others[
            bisect_left(places, first.top - 3 * first.height) : bisect_left(places, first.bottom)
        ]
        level = [
            piece.top for piece in near
            if min(piece.bottom, first.bottom) - max(piece.top, first.top) > 0.4 * first.height
        ]  # fmt: skip
        starts.append(min([first.top, *level]) - 1.0)
    return starts


def _regions(
    sides: Sequence[tuple[Row, Row, Row]], tops: Sequence[float]
) -> list[tuple[list[Row], list[Row]]]:
    """Returns what stands left and right of each entry's dates."""
    found: list[tuple[list[Row], list[Row]]] = [([], []) for _ in tops]
    at = 0
    for before, inside, after in sides:
        pieces = [*before, *inside, *after]
        top = min(piece.top for piece in pieces)
        while at + 1 < len(tops) and top >= tops[at + 1]:
            at += 1
        if before:
            found[at][0].append(before)
        if after:
            found[at][1].append(after)
    return found


def _have_towns(lefts: Sequence[Sequence[Row]]) -> bool:
    """Tells whether the last line left of the dates is a town in most entries."""
    many = [rows[-2:] for rows in lefts if len(rows) > 1]
    towns = [
        is_place(join(last).text.strip("() ")) and not _UNFINISHED.search(join(before).text)
        for before, last in many
    ]
    return bool(many) and 2 * sum(towns) >= len(many)


def _whole_lines(rows: Sequence[Row], width: float, *, towns: bool) -> list[Piece]:
    """Joins the wrapped lines of the cell left of the dates."""
    found: list[Piece] = []
    for at, row in enumerate(rows):
        line = join(row)
        last = found[-1] if found else None
        apart = at == len(rows) - 1 and towns and at > 0
        apart = apart and not _UNFINISHED.search(join(rows[at - 1]).text)
        if last is not None and not apart and _goes_on(last, join(rows[at - 1]), line, width):
            found[-1] = join([last, line], " ")
            continue
        found.append(line)
    return found


def _goes_on(whole: Piece, before: Piece, line: Piece, width: float) -> bool:
    """Tells whether a line is the rest of the one above: its first word had no room there."""
    if not _is_alike(line.style, before.style) or line.top - before.bottom > _NEAR * line.height:
        return False
    if line.text[:1].islower() or before.text.endswith("-") or _UNFINISHED.search(before.text):
        return True
    if is_place(line.text.strip("() ")) and not line.text.isupper():
        return False
    letter = (before.x1 - before.x0) / max(len(before.text), 1)
    word = line.text.partition(" ")[0]
    return (before.x1 - before.x0) + (len(word) + 1) * letter > width and len(whole.text) < (
        2 * _LONGEST_CELL
    )


def _is_alike(first: Style | None, second: Style | None) -> bool:
    """Tells whether two lines have one type; sizes measured on a scan differ a little."""
    if first is None or second is None:
        return first == second
    return first[1:] == second[1:] and abs(first[0] - second[0]) <= _SAME_SIZE * first[0]


def _entry(
    dates: Piece, labels: Sequence[Piece], body: Sequence[Piece], *, mirrored: bool
) -> list[Piece]:
    """Returns the lines of one entry, those beside the dates on one line with them."""
    cells, rest = list(labels[:_MOST_CELLS]), list(labels[_MOST_CELLS:])
    beside = [
        line for line in body[:1]
        if not is_bullet(line.text) and len(line.text) <= 2 * _LONGEST_CELL
    ]  # fmt: skip
    head = join([*beside, dates, *cells] if mirrored else [*cells, dates, *beside])
    return [head, *rest, *body[len(beside) :]]
