"""Boxes side by side: words become lines, and cells of one row are kept together.

A page is a pile of rows of words. Where a strip stays empty through several rows, what stands left
and right of it are cells. Three readings are told apart: labels beside their text (dates beside
positions), pairs (a language and its level), and columns that have nothing to do with each other.
Parts of one line that stand far apart are joined by :data:`JOINT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from jobmatch_ml.cv.contacts import is_contact
from jobmatch_ml.cv.dates import is_period
from jobmatch_ml.cv.headings import find_heading, is_bullet
from jobmatch_ml.cv.heads import is_field
from jobmatch_ml.cv.letters import join_letters
from jobmatch_ml.cv.pieces import Piece

JOINT = " | "
"""Stands between parts of a line that are set far apart."""

_WIDE = 0.9  # of the type's size: a wider gap is no space between words
_BASELINE = 2.5  # points that words of one line may differ by
_NARROWEST = 6.0  # points of the empty strip between two cells
_FAR = 3.0  # heights of a line: what is further below belongs to another block
_DEEPEST = 3  # cells inside cells
_ROWS_BESIDE = 3  # a name in large type has so many lines of contacts beside it
_BLOCK_GAP = 0.25  # heights of a line by which gaps between blocks are wider
_LINE_GAP = 0.75  # heights of a line: lines of one block are nearer
_ALIGNED = 4.0  # points between the left ends of a field's name and its value
_MOST_GAPS = 6  # of a row, tried as the strip


Row = list[Piece]


def arrange(words: Sequence[Piece]) -> list[Piece]:
    """Returns a part of a page as lines in reading order."""
    return _read(pair_fields(_rows(words)), 0)


def are_labels(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Tells whether what stands left belongs to what stands right, and is no column of its own.

    Dates and headings do. So does whatever stands below headings that the right side has none of,
    where entries are dated: a column of its own has a heading of its own.

    Args:
        left: Words of the left side.
        right: Words of the right side.
    """
    labels = _labels([join(row) for row in _rows(left)])
    bottoms = {round(word.bottom) for word in right}
    named = sum(find_heading(label.text) is not None or is_field(label.text) for label in labels)
    if 3 * named >= 2 * len(labels):
        return True
    titled = [any(find_heading(join(row).text) for row in _rows(side)) for side in (left, right)]
    if titled == [True, False] and any(is_period(word) for word in _periods(left, right)):
        return True
    dates = [label for label in labels if is_period(label.text)]
    tops = {round(word.top) for word in right}
    beside = sum(
        any(round(label.top) + shift in tops for shift in range(-3, 4))
        or any(round(label.bottom) + shift in bottoms for shift in range(-2, 3))
        for label in dates
    )
    return bool(beside) and 3 * beside >= len(labels)


def _periods(left: Sequence[Piece], right: Sequence[Piece]) -> list[str]:
    return [piece.text for side in (left, right) for row in _rows(side) for piece in row]


def join(pieces: Sequence[Piece], sign: str = JOINT) -> Piece:
    """Returns pieces as one, in their order."""
    return Piece(
        sign.join(piece.text for piece in pieces),
        min(piece.x0 for piece in pieces),
        min(piece.top for piece in pieces),
        max(piece.x1 for piece in pieces),
        max(piece.bottom for piece in pieces),
        pieces[0].style if len({piece.style for piece in pieces}) == 1 else None,
    )


def _rows(words: Sequence[Piece]) -> list[Row]:
    """Groups words by baseline, and the words of a row into pieces at wide gaps."""
    groups: list[Row] = []
    for word in sorted(words, key=lambda item: item.bottom):
        if groups and word.bottom - groups[-1][0].bottom <= _BASELINE:
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


def _read(rows: Sequence[Row], depth: int) -> list[Piece]:
    lines: list[Piece] = []
    position = 0
    while position < len(rows):
        band = _find_band(rows, position) if depth < _DEEPEST else None
        if band is None:
            lines.append(join(rows[position]))
            position += 1
            continue
        end, middle = band
        lines.extend(_read_band(rows[position:end], middle, depth))
        position = end
    return lines


def _find_band(rows: Sequence[Row], start: int) -> tuple[int, float] | None:
    """Finds the longest run of rows from ``start`` with an empty strip: its end and middle."""
    row = rows[start]
    following = rows[start + 1 : start + 1 + _ROWS_BESIDE] if len(row) == 1 else ()
    for other in following:
        if _beside(row[0], other):
            row = sorted([*row, *other], key=lambda item: item.x0)
            break
    best: tuple[int, float] | None = None
    for left, right in list(pairwise(row))[:_MOST_GAPS]:
        found = _follow(rows, start, left.x1, right.x0)
        if found and (best is None or found[0] > best[0]):
            best = found
    return best if best and best[0] > start + 1 else None


