"""Grids: cells that go over several lines, and names of fields above their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jobmatch_ml.cv.dates import is_period
from jobmatch_ml.cv.fields import is_field
from jobmatch_ml.cv.headings import is_bullet
from jobmatch_ml.cv.pieces import Piece, Row, join

_ALIGNED = 4.0  # points between the left ends of a field's name and its value
_LINE_GAP = 0.75  # heights of a line: lines of one cell are nearer
_LONGEST_NAME = 40  # characters of a cell that may go on below


def close_cells(rows: Sequence[Row]) -> list[Row]:
    """Joins the lines of short cells that a narrow grid broke: they go on in small letters."""
    found: list[Row] = []
    for row in rows:
        before = found[-1] if found else []
        places = [_place_above(piece, before) for piece in row]
        if len(before) < 2 or None in places or len(set(places)) < len(places):
            found.append(row)
            continue
        for place, piece in zip(places, row, strict=True):
            if place is not None:
                before[place] = join([before[place], piece], _sign(before[place], piece))
    return found


def _is_cut(row: Row, at: int, piece: Piece) -> bool:
    """Tells whether a form's value had no room before the next field: its rest stands below."""
    if not 0 < at < len(row) - 1 or not is_field(row[at - 1].text) or is_bullet(piece.text):
        return False
    letter = (piece.x1 - piece.x0) / max(len(piece.text), 1)
    word = len(piece.text.partition(" ")[0]) + 1
    return row[at].text.endswith("-") or row[at].x1 + word * letter > row[at + 1].x0 - _ALIGNED


def _sign(first: Piece, second: Piece) -> str:
    """Returns what stands between two lines of a cell: "en cours" below a beginning is its end."""
    ends = is_period(first.text) and is_period(f"{first.text} – {second.text}")
    return " – " if ends and not is_period(f"{first.text} {second.text}") else " "


def _place_above(piece: Piece, row: Row) -> int | None:
    """Returns which cell of the row above a piece goes on with; ``None`` where it is its own."""
    for at, cell in enumerate(row):
        whole = f"{cell.text} {piece.text}"
        small = piece.text[:1].islower() and len(cell.text) <= _LONGEST_NAME
        listed = len(row) > 2 and ", " in cell.text and piece.text[:1].islower()
        small = (small or listed) and not is_period(piece.text)
        dates = is_period(whole) and not is_period(cell.text)
        near = piece.top - cell.bottom < _LINE_GAP * piece.height
        if abs(cell.x0 - piece.x0) < 2 and near and (small or dates or _is_cut(row, at, piece)):
            return at
    return None


def pair_fields(rows: Sequence[Row]) -> list[Row]:
    """Puts names of fields that stand in a row above their values on the lines of these."""
    found: list[Row] = []
    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        fields = sum(is_field(piece.text) for piece in row)
        named = len(row) > 1 and 3 * fields >= 2 * len(row)
        if not named or not waiting or not _aligned(row, waiting[0]):
            found.append(row)
            continue
        values = [[piece] for piece in waiting.pop(0)]
        while waiting and _goes_below(values, waiting[0]):
            for piece in waiting.pop(0):
                next(value for value in values if abs(value[0].x0 - piece.x0) < _ALIGNED).append(
                    piece
                )
        found += _named(row, values)
    return found


def _named(names: Row, values: Sequence[Row]) -> list[Row]:
    """Returns a line for each name, with its value where there is one."""
    found: list[Row] = []
    for name in names:
        own = [value for value in values if _nearest(names, value[0]) is name]
        whole = join([piece for value in own for piece in value], " ") if own else name
        text = f"{name.text.rstrip(' :')} : {whole.text}" if own else name.text
        # All begin at one edge: they are lines below each other, no columns.
        found.append([replace(whole, text=text, x0=names[0].x0, style=None)])
    return found


def _nearest(names: Row, value: Piece) -> Piece:
    return min(names, key=lambda piece: abs(piece.x0 - value.x0))


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
