"""The lines of a column of dates: which open an entry, and which go on with the dates above."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jobmatch_ml.cv.dates import PERIOD, is_period
from jobmatch_ml.cv.pieces import Piece, Row, join

_LONGEST_DATES = 45  # characters of a cell of dates
_GAP = 1.2  # heights of a line: what stands nearer goes on with the dates above
_MOST_ABOVE = 2  # lines between the first of what stands above dates and these
_MOST_LINES = 5  # of an entry's dates, with their length and a place below
_REST = re.compile(r"^[\s–—\-/→>]*(?:à|au|to|until)?\s*", re.IGNORECASE)
_NOW = re.compile(
    r"[\s–—\-/→>]*(?:(?:à|au|to|until)\s)?(?:aujourd[’']hui|ce jour|à ce jour|pr[ée]sent|"
    r"en cours|en poste|actuel(?:lement)?|auj\.?|maintenant|current(?:ly)?|now|today|ongoing)",
    re.IGNORECASE,
)
_LASTING = re.compile(r"\(?\d{1,2}\s?(?:ans?|mois|years?|months?|yrs?)\b.{0,20}", re.IGNORECASE)


def opens_dates(text: str) -> bool:
    """Tells whether a cell holds dates and nothing else, or their beginning."""
    if not any(char.isdigit() for char in text) or len(text) > _LONGEST_DATES:
        return False
    if is_period(text):
        return True
    match = PERIOD.match(text.lstrip("([ "))
    if match is None:
        return False
    rest = _REST.sub("", text.lstrip("([ ")[match.end() :])
    return not rest or is_period(f"{rest} 2020") or _LASTING.fullmatch(rest) is not None


def is_rest(text: str) -> bool:
    """Tells whether a cell is the end of dates that stands below their beginning."""
    return len(text) <= _LONGEST_DATES and (
        _NOW.fullmatch(text) is not None or _LASTING.fullmatch(text) is not None
    )


def date_blocks(
    pieces: Sequence[Piece], sides: Sequence[tuple[Row, Row, Row]]
) -> list[list[Piece]]:
    """Groups the lines of the dates' column: one group an entry, its dates before all else.

    Args:
        pieces: What stands in the column, from top to bottom.
        sides: Each row's pieces left of the column, in it, and right of it.
    """
    aligned = {
        id(piece)
        for before, inside, after in sides
        for piece in inside
        if any(abs(other.top - piece.top) < 0.6 * piece.height for other in (*before, *after))
    }
    found: list[list[Piece]] = []
    above: list[list[Piece]] = []  # of each group, what stands above its dates: "CDI"
    waiting: list[Piece] = []
    for at, piece in enumerate(pieces):
        before = found[-1][-1] if found else None
        if _is_above(before, pieces[at : at + 1 + _MOST_ABOVE]):
            waiting.append(piece)
        elif not found or waiting or not _is_next(found[-1], piece, id(piece) in aligned):
            found.append([piece])
            above.append(waiting)
            waiting = []
        else:
            found[-1].append(piece)
    return [[block[0], *early, *block[1:]] for block, early in zip(found, above, strict=True)]


def _is_above(before: Piece | None, following: Sequence[Piece]) -> bool:
    """Tells whether the first of some pieces stands above an entry's dates and belongs to them.

    So does whatever stands before the first dates; later on what is nearer to the next ones.
    """
    piece = following[0]
    if opens_dates(piece.text):
        return False
    if before is None:
        return True
    gap = piece.top - before.bottom
    dates = next((item for item in following[1:] if opens_dates(item.text)), None)
    if dates is None or is_rest(piece.text) or gap <= _GAP * piece.height:
        return False
    return dates.top - piece.bottom < gap


def _is_next(block: Sequence[Piece], piece: Piece, on_line: bool) -> bool:
    """Tells whether a line of the dates' column goes on with the dates above it."""
    before = block[-1]
    if len(block) >= _MOST_LINES:
        return False
    whole = " ".join(item.text for item in block)
    if piece.top - before.bottom > _GAP * piece.height:
        return not opens_dates(piece.text)
    if not opens_dates(piece.text) or not is_period(whole):
        return True
    if on_line and not is_period(f"{whole} – {piece.text}"):
        return False
    first, second = _year(before.text), _year(piece.text)
    return len(block) == 1 and not _has_end(whole) and first <= second and not (
        on_line and first == second
    )  # fmt: skip


def _year(text: str) -> int:
    match = PERIOD.search(text)
    digits = re.findall(r"(?:19|20)\d{2}", match.group(0)) if match else []
    return int(digits[0]) if digits else 0


def _has_end(text: str) -> bool:
    match = PERIOD.search(text)
    return match is not None and any(match[group] for group in ("to", "last", "now", "first2"))


def whole_dates(block: Sequence[Piece]) -> Piece:
    """Joins the lines of an entry's dates: a beginning above an end needs a dash between them."""
    whole = block[0]
    for piece in block[1:]:
        apart = f"{whole.text} – {piece.text}"
        ends = is_period(whole.text) and not _has_end(whole.text) and is_period(apart)
        whole = join([whole, piece], " – " if ends else " ")
    return whole