def _beside(piece: Piece, row: Row) -> bool:
    """Tells whether a row of another baseline stands beside a piece, not below it."""
    whole = join(row)
    high = min(piece.bottom, whole.bottom) - max(piece.top, whole.top)
    apart = all(
        item.x0 - piece.x1 >= _NARROWEST or piece.x0 - item.x1 >= _NARROWEST for item in row
    )
    return apart and high > 0.3 * min(piece.height, row[0].height)


def _follow(rows: Sequence[Row], start: int, low: float, high: float) -> tuple[int, float] | None:
    """Follows the strip between ``low`` and ``high`` down: the end of its rows, and its middle."""
    if high - low < _NARROWEST:
        return None
    bottom, end = rows[start][0].bottom, start
    for row in rows[start:]:
        top = min(piece.top for piece in row)
        headed = (len(row) == 1 or row is not rows[start]) and all(
            find_heading(piece.text) for piece in row
        )
        if top - bottom > _FAR * row[0].height or headed:
            break
        new_low, new_high = low, high
        for piece in row:
            inside = piece.x0 - low < high - piece.x1  # nearer to the strip's left end
            if piece.x0 > low + _NARROWEST and not inside:
                new_high = min(new_high, piece.x0)
            else:
                new_low = max(new_low, piece.x1)
        if new_high - new_low < _NARROWEST:
            break
        low, high = new_low, new_high
        bottom = max(bottom, join(row).bottom)
        end += 1
    middle = (low + high) / 2
    while end > start and all(piece.x1 <= middle for piece in rows[end - 1]):
        if end - start > 1 and _is_cut(rows[end - 2][0], rows[end - 1][0]):
            break
        if any(_beside(rows[end - 1][0], row) for row in rows[max(start, end - 2) : end - 1]):
            break
        end -= 1  # what stands on the left alone below the last row of both is no cell
    return end, middle


def _is_cut(before: Piece, piece: Piece) -> bool:
    """Tells whether dates go on on the next line: they end with a dash, or the next begins so."""
    near = piece.top - before.bottom < 0.8 * piece.height
    return near and (before.text[-1:] in "–—-à" or piece.text[:1] in "–—-")


def _read_band(rows: Sequence[Row], middle: float, depth: int) -> list[Piece]:
    lefts = [[piece for piece in row if piece.x1 <= middle] for row in rows]
    rights = [[piece for piece in row if piece.x0 > middle] for row in rows]
    left_rows, right_rows = [row for row in lefts if row], [row for row in rights if row]
    if 3 * sum(is_field(join(row).text) for row in left_rows) >= 2 * len(left_rows):
        return [join(row) for row in rows]
    labels = _labels([join(row) for row in left_rows])
    if labels and 2 * sum(is_period(label.text) for label in labels) >= len(labels):
        return _read_regions(labels, right_rows, depth)
    if labels and 3 * sum(find_heading(label.text) is not None for label in labels) >= 2 * len(
        labels
    ):
        return _read_regions(labels, right_rows, depth, sign="")
    ends = _labels([join(row) for row in right_rows])
    dated = sum(is_period(label.text) for label in ends)
    headed = bool(lefts[0] and rights[0]) and all(
        find_heading(piece.text) for piece in (lefts[0][0], rights[0][0])
    )
    if not headed and (
        2 * dated > len(ends) or _are_tails(lefts, rights, dated) or _are_pairs(lefts, rights)
    ):
        return [join(row) for row in rows]
    blocks = _blocks(left_rows)
    if _are_entries(blocks, rows):
        return _read_blocks(blocks, right_rows, depth)
    return [*_read(left_rows, depth + 1), *_read(right_rows, depth + 1)]


