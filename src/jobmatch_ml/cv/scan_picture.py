"""The picture of a scanned page: set straight, and what its ink tells of a word's type."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from jobmatch_ml.cv.scan_boxes import CONTRAST, Grey, Ink, find_boxes

_Number = TypeVar("_Number", bound=np.generic)
_Numbers: TypeAlias = npt.NDArray[np.float32]

_STEEPEST = 3.0  # degrees: a page that lies more askew was not laid on the glass by hand
_COARSE, _FINE = 0.25, 0.05  # degrees between two angles tried
_LEAST = 0.04  # degrees: less shifts the end of a line by a pixel
_EDGE = 40  # grey levels between a pixel and the one below: letters stand on such edges
_MOST_EDGES = 60_000  # pixels looked at
_BLUR = 0.55  # pixels at 200 dpi: less than a stroke
_FAINT, _PALEST = 0.2, 0.45  # darkness that is noise, and that of the palest type
_TYPE = 0.04  # inches: most type is as high
_DARK = 0.4  # of the way from paper to ink: darker is ink or ribbon
_TINTED = 0.2  # of that way: a ground so dark may have light type
_LIGHT, _DARKER = 0.3, 0.6  # of that way: type on a ground stands out by as much, or is noise
_WINDOW = (0.125, 0.5)  # inches, height and width, in which paper is one
_CELL = 0.02  # inches: far less than a ribbon is high
_SOLID, _MOST = 0.97, 0.45  # shares of ink in a block without type, and around type on a ribbon
_RULES = (0.45, 0.5)  # inches from which what is upright, or level, is no letter
_PALE = 0.2  # strength of the palest line
_TABLE, _ASIDE = 0.8, 0.05  # inches: height of some rows of a table, width of what is beside it
_DASHED, _LONE = 0.55, 0.15  # shares of ink in a broken line, and of that much beside it
_BLURRED = 2  # pixels at a ribbon's edge that are neither dark nor light
_RIM = 2  # pixels around a box


def straighten(picture: Image.Image) -> tuple[Image.Image, float]:
    """Returns a grey picture with its lines level, and the degrees that it was turned by."""
    angle = _find_angle(np.asarray(picture))
    if abs(angle) < _LEAST:
        return picture, 0.0
    paper = int(np.median(np.asarray(picture)))
    return picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=paper), angle


def turn_back(
    box: tuple[float, float, float, float], angle: float, size: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Returns the box around where a box stood before its page was turned.

    Args:
        box: Left, top, right, bottom.
        angle: Degrees that the page was turned by.
        size: Its width and height.
    """
    if not angle:
        return box
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    middle_x, middle_y = size[0] / 2, size[1] / 2
    corners = [
        (
            cosine * (x - middle_x) - sine * (y - middle_y) + middle_x,
            sine * (x - middle_x) + cosine * (y - middle_y) + middle_y,
        )
        for x in (box[0], box[2])
        for y in (box[1], box[3])
    ]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _find_angle(grey: Grey) -> float:
    """Returns the turn that makes lines level: the lower edges of letters share fewest rows."""
    half = grey[:, ::2].astype(np.int16)
    ys, xs = np.nonzero(half[1:] - half[:-1] > _EDGE)
    xs *= 2
    if len(ys) < 50:
        return 0.0
    step = len(ys) // _MOST_EDGES + 1
    dots = ys[::step].astype(np.float32), xs[::step].astype(np.float32)
    coarse = _best(*dots, np.arange(-_STEEPEST, _STEEPEST + 0.01, _COARSE))
    return _best(*dots, np.arange(coarse - _COARSE, coarse + _COARSE + 0.01, _FINE))


def _best(ys: _Numbers, xs: _Numbers, angles: npt.NDArray[np.float64]) -> float:
    best, found = -1.0, 0.0
    for angle in sorted(angles, key=abs):
        rows = np.round(ys - xs * math.tan(math.radians(angle))).astype(np.int64)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        score = float((counts**2).sum())
        if score > best:
            best, found = score, float(angle)
    return round(found, 3)


