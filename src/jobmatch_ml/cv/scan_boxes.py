"""Boxes on a scanned page: filled ones with light or dark type in them, and drawn frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Grey: TypeAlias = npt.NDArray[np.uint8]
Ink: TypeAlias = npt.NDArray[np.bool_]

_STRIP = 0.3  # inches: no stroke of a letter is so long, the sides of a box are
_LEAST_HEIGHT, _MOST_HEIGHT = 0.09, 0.55  # inches, of a box around one line
_ALIKE = 0.85  # share of the upper side's width that the lower one has at least
_ASTRAY = 0.09  # inches between the ends of a box's upper and lower side: corners may be round
_END_DARK = 0.85  # share of ink at each end of a filled box
_WHOLE = 0.8  # share of a box that is left when paper from outside is taken off
_FILLED = 0.4  # share of ink in a filled box: the rest is its type
_BEHIND, _DARK_BEHIND = 0.025, 0.5  # inches behind its edge, share of ink there
_EDGE = 0.05  # inches from the edge of a box: corners end before, letters reach further
_STROKE = 0.045  # inches: strokes of letters are thinner
_SOFT = 2  # pixels at an edge that are neither dark nor light
_LETTER = 0.03  # inches: what stands out on a smaller square is no letter
_MOST_STRIPS, _MOST_PARTS = 400, 30_000  # of a page; a sheet has fewer
# Inches: an upright bar's width and height, from and to; how far words stand to its right, and how
# far none does to its left.
_BAR = (0.02, 0.12, 0.13, 0.6, 0.5, 0.12)
_SOLID, _END = 0.9, 0.1  # share of ink in a bar; of its height, where no word stands beside it
CONTRAST = 40
"""Grey levels between ink and paper, at least."""


@dataclass(frozen=True, slots=True)
class Box:
    """Rows and columns of pixels: the first of each, and the one after the last."""

    top: int
    bottom: int
    left: int
    right: int

    def is_in(self, other: Box) -> bool:
        """Tells whether the box lies within another."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom

    def down_to(self, lower: Box) -> Box:
        """Returns the box from here to another, as wide as both are."""
        sides = max(self.left, lower.left), min(self.right, lower.right)
        return Box(self.top, lower.bottom, *sides)

    def wider(self, by: int, shape: tuple[int, ...], *, more: int = 0) -> tuple[slice, slice]:
        """Returns an index of the page: the box and so many pixels on each side.

        Args:
            by: Pixels.
            shape: The page's.
            more: Pixels more, left and right.
        """
        return (
            slice(max(self.top - by, 0), min(self.bottom + by, shape[0])),
            slice(max(self.left - by - more, 0), min(self.right + by + more, shape[1])),
        )


@dataclass(frozen=True, slots=True)
class Boxes:
    """What boxes and frames take of a page, pixel by pixel.

    Args:
        ground: On filled boxes, their type included.
        edge: Of filled boxes, neither dark nor light.
        line: Of frames, and blocks without type.
    """

    ground: Ink
    edge: Ink
    line: Ink


def find_boxes(grey: Grey, paper: float, dpi: float) -> Boxes:
    """Finds boxes around single lines, as headings stand in; their corners may be round.

    The sides above and below are runs of ink longer than any letter's; between them there is
    mostly ink, or lines that join them.

    Args:
        grey: A page.
        paper: Level of grey that paper is not darker than.
        dpi: Pixels an inch.
    """
    dark: Ink = grey < paper
    found = Boxes(*(np.zeros_like(dark) for _ in range(3)))
    strips = _strips(dark, round(_STRIP * dpi))
    least, most = (round(height * dpi) for height in (_LEAST_HEIGHT, _MOST_HEIGHT))
    taken: set[int] = set()
    for at, upper in enumerate(strips):
        if at in taken:
            continue
        below = _below(strips, at, dpi)
        high = upper.bottom - upper.top
        both = upper.down_to(strips[below]) if below is not None else None
        # What is inside a filled box, or a ribbon, is ground between its lines of type.
        if both is not None and _fill(found, both, grey, dark, dpi):
            taken |= {below or at, *_inside(strips, at, both)}
        elif high > most or (high >= least and _fill(found, upper, grey, dark, dpi)):
            taken |= _inside(strips, at, upper)
        elif both is not None:
            _draw(found, both, high, dark)
    for place, bar in _bars(dark, dpi):
        found.line[place] |= bar
    return found