def _labels(lines: Sequence[Piece]) -> list[Piece]:
    """Joins the wrapped lines of each label."""
    labels: list[Piece] = []
    for line in lines:
        last = labels[-1] if labels else None
        near = last is not None and line.top - last.bottom < 0.8 * line.height
        if (last is not None and near and not is_period(last.text)) or (
            last is not None and near and line.text[:1] in "(–—-"
        ):
            labels[-1] = join([last, line], " ")
        else:
            labels.append(line)
    return labels


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Parts the rows of a column at gaps that are wider than those between its lines."""
    found: list[list[Row]] = []
    gaps = [join(row).top - join(before).bottom for before, row in pairwise(rows)]
    usual = max(min(gaps, default=0.0), 0.0)
    for row in rows:
        last = join(found[-1][-1]) if found else None
        least = min(usual + _BLOCK_GAP * row[0].height, _LINE_GAP * row[0].height)
        if last and join(row).top - last.bottom < least:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _are_entries(blocks: Sequence[Sequence[Row]], rows: Sequence[Row]) -> bool:
    """Tells whether each block of the left column is dated, itself or on its rows: an entry."""
    pieces = [piece for row in rows for piece in row]
    if len(blocks) < 2 or any(find_heading(piece.text) for piece in pieces):
        return False
    dates = [piece for piece in pieces if is_period(piece.text)]
    dated = 0
    for block in blocks:
        top, bottom = block[0][0].top - 2, join(block[-1]).bottom + 2
        dated += any(top <= piece.top and piece.bottom <= bottom for piece in dates)
    return 3 * dated >= 2 * len(blocks)


def _read_blocks(blocks: Sequence[Sequence[Row]], rows: Sequence[Row], depth: int) -> list[Piece]:
    """Reads each block of the left column with what stands beside it."""
    found: list[Piece] = []
    waiting = list(rows)
    for at, block in enumerate(blocks):
        nearest = blocks[at + 1][0][0] if at + 1 < len(blocks) else None
        beside: list[Row] = []
        while waiting and (nearest is None or _above(waiting[0], nearest)):
            beside.append(waiting.pop(0))
        found += [*_read(block, depth + 1), *_read(beside, depth + 1)]
    return found


def pair_fields(rows: Sequence[Row]) -> list[Row]:
    """Puts names of fields that stand in a row above their values on the lines of these."""
    found: list[Row] = []
    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        named = len(row) > 1 and all(is_field(piece.text) for piece in row)
        if not named or not waiting or not _aligned(row, waiting[0]):
            found.append(row)
            continue
        values = [[piece] for piece in waiting.pop(0)]
        while waiting and _goes_below(values, waiting[0]):
            for piece in waiting.pop(0):
                next(value for value in values if abs(value[0].x0 - piece.x0) < _ALIGNED).append(
                    piece
                )
        for value in values:
            name = min(row, key=lambda piece: abs(piece.x0 - value[0].x0))
            whole = join(value, " ")
            found.append([replace(whole, text=f"{name.text} : {whole.text}", style=None)])
    return found


def _aligned(names: Row, values: Row) -> bool:
    near = join(values).top - join(names).bottom < 1.5 * names[0].height
    return near and all(
        any(abs(value.x0 - name.x0) < _ALIGNED for name in names) for value in values
    )


def _goes_below(values: Sequence[Row], row: Row) -> bool:
    """Tells whether a row is the rest of values that were broken."""
    last = max(value[-1].bottom for value in values)
    near = join(row).top - last < 0.5 * row[0].height
    beside = all(any(abs(value[0].x0 - piece.x0) < _ALIGNED for value in values) for piece in row)
    return (
        near and beside and not any(is_field(piece.text) or is_bullet(piece.text) for piece in row)
    )


def _read_regions(
    labels: Sequence[Piece], rows: Sequence[Row], depth: int, *, sign: str = JOINT
) -> list[Piece]:
    """Reads what stands beside each label, down to the next one, as a region of its own.

    The label is joined to the first line beside it by ``sign``, or is a line of its own.
    """
    found: list[Piece] = []
    waiting = list(rows)
    for at, label in enumerate(labels):
        nearest = labels[at + 1] if at + 1 < len(labels) else None
        region: list[Row] = []
        while waiting and (nearest is None or _above(waiting[0], nearest)):
            region.append(waiting.pop(0))
        first = [row for row in region if _above(row, label)]
        found += _read(first, depth + 1)
        lines = _read(region[len(first) :], depth + 1)
        near = bool(sign) and lines and lines[0].top < label.bottom + label.height
        found += [join([label, lines[0]], sign), *lines[1:]] if near else [label, *lines]
    return found


def _above(row: Row, label: Piece) -> bool:
    """Tells whether a row stands above a label's first line."""
    whole = join(row)
    return whole.bottom < label.top + 0.3 * min(label.height, whole.height)


def _are_tails(lefts: Sequence[Row], rights: Sequence[Row], dated: int) -> bool:
    """Tells whether what stands right are ends of the lines on the left: dates, and towns below."""
    ends = [right for right in rights if right]
    beside = sum(bool(left and right) for left, right in zip(lefts, rights, strict=True))
    return bool(dated) and beside == len(ends) and 3 * dated >= len(ends)


def _are_pairs(lefts: Sequence[Row], rights: Sequence[Row]) -> bool:
    """Tells whether most rows have both cells, and both belong together."""
    both = sum(bool(left and right) for left, right in zip(lefts, rights, strict=True))
    right = [piece.text for row in rights for piece in row]
    if any(is_bullet(text) for text in right) or sum(map(is_contact, right)) * 2 > len(right):
        return False
    return 3 * both >= 2 * len(lefts)