def strengthen(picture: Image.Image, dpi: float) -> tuple[Image.Image, Image.Image]:
    """Returns black type on white whatever the page has: grey dates, tinted bars, dark ribbons.

    Recognition parts ink from paper once for a whole page: pale type would be paper there, the
    noise of a tinted bar ink, and light type on a ribbon is often left out.

    Args:
        picture: A grey page, level.
        dpi: Its pixels an inch.

    Returns:
        Type alone, black on white, and the page as it is but for rules and frames: words that
        stand near them are measured there.
    """
    grey = np.asarray(picture.filter(ImageFilter.GaussianBlur(_BLUR * dpi / 200)))
    paper, ink = (float(level) for level in np.percentile(grey[::3, ::3], (60, 0.5)))
    if paper - ink < CONTRAST:
        return picture, picture
    edge = paper - _DARK * (paper - ink)
    level = _paper_around(grey, edge, dpi)
    strength = np.abs(grey.astype(np.float32) - level) / (paper - ink)
    lines = np.zeros(grey.shape, dtype=bool)
    for lightest in (paper - _TINTED * (paper - ink), edge):
        dark = grey < lightest
        even = dark if lightest == edge else dark & (grey >= edge)
        ground, rim = _dark_ground(dark, round(_CELL * dpi))
        boxes = find_boxes(grey, lightest, dpi)
        ground |= boxes.ground
        lines |= boxes.line
        if ground.any():
            around = _mean_around(grey, even & ground, dpi)
            above = grey.astype(np.float32) - around
            light, dark_type = (np.maximum(contrast, least * (paper - ink)) for contrast, least in
                                ((paper - around, _LIGHT), (around - ink, _DARKER)))  # fmt: skip
            contrast = np.where(above > 0, light, dark_type)
            strength = np.where(ground, np.abs(above) / contrast, strength)
        strength[rim | boxes.edge] = 0.0
    lines |= _rules(strength, dpi)
    strength[lines] = 0.0
    strength = np.maximum(strength - _FAINT, 0.0) / (_strongest_around(strength, dpi) - _FAINT)
    plain = np.where(lines, level, np.asarray(picture)).astype(np.uint8)
    strong = (255 * (1 - np.minimum(strength, 1.0))).astype(np.uint8)
    return Image.fromarray(strong), Image.fromarray(plain)


