"""Boxes side by side: words become lines, and cells of one row are kept together.

A page is a pile of rows of words. Where a strip stays empty through several rows, what stands left
and right of it are cells. Three readings are told apart: labels beside their text (dates beside
positions), pairs (a language and its level), and columns that have nothing to do with each other.
Parts of one line that stand far apart are joined by :data:`JOINT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from jobmatch_ml.cv.cards import are_cards, card_rows
from jobmatch_ml.cv.contacts import is_contact
from jobmatch_ml.cv.dates import is_period
from jobmatch_ml.cv.fields import is_field
from jobmatch_ml.cv.grid import close_cells, pair_fields
from jobmatch_ml.cv.headings import find_heading, is_bullet
from jobmatch_ml.cv.pieces import JOINT, Piece, Row, join
from jobmatch_ml.cv.rows import BASELINE, to_rows
from jobmatch_ml.cv.side_notes import lift_notes
from jobmatch_ml.cv.timelines import find_timelines, read_timeline

_NARROWEST = 6.0  # points of the empty strip between two cells
_FAR = 3.0  # heights of a line: what is further below belongs to another block
_DEEPEST = 3  # cells inside cells
_ROWS_BESIDE = 3  # a name in large type has so many lines of contacts beside it
_BLOCK_GAP = 0.25  # heights of a line by which gaps between blocks are wider
_LINE_GAP = 0.75  # heights of a line: lines of one block are nearer
_ALIGNED = 4.0  # points between the left ends of a field's name and its value
_LONGEST_NAME = 40  # characters of what names the lines beside it
_NARROW = 0.3  # of the width: what stands at the right in less is dates and towns
_ROWS_AHEAD = 8  # below a heading, in which the column beside it must go on
_MOST_GAPS = 6  # of a row, tried as the strip


def arrange(words: Sequence[Piece]) -> list[Piece]:
    """Returns a part of a page as lines in reading order."""
    rows = pair_fields(close_cells(to_rows(words)))
    found: list[Piece] = []
    position = 0
    for line in find_timelines(rows):
        found += _read(rows[position : line.start], 0)
        found += read_timeline(rows[line.start : line.end], line, lambda part: _read(part, 1))
        position = line.end
    return [*found, *_read(rows[position:], 0)]


def are_labels(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Tells whether what stands left belongs to what stands right, and is no column of its own.

    Dates and headings do. So does whatever stands below headings that the right side has none of,
    where entries are dated: a column of its own has a heading of its own.

    Args:
        left: Words of the left side.
        right: Words of the right side.
    """
    labels = _labels([join(row) for row in to_rows(left)])
    bottoms = {round(word.bottom) for word in right}
    named = max(
        sum(find_heading(label.text) is not None or is_field(label.text) for label in labels),
        _titles(labels),
    )
    if 3 * named >= 2 * len(labels):
        return True
    titled = [any(find_heading(join(row).text) for row in to_rows(side)) for side in (left, right)]
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
    return [piece.text for side in (left, right) for row in to_rows(side) for piece in row]


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
    edge = next((piece.x0 for piece in rows[start] if piece.x0 >= high - 1), high)
    columns = len(rows[start]) > 1 and _is_headed(rows[start])
    for at, row in enumerate(rows[start:], start=start):
        top = min(piece.top for piece in row)
        headed = (len(row) == 1 or at > start) and _is_headed(row)
        headed = headed and not (columns and _has_column(rows[at : at + _ROWS_AHEAD], low, edge))
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
    # Of columns with headings the left one may be the longer.
    return (end if columns else _without_lone(rows, start, end, middle)), middle


def _without_lone(rows: Sequence[Row], start: int, end: int, middle: float) -> int:
    """Returns the end of a band without the last rows that stand on the left alone: no cells."""
    while end > start and all(piece.x1 <= middle for piece in rows[end - 1]):
        if end - start > 1 and _is_cut(rows[end - 2][0], rows[end - 1][0]):
            break
        if any(_beside(rows[end - 1][0], row) for row in rows[max(start, end - 2) : end - 1]):
            break
        end -= 1
    return end


def _is_headed(row: Row) -> bool:
    return all(find_heading(piece.text) for piece in row)


def _has_column(rows: Sequence[Row], low: float, edge: float) -> bool:
    """Tells whether a column goes on at ``edge`` before a line crosses the strip left of it."""
    for row in rows:
        if any(piece.x0 < low and piece.x1 > edge for piece in row):
            return False
        if any(abs(piece.x0 - edge) < _ALIGNED for piece in row):
            return True
    return False


def _is_cut(before: Piece, piece: Piece) -> bool:
    """Tells whether dates go on on the next line: they end with a dash, or the next begins so."""
    near = piece.top - before.bottom < 0.8 * piece.height
    return near and (before.text[-1:] in "–—-à" or piece.text[:1] in "–—-")


