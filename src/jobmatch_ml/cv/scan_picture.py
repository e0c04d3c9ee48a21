"""The picture of a scanned page: set straight, and what its ink tells of a word's type."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

Grey: TypeAlias = npt.NDArray[np.uint8]
Ink: TypeAlias = npt.NDArray[np.bool_]
_Numbers: TypeAlias = npt.NDArray[np.float32]

_STEEPEST = 3.0  # degrees: a page that lies more askew was not laid on the glass by hand
_COARSE, _FINE = 0.25, 0.05  # degrees between two angles tried
_LEAST = 0.04  # degrees: less shifts the end of a line by a pixel
_EDGE = 40  # grey levels between a pixel and the one below: letters stand on such edges
_MOST_EDGES = 60_000  # pixels looked at
_CONTRAST = 40  # grey levels between ink and paper
_DOT = (0.62, 0.7)  # least filling of its box, least share of one side in the other


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
    if abs(ink - paper) < _CONTRAST:
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
