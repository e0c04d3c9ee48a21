"""What ink tells: of a word's type, of dots and rows of them, of zeros with a dot inside."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np
from PIL import Image

from jobmatch_ml.cv.scan_boxes import CONTRAST, Grey, Ink
from jobmatch_ml.cv.scan_picture import spread, widen

_BLACK, _WHITE, _FEWEST_DOTTED = 100, 255, 3  # grey levels, words with a dotted zero
_HIGHER = 1.3  # times the width of a zero's inside
_DOT = (0.62, 0.7)  # least filling of its box, least share of one side in the other
_FEWEST_SPOTS, _MOST_SPOTS = 4, 10  # of a mark for a level
_SQUARE = (0.75, 1.35)  # width by height
_WIDEST_STEP, _IN_MARKS = 1.9, 0.97  # widths a step, share of the ink
_LEAST_MARK = 6  # pixels: what is less high is a dash
_LARGEST_WORD, _MOST_WORDS, _MOST_DOTS = 60_000, 400, 40  # pixels; of a page; in a word


def open_zeros(
    picture: Image.Image, boxes: Iterable[tuple[float, float, float, float]]
) -> Image.Image | None:
    """Returns a picture without the dots inside zeros; ``None`` where no font has any.

    A dotted zero is read as 6, 8 or 9 where type is small.

    Args:
        picture: A page, black on white.
        boxes: Left, top, right and bottom of words with digits.
    """
    grey = np.array(picture)
    dotted = 0
    for left, top, right, bottom in islice(boxes, _MOST_WORDS):
        part = grey[max(int(top) - 1, 0) : int(bottom) + 1, max(int(left) - 1, 0) : int(right) + 1]
        if not 0 < part.size <= _LARGEST_WORD:
            continue
        dots = _enclosed(part < _BLACK)
        if dots.any():
            part[widen(dots)] = _WHITE
            dotted += 1
    return Image.fromarray(grey) if dotted >= _FEWEST_DOTTED else None


def _enclosed(ink: Ink) -> Ink:
    """Returns the spots inside letters that are higher than wide: dots of zeros, not of a sign."""
    ink = np.pad(ink, 1)
    border = np.ones_like(ink)
    border[1:-1, 1:-1] = False
    outside = spread(border, ~ink)
    spots = ink & ~spread(ink & widen(outside), ink)
    if not spots.any():
        return spots[1:-1, 1:-1]
    kept = np.zeros_like(spots)
    for _ in range(_MOST_DOTS):
        if not spots.any():
            break
        one = np.zeros_like(spots)
        one[tuple(np.argwhere(spots)[0])] = True
        one = spread(one, spots)
        if _is_in_zero(one, ink):
            kept |= one
        spots = spots & ~one
    return kept[1:-1, 1:-1]


def _is_in_zero(spot: Ink, ink: Ink) -> bool:
    """Tells whether a spot stands in a ring that is higher than wide."""
    rows, columns = np.nonzero(spot.any(axis=1))[0], np.nonzero(spot.any(axis=0))[0]
    y, x = int(rows.mean()), int(columns.mean())
    across, down = np.flatnonzero(ink[y] & ~spot[y]), np.flatnonzero(ink[:, x] & ~spot[:, x])
    left, right = across[across < x], across[across > x]
    above, below = down[down < y], down[down > y]
    if not (len(left) and len(right) and len(above) and len(below)):
        return False
    return bool((below[0] - above[-1]) >= _HIGHER * (right[0] - left[-1]))


def ink_of(grey: Grey) -> tuple[Ink, bool] | None:
    """Returns which pixels of a word's box are ink, and whether it is light on dark.

    Paper is what most of the box's rim is. ``None`` where nothing stands out.
    """
    if min(grey.shape) < 3:
        return None
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(rim))
    low, high = float(np.percentile(grey, 2)), float(np.percentile(grey, 98))
    light = high - paper > paper - low
    ink = high if light else low
    if abs(ink - paper) < CONTRAST:
        return None
    middle = (ink + paper) / 2
    return (grey > middle) if light else (grey < middle), light


def stroke_of(ink: Ink) -> float:
    """Returns how wide strokes are on the average, in pixels: ink along a row, by its runs."""
    padded = np.pad(ink, ((0, 0), (1, 0)))
    runs = int(np.count_nonzero(padded[:, 1:] & ~padded[:, :-1]))
    return float(np.count_nonzero(ink)) / runs if runs else 0.0


def is_dot(ink: Ink) -> bool:
    """Tells whether ink is one round or square spot."""
    rows, columns = np.nonzero(ink.any(axis=1))[0], np.nonzero(ink.any(axis=0))[0]
    if not len(rows) or not len(columns):
        return False
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    filled = np.count_nonzero(ink) / (height * width)
    return bool(filled >= _DOT[0] and min(height, width) >= _DOT[1] * max(height, width))


def is_row_of_spots(ink: Ink, *, alike: float = 0.8) -> bool:
    """Tells whether ink is a row of dots, stars or boxes of one shape, as marks for a level are.

    Marks may touch, and hollow ones may be broken: what counts is that equal parts of the row hold
    equal shapes, about as wide as high.

    Args:
        ink: The marks.
        alike: Share that the outline of each has in common with the usual one, at least.
    """
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not len(columns):
        return False
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if len(ink) < _LEAST_MARK:
        return False
    return any(_are_alike(ink, count, alike) for count in range(_FEWEST_SPOTS, _MOST_SPOTS + 1))


def _are_alike(ink: Ink, count: int, alike: float) -> bool:
    """Tells whether ink falls into so many marks of one shape; between them is as much space."""
    height, width = ink.shape
    for mark in range(int(_SQUARE[0] * height), int(_SQUARE[1] * height) + 1):
        step = (width - mark) / (count - 1)
        if not mark <= step <= _WIDEST_STEP * mark:
            continue
        starts = [round(at * step) for at in range(count)]
        shapes = [ink[:, start : start + mark] for start in starts]
        inside = sum(int(np.count_nonzero(shape)) for shape in shapes)
        if inside < _IN_MARKS * np.count_nonzero(ink):
            continue
        outlines = [_outline(shape) for shape in shapes]
        usual = np.sum(outlines, axis=0) * 2 > count
        if min(_likeness(outline, usual) for outline in outlines) >= alike:
            return True
    return False


def _outline(shape: Ink) -> Ink:
    """Returns a shape with its inside filled: what has ink on all four sides."""
    reach = np.maximum.accumulate
    across = reach(shape, axis=1) & reach(shape[:, ::-1], axis=1)[:, ::-1]
    down = reach(shape, axis=0) & reach(shape[::-1], axis=0)[::-1]
    return np.asarray(across & down)


def _likeness(shape: Ink, other: Ink) -> float:
    """Returns the share that two shapes have in common (Jaccard's index)."""
    either = int(np.count_nonzero(shape | other))
    return int(np.count_nonzero(shape & other)) / max(either, 1)
