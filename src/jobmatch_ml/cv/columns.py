"""Two-column pages: where the gutter is, so that a line is not read across both columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_STEP = 4.0  # points between two places tried
_HALF_GUTTER = 4.0  # points without a word on each side of the gutter's middle
_DEEPEST_HEADER = 0.4  # share of the page's height that a full-width header may take
_SMALLEST_SIDE = 0.12  # share of the words that the narrower column holds at least
_STRAIGHTER = 0.15  # by which another strip's right side must begin at one edge more often
_CENTRED = 2.0  # points between the middles of a page and of a line that is centred on it
_SHORT = 0.8  # of half the page's width: a longer line fills a column
_MOST_ALIGNED = 0.8  # of the right side's lines: more on the left's baselines are a table's cells


@dataclass(frozen=True, slots=True)
class Word:
    """A word's box: left, right, top, bottom in points."""

    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Gutter:
    """A page of two columns: they are split at ``x``, below ``top``."""

    x: float
    top: float


def find_gutter(words: Sequence[Word], *, width: float, height: float) -> Gutter | None:
    """Finds the empty strip between two columns.

    Words that cross the strip are a header over both columns, so they may stand at the page's top
    only. Dates set at the right margin of a single column also leave a strip; they stand on the
    baselines of the text beside them, which lines of two columns mostly do not.

    Returns:
        The gutter that leaves the smallest header; ``None`` for a page of one column.
    """
    best: Gutter | None = None
    straightest = 0.0
    for step in range(int(width * 0.2 / _STEP), int(width * 0.8 / _STEP)):
        x = step * _STEP
        crossing = [w for w in words if w.x0 < x + _HALF_GUTTER and w.x1 > x - _HALF_GUTTER]
        top = max((word.bottom for word in crossing), default=0.0)
        if top > _DEEPEST_HEADER * height or (best is not None and top > best.top + _STEP):
            continue
        below = [word for word in words if word.top >= top - 1]
        left = [word for word in below if word.x1 <= x]
        right = [word for word in below if word.x0 >= x]
        if best is not None and top >= best.top and not _is_wide(left, right):
            continue
        straight = _straightness(right)
        lower = best is not None and top < best.top - _STEP
        better = best is None or lower or straight > straightest + _STRAIGHTER
        if better and _are_columns(left, right) and not _are_centred(below, width / 2):
            best, straightest = Gutter(x, top), straight
    return best


def _straightness(words: Sequence[Word]) -> float:
    """Returns the share of lines that begin at the left edge most of them have.

    Dates at the right end of a column and the column beside it begin at many places.
    """
    firsts: dict[int, float] = {}
    for word in words:
        line = round(word.bottom)
        firsts[line] = min(firsts.get(line, word.x0), word.x0)
    edges = Counter(round(edge / 2) for edge in firsts.values())
    return max(edges.values(), default=0) / max(len(firsts), 1)


def _are_centred(words: Sequence[Word], middle: float) -> bool:
    """Tells whether short lines stand around the page's middle: headings over both columns."""
    ends: dict[int, tuple[float, float]] = {}
    for word in words:
        line = round(word.bottom)
        first, last = ends.get(line, (word.x0, word.x1))
        ends[line] = min(first, word.x0), max(last, word.x1)
    found = {
        round(first)
        for first, last in ends.values()
        if abs((first + last) / 2 - middle) < _CENTRED and last - first < _SHORT * middle
    }
    return len(found) > 1


def _is_wide(left: Sequence[Word], right: Sequence[Word]) -> bool:
    """Tells whether the strip between two sides is wide enough to part columns of their own."""
    if not left or not right:
        return False
    return min(word.x0 for word in right) - max(word.x1 for word in left) >= 2 * _HALF_GUTTER


def _are_columns(left: Sequence[Word], right: Sequence[Word]) -> bool:
    fewest = _SMALLEST_SIDE * (len(left) + len(right))
    if min(len(left), len(right)) < max(fewest, 5):
        return False
    left_lines = {round(word.bottom) for word in left}
    right_lines = {round(word.bottom) for word in right}
    near = {line + shift for line in left_lines for shift in (-1, 0, 1)}
    return len(right_lines & near) / len(right_lines) <= _MOST_ALIGNED