def _inside(strips: list[Box], at: int, box: Box) -> set[int]:
    """Returns the strips below one that lie within a box."""
    return {other for other in range(at + 1, len(strips)) if strips[other].is_in(box)}


def _fill(found: Boxes, box: Box, grey: Grey, dark: Ink, dpi: float) -> bool:
    """Notes a box if it is filled, and tells whether it is."""
    place = box.wider(_SOFT + 1, dark.shape)
    filled = _ground_of(dark[place], dpi)
    whole = np.count_nonzero(filled) >= _WHOLE * (box.bottom - box.top) * (box.right - box.left)
    if not whole or not _is_filled(filled, dark[place], dpi) or _goes_on(box, grey, dark):
        return False
    if not _has_ends(box, dark):
        return False
    if _has_type(grey[place], filled, dpi):
        found.ground[place] |= filled
        found.edge[place] |= _edge_of(filled)
    elif _stands_alone(filled):
        found.line[place] |= ndimage.binary_dilation(filled, iterations=_SOFT)
    return True


def _bars(dark: Ink, dpi: float) -> Iterator[tuple[tuple[slice, slice], Ink]]:
    """Returns upright bars before headings, and where: taller than the words beside them.

    A letter has ink of the next one beside its upper end or its foot. A page of dust has none.
    """
    narrow, wide, low, high, reach, free = (round(part * dpi) for part in _BAR)
    parts, count = ndimage.label(dark)
    if count > _MOST_PARTS:
        return
    for number, (rows, columns) in enumerate(ndimage.find_objects(parts), 1):
        height, width = rows.stop - rows.start, columns.stop - columns.start
        if not (narrow <= width <= wide and low <= height <= high and height > 2 * width):
            continue
        bar = parts[rows, columns] == number
        if bar.mean() < _SOLID:
            continue
        left = dark[rows, max(columns.start - free, 0) : columns.start]
        right = np.asarray(dark[rows, columns.stop : columns.stop + reach].any(axis=1))
        end = max(round(_END * height), 1)
        if right.any() and not (left.any() or right[:end].any() or right[-end:].any()):
            place = Box(rows.start, rows.stop, columns.start, columns.stop).wider(_SOFT, dark.shape)
            yield place, ndimage.binary_dilation(parts[place] == number, iterations=_SOFT)


def _has_ends(box: Box, dark: Ink) -> bool:
    """Tells whether a box is dark at both ends, half-way down: bold capitals are not."""
    third = (box.bottom - box.top) // 3  # above and below it, corners may be round
    rows = dark[box.top + third : box.bottom - third]
    left, right = box.left + 1, box.right - 1  # the last pixel is the edge, not wholly dark
    ends = rows[:, left : left + _SOFT], rows[:, right - _SOFT : right]
    return min(float(end.mean()) for end in ends) >= _END_DARK


def _goes_on(box: Box, grey: Grey, dark: Ink) -> bool:
    """Tells whether a box is a part of something: of a ribbon between two lines of type, say."""
    far = 2 * _SOFT
    rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
    beside = [grey[row, columns] for row in (box.top - far - 1, box.bottom + far)
              if 0 <= row < grey.shape[0]]  # fmt: skip
    beside += [grey[rows, column] for column in (box.left - far - 1, box.right + far)
               if 0 <= column < grey.shape[1]]  # fmt: skip
    own = float(np.median(grey[rows, columns][dark[rows, columns]]))
    return any(float(np.median(side)) < own + CONTRAST / 2 for side in beside)