def _read_band(rows: Sequence[Row], middle: float, depth: int) -> list[Piece]:
    lefts = [[piece for piece in row if piece.x1 <= middle] for row in rows]
    rights = _whole_dates([[piece for piece in row if piece.x0 > middle] for row in rows])
    left_rows, right_rows = ([row for row in lefts if row], [row for row in rights if row])
    if any(_are_fields(side) for side in (left_rows, right_rows)):
        return [join(row) for row in rows]
    labels = _labels([join(row) for row in left_rows])
    dates = sum(is_period(label.text) for label in labels)
    titles = _titles(labels)
    if labels and (2 * dates >= len(labels) or 3 * titles >= 2 * len(labels)):
        sign = JOINT if 2 * dates >= len(labels) else ""
        return _read_regions(labels, right_rows, depth, sign=sign)
    if _name_regions(left_rows, right_rows):
        return _read_regions([join(row) for row in left_rows], right_rows, depth)
    return _read_sides(rows, (lefts, rights), depth)


def _read_sides(
    rows: Sequence[Row], sides: tuple[Sequence[Row], Sequence[Row]], depth: int
) -> list[Piece]:
    """Reads the rows of a band whose left side does not name the right one."""
    lefts, rights = sides
    left_rows, right_rows = [row for row in lefts if row], [row for row in rights if row]
    if are_cards(lefts, rights):
        return [
            line
            for begin, end in card_rows(rows, lefts)
            for side in (lefts, rights)
            for line in _read([row for row in side[begin:end] if row], depth + 1)
        ]
    ends = _labels([join(row) for row in right_rows])
    dated = sum(is_period(join(row).text) for row in right_rows)
    headed = bool(lefts[0] and rights[0]) and all(
        find_heading(piece.text) for piece in (lefts[0][0], rights[0][0])
    )
    if not headed and (
        2 * sum(is_period(label.text) for label in ends) > len(ends)
        or _are_tails(lefts, rights, dated)
        or _are_pairs(lefts, rights)
    ):
        rows_of_both = zip(lefts, lift_notes(lefts, rights), strict=True)
        return [join([*left, *right]) for left, right in rows_of_both if left or right]
    blocks = _blocks(left_rows)
    if _are_entries(blocks, rows):
        return _read_blocks(blocks, right_rows, depth)
    return [*_read(left_rows, depth + 1), *_read(right_rows, depth + 1)]


def _are_fields(rows: Sequence[Row]) -> bool:
    """Tells whether most rows begin with the name of a form's field."""
    return bool(rows) and 3 * sum(is_field(row[0].text) for row in rows) >= 2 * len(rows)


def _whole_dates(rows: Sequence[Row]) -> list[Row]:
    """Puts dates that a narrow column broke on their first line."""
    found = [list(row) for row in rows]
    filled = [row for row in found if row]
    for first, second in pairwise(filled):
        if len(first) != 1 or len(second) != 1 or is_period(first[0].text):
            continue
        near = second[0].top - first[0].bottom < _LINE_GAP * second[0].height
        if near and is_period(f"{first[0].text} {second[0].text}"):
            first[0] = join([first[0], second[0]], " ")
            second.clear()
    return found


def _name_regions(left_rows: Sequence[Row], right_rows: Sequence[Row]) -> bool:
    """Tells whether each line on the left names the lines beside it, down to the next one.

    Themes of skills do: fewer lines than on the right, apart from each other, each on the
    baseline of a line beside it.
    """
    if not 2 <= len(left_rows) < len(right_rows) or any(len(row) > 1 for row in left_rows):
        return False
    names = [row[0] for row in left_rows]
    tops = [piece.bottom for row in right_rows for piece in row]
    beside = all(any(abs(name.bottom - top) < BASELINE for top in tops) for name in names)
    apart = any(after.top - name.bottom > 0.9 * name.height for name, after in pairwise(names))
    first = abs(names[0].bottom - right_rows[0][0].bottom) < BASELINE
    right = [piece.text for row in right_rows for piece in row]
    plain = not any(is_bullet(text) or is_period(text) for text in right) and not any(
        find_heading(text) for text in right
    )
    return beside and apart and first and plain and all(len(n.text) <= _LONGEST_NAME for n in names)


def _titles(labels: Sequence[Piece]) -> int:
    """Returns how many labels are headings, by their words or by the type of those that are."""
    known = [label for label in labels if find_heading(label.text)]
    looks = {label.style for label in known if label.style} if len(known) > 1 else set()
    alike = [
        label for label in labels
        if label.style in looks and len(label.text) <= _LONGEST_NAME and not is_period(label.text)
    ]  # fmt: skip
    return max(len(known), len(alike))


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
    if not dated or 3 * dated < len(ends):
        return False
    pieces = [piece for end in ends for piece in end]
    lines = [piece for left in lefts for piece in left]
    width = max(piece.x1 for piece in pieces) - min(piece.x0 for piece in pieces)
    whole = max(piece.x1 for piece in pieces) - min(piece.x0 for piece in (*lines, *pieces))
    narrow = width < _NARROW * whole and not any(find_heading(piece.text) for piece in pieces)
    return beside == len(ends) or (narrow and 2 * beside >= len(ends))


def _are_pairs(lefts: Sequence[Row], rights: Sequence[Row]) -> bool:
    """Tells whether most rows have both cells, and both belong together."""
    both = sum(bool(left and right) for left, right in zip(lefts, rights, strict=True))
    right = [piece.text for row in rights for piece in row]
    if any(is_bullet(text) for text in right) or sum(map(is_contact, right)) * 2 > len(right):
        return False
    return 3 * both >= 2 * len(lefts)