def _strongest_around(strength: npt.NDArray[np.float32], dpi: float) -> npt.NDArray[np.float32]:
    """Returns how dark the type around each pixel is: pale type is made as dark as any other."""
    cell = max(round(_TYPE * dpi), 1)
    high, wide = strength.shape
    cells = np.pad(strength, ((0, -high % cell), (0, -wide % cell)))
    most = cells.reshape(cells.shape[0] // cell, cell, -1, cell).max(axis=(1, 3))
    for axis in (0, 1):
        sides = [(1, 1) if at == axis else (0, 0) for at in (0, 1)]
        padded = np.pad(most, sides)
        parts = [np.take(padded, range(k, k + most.shape[axis]), axis=axis) for k in range(3)]
        most = np.maximum.reduce(parts)
    return _enlarge(np.clip(most, _PALEST, 1.0), cell, strength.shape)


def _paper_around(grey: Grey, edge: float, dpi: float) -> npt.NDArray[np.float32]:
    """Returns how light the paper is around each pixel: the lighter part of what is no ink."""
    mean = _mean_around(grey, grey >= edge, dpi)
    return _mean_around(grey, grey >= np.maximum(mean, edge), dpi)


def _mean_around(grey: Grey, where: Ink, dpi: float) -> npt.NDArray[np.float32]:
    """Returns the mean around each pixel of those that count; of all that count where none is."""
    part, counted = grey[::2, ::2], where[::2, ::2]
    high, wide = (round(inches * dpi) // 4 for inches in _WINDOW)
    counts = _box_sum(counted, high, wide)
    sums = _box_sum(np.where(counted, part, 0), high, wide)
    usual = float(part[counted].mean()) if counted.any() else 0.0
    means = np.where(counts > 0, sums / np.maximum(counts, 1), usual).astype(np.float32)
    return _enlarge(means, 2, grey.shape)


def _box_sum(values: npt.NDArray[np.generic], high: int, wide: int) -> npt.NDArray[np.int32]:
    """Returns the sums of the values in a box around each one, ``2 * high + 1`` rows tall."""
    sides = ((high + 1, high), (wide + 1, wide))
    sums = np.pad(values, sides).cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    tall, broad = 2 * high + 1, 2 * wide + 1
    inside = sums[tall:, broad:] - sums[:-tall, broad:] - sums[tall:, :-broad]
    return np.asarray(inside + sums[:-tall, :-broad], dtype=np.int32)


def _enlarge(values: npt.NDArray[_Number], by: int, shape: tuple[int, ...]) -> npt.NDArray[_Number]:
    large = values.repeat(by, axis=0).repeat(by, axis=1)
    missing = [(0, max(want - have, 0)) for want, have in zip(shape, large.shape, strict=True)]
    return np.pad(large, missing, mode="edge")[: shape[0], : shape[1]]


def _dark_ground(dark: Ink, cell: int) -> tuple[Ink, Ink]:
    """Tells which pixels stand on a dark ribbon or bar, and which at its rim.

    A ribbon has a block of ink without type, larger than any letter; from there it reaches as far
    as most is dark, with the type inside it.
    """
    cell = max(cell, 1)
    rows, columns = dark.shape[0] // cell, dark.shape[1] // cell
    cells = dark[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    counts = cells.sum(axis=(1, 3), dtype=np.int32)
    ground = _box_sum(counts, 3, 9) > _SOLID * 7 * 19 * cell**2
    if not ground.any():
        return np.zeros_like(dark), np.zeros_like(dark)
    ground = spread(ground, _box_sum(counts, 3, 3) > _MOST * 49 * cell**2)
    border = np.zeros_like(ground)
    border[0], border[-1], border[:, 0], border[:, -1] = True, True, True, True
    ground = ~spread(border & ~ground, ~ground)  # light letters are holes in it
    outside = _enlarge((_box_sum(ground, 2, 2) > 0) & ~ground, cell, dark.shape)
    ground = _enlarge(ground, cell, dark.shape)
    # Paper that reaches into the outer cells is no type: it hangs together with what is outside.
    paper = ~ground
    for _ in range(cell + _BLURRED):
        paper = widen(paper) & (~dark | ~ground)
    for _ in range(_BLURRED):
        paper = widen(paper)
    return ground, outside | (paper & ground)


def _rules(strength: npt.NDArray[np.float32], dpi: float) -> Ink:
    """Returns the lines of frames and tables, and bars: longer than any stroke of a letter is."""
    high, wide = (round(inches * dpi) // 2 for inches in _RULES)
    seen = _box_sum(strength > _PALE, 0, 1) > 0  # a line may go over from one column to the next
    upright = _box_sum(_box_sum(seen, high, 0) > 2 * high, high, 1) > 0
    upright |= _dashed(seen, dpi)
    level = _box_sum(_box_sum(strength > _MOST, 0, wide) > 2 * wide, 1, wide) > 0
    return np.asarray(upright | level)


def _dashed(seen: Ink, dpi: float) -> Ink:
    """Returns upright lines that are broken between the rows of a table: nothing stands beside."""
    high, aside = round(_TABLE * dpi) // 2, max(round(_ASIDE * dpi), 2)
    rows = _box_sum(seen, high, 0)
    beside = _box_sum(seen, high, aside) - _box_sum(seen, high, aside // 2)
    line = (rows > _DASHED * (2 * high + 1)) & (beside < _LONE * rows)
    return np.asarray(_box_sum(line, high, 1) > 0)


def spread(seed: Ink, room: Ink) -> Ink:
    """Returns the cells that can be reached from those of ``seed`` through those of ``room``.

    Ways that wind more than a letter or a ribbon does are not followed to their end.
    """
    reached, count = seed.copy(), -1
    for _ in range(sum(seed.shape)):
        if count == (count := int(reached.sum())):
            break
        reached = widen(reached) & room | seed
    return reached


def widen(where: Ink) -> Ink:
    """Returns the cells that are told or have a neighbour that is, above, below or beside."""
    wider = where.copy()
    wider[1:] |= where[:-1]
    wider[:-1] |= where[1:]
    wider[:, 1:] |= where[:, :-1]
    wider[:, :-1] |= where[:, 1:]
    return wider


def blank(picture: Image.Image, boxes: Iterable[tuple[float, float, float, float]]) -> Image.Image:
    """Returns a picture with nothing but paper in the boxes (left, top, right, bottom)."""
    grey = np.array(picture)
    for left, top, right, bottom in boxes:
        part = grey[
            max(int(top) - _RIM, 0) : int(bottom) + _RIM,
            max(int(left) - _RIM, 0) : int(right) + _RIM,
        ]
        if part.size:
            part[:] = np.median(np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]]))
    return Image.fromarray(grey)
