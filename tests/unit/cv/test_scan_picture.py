"""Pictures of pages are set straight, and ink tells strokes and spots."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from jobmatch_ml.cv.scan_picture import ink_of, is_dot, straighten, stroke_of, turn_back


def page(angle: float) -> Image.Image:
    picture = Image.new("L", (800, 1000), 245)
    draw = ImageDraw.Draw(picture)
    for y in range(100, 900, 40):
        for x in range(80, 700, 25):
            draw.rectangle((x, y, x + 15, y + 14), fill=20)
    return picture.rotate(-angle, Image.Resampling.BICUBIC, fillcolor=245)


@pytest.mark.parametrize("angle", [-1.3, -0.6, 0.35, 0.7])
def test_a_page_laid_askew_is_turned_until_its_lines_are_level(angle: float) -> None:
    level, turned = straighten(page(angle))
    assert turned == pytest.approx(angle, abs=0.15)
    assert abs(straighten(level)[1]) <= 0.15


def test_a_level_page_and_an_empty_one_are_left_as_they_are() -> None:
    for picture in (page(0.0), Image.new("L", (300, 400), 255)):
        assert straighten(picture) == (picture, 0.0)


def test_a_box_is_turned_back_to_where_it_stood_on_the_page() -> None:
    size, angle = (800, 1000), 2.0
    picture = Image.new("L", size, 255)
    ImageDraw.Draw(picture).rectangle((600, 200, 640, 220), fill=0)
    turned = np.asarray(picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)) < 128
    ys, xs = np.nonzero(turned)
    box = (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
    left, top, right, bottom = turn_back(box, angle, size)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((620, 210), abs=1.5)
    assert right - left < 46
    assert turn_back(box, 0.0, size) == box


def test_ink_is_what_differs_from_the_paper_dark_or_light() -> None:
    grey = np.full((20, 30), 240, dtype=np.uint8)
    grey[5:15, 10:14] = 20
    dark = ink_of(grey)
    light = ink_of(255 - grey)
    assert dark is not None
    assert light is not None
    assert (dark[1], light[1]) == (False, True)
    assert (dark[0] == (grey == 20)).all()
    assert (light[0] == dark[0]).all()
    assert ink_of(np.full((20, 30), 240, dtype=np.uint8)) is None
    assert ink_of(grey[:2]) is None


def test_a_stroke_is_as_wide_as_ink_runs_along_a_row() -> None:
    ink = np.zeros((10, 20), dtype=bool)
    ink[:, 2:5] = True  # three pixels wide
    ink[:, 10:15] = True  # five
    assert stroke_of(ink) == 4.0
    assert stroke_of(np.zeros((10, 20), dtype=bool)) == 0.0


def test_a_filled_circle_is_a_spot_and_a_cross_a_dash_or_a_ring_is_none() -> None:
    ys, xs = np.mgrid[-10:11, -10:11]
    far = np.hypot(ys, xs)
    assert is_dot(far <= 8)
    assert not is_dot((far <= 8) & (far >= 6))
    assert not is_dot((abs(ys) <= 1) | (abs(xs) <= 1))
    assert not is_dot((abs(ys) <= 2) & (abs(xs) <= 9))
    assert not is_dot(np.zeros((5, 5), dtype=bool))
    assert math.isclose(float((far <= 8).sum()) / 17**2, 0.68, abs_tol=0.01)