def _draw(found: Boxes, box: Box, thick: int, dark: Ink) -> None:
    """Notes the line of a frame if a box has one; its upper side is so thick."""
    place = box.wider(_SOFT + 1, dark.shape, more=(box.bottom - box.top) // 2)
    found.line[place] |= _frame_of(dark[place], thick + _SOFT)


def _strips(dark: Ink, least: int) -> list[Box]:
    """Returns what holds together of the runs of ink along rows that are long enough."""
    least |= 1  # around a middle
    runs = ndimage.minimum_filter1d(dark.view(np.uint8), least, axis=1, mode="constant")
    runs = ndimage.maximum_filter1d(runs, least, axis=1, mode="constant")
    parts, _ = ndimage.label(runs, structure=np.ones((3, 3)))
    found = [
        Box(rows.start, rows.stop, columns.start, columns.stop)
        for rows, columns in ndimage.find_objects(parts)
    ]
    return found if len(found) <= _MOST_STRIPS else []


def _below(strips: list[Box], at: int, dpi: float) -> int | None:
    """Returns which strip may be the lower side of a box whose upper side is given."""
    least, most, astray = (round(part * dpi) for part in (_LEAST_HEIGHT, _MOST_HEIGHT, _ASTRAY))
    upper = strips[at]
    return next(
        (
            other
            for other, lower in enumerate(strips[at + 1 :], at + 1)
            if lower.top >= upper.bottom
            and (_spans(lower, upper, astray) or _spans(upper, lower, astray))
            and lower.right - lower.left >= _ALIKE * (upper.right - upper.left)
            and least <= lower.bottom - upper.top <= most
        ),
        None,
    )


def _spans(strip: Box, other: Box, astray: int) -> bool:
    """Tells whether one strip reaches as far as another on both sides: tabs stand on a line."""
    return strip.left <= other.left + astray and strip.right >= other.right - astray


def _ground_of(dark: Ink, dpi: float) -> Ink:
    """Returns which pixels of a filled box are its ground or the type on it.

    Light letters are holes in it; light corners hang together with what is outside, and so may a
    letter that reaches the edge: what is thin and leads far inside is one.
    """
    stroke, edge = round(_STROKE * dpi) | 1, round(_EDGE * dpi)
    parts, _ = ndimage.label(np.pad(~dark, stroke, constant_values=True))
    outside = parts == parts[0, 0]
    thin, _ = ndimage.label(outside & ~ndimage.binary_opening(outside, np.ones((stroke, stroke))))
    deep = np.unique(thin[stroke + edge : -stroke - edge, stroke + edge : -stroke - edge])
    letters = np.isin(thin, deep[deep > 0])
    return np.asarray((~outside | letters)[stroke:-stroke, stroke:-stroke])


def _is_filled(filled: Ink, dark: Ink, dpi: float) -> bool:
    """Tells whether a box is more than a frame: it is dark behind its edge too, and all over."""
    depth = round(_BEHIND * dpi)
    outer = ndimage.binary_erosion(filled, iterations=depth)
    behind = outer & ~ndimage.binary_erosion(outer, iterations=_SOFT)
    if not behind.any():
        return False
    return bool(dark[behind].mean() >= _DARK_BEHIND and dark[filled].mean() >= _FILLED)


def _edge_of(filled: Ink) -> Ink:
    """Returns the pixels at the edge of a box, which are neither dark nor light."""
    outer = ndimage.binary_dilation(filled, iterations=_SOFT + 1)
    return np.asarray(outer & ~ndimage.binary_erosion(filled, iterations=_SOFT))


def _has_type(grey: Grey, filled: Ink, dpi: float) -> bool:
    """Tells whether something stands out in a box, light or dark."""
    inner = grey[ndimage.binary_erosion(filled, iterations=_SOFT)].astype(np.int16)
    if not len(inner):
        return False
    out = np.count_nonzero(np.abs(inner - np.median(inner)) > CONTRAST)
    return bool(out >= (_LETTER * dpi) ** 2)


def _stands_alone(filled: Ink) -> bool:
    """Tells whether a block is none of a letter's strokes: nothing hangs together with it."""
    return not np.concatenate([filled[0], filled[-1], filled[:, 0], filled[:, -1]]).any()


def _frame_of(dark: Ink, thick: int) -> Ink:
    """Returns which pixels the line of a frame takes, be it straight, round or double.

    It holds together from above to below, and with nothing else. What is far inside
    is a letter that touches it.
    """
    parts, _ = ndimage.label(dark, structure=np.ones((3, 3)))
    deep = 2 * _SOFT + 2
    both = np.intersect1d(parts[:deep], parts[-deep:])
    line = np.isin(parts, both[both > 0])
    line &= ~np.isin(parts, np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    if not line.any():
        return line
    rows, columns = (np.flatnonzero(line.any(axis=axis)) for axis in (1, 0))
    inner = np.zeros_like(line)
    inner[rows[0] + thick : rows[-1] - thick + 1, columns[0] + thick : columns[-1] - thick + 1] = (
        True
    )
    corner = (rows[-1] - rows[0]) // 2  # may be round
    inner[:, : columns[0] + corner] = inner[:, columns[-1] - corner :] = False
    return np.asarray(ndimage.binary_dilation(line & ~inner, iterations=_SOFT))
