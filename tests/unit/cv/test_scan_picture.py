"""Pictures of pages are set straight, and ink tells strokes and spots."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from jobmatch_ml.cv.scan_picture import (
    blank,
    ink_of,
    is_dot,
    is_row_of_spots,
    straighten,
    strengthen,
    stroke_of,
    turn_back,
)


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


def test_pale_type_gets_dark_and_light_type_on_a_ribbon_gets_dark_on_white() -> None:
    grey = np.full((600, 800), 245, dtype=np.uint8)
    grey[100:120, 100:104] = 20  # black
    grey[200:220, 100:104] = 150  # pale
    grey[300:360, 50:750] = 40  # a ribbon
    grey[320:340, 100:104] = 240  # light type on it
    found = np.asarray(strengthen(Image.fromarray(grey), 200))
    assert found[110, 102] < 10
    assert found[210, 102] < 110
    assert found[330, 102] < 10
    assert found[330, 400] == found[110, 400] == 255
    assert found[302, 400] == 255  # no frame is left of the ribbon


@pytest.mark.parametrize("type_of_ribbon", [240, 40])
def test_type_on_a_grey_ribbon_gets_dark_on_white_be_it_light_or_dark(type_of_ribbon: int) -> None:
    grey = np.full((600, 800), 245, dtype=np.uint8)
    grey[100:120, 100:104] = 20  # black
    grey[300:360, 50:750] = 165  # a ribbon half as dark as ink
    grey[320:340, 100:104] = type_of_ribbon
    found = np.asarray(strengthen(Image.fromarray(grey), 200))
    assert found[330, 102] < 60
    assert found[330, 400] == found[330, 120] == 255


def test_large_type_is_no_ribbon() -> None:
    grey = np.full((400, 800), 245, dtype=np.uint8)
    for x in range(100, 500, 40):
        grey[100:160, x : x + 16] = 20  # strokes of bold capitals of 30 points
    found = np.asarray(strengthen(Image.fromarray(grey), 200))
    assert found[130, 108] == 0
    assert found[130, 128] == 255


def test_frames_and_broken_lines_of_tables_go_and_letters_beside_them_stay() -> None:
    grey = np.full((600, 800), 245, dtype=np.uint8)
    grey[50:400, 100:102] = 120  # a pale line
    for y in range(50, 400, 32):
        grey[y : y + 22, 400:402] = 20  # one that is broken between rows
        grey[y : y + 22, 200:204] = 20  # stems below each other, with the rest of their letters
        grey[y : y + 4, 204:214] = 20
    grey[500:502, 100:700] = 20
    found = np.asarray(strengthen(Image.fromarray(grey), 200))
    assert (found[60:390, 98:105] == 255).all()
    assert (found[60:390, 398:405] == 255).all()
    assert (found[495:510, 110:690] == 255).all()
    assert (found[60:70, 201:203] == 0).all()


def test_an_empty_page_stays_as_it_is() -> None:
    picture = Image.new("L", (50, 40), 250)
    assert strengthen(picture, 200) is picture
    assert strengthen(Image.new("L", (1, 1), 0), 200).size == (1, 1)


def test_boxes_are_blanked_with_the_paper_around_them() -> None:
    grey = np.full((40, 60), 200, dtype=np.uint8)
    grey[10:20, 10:20] = 0
    found = np.asarray(blank(Image.fromarray(grey), [(9, 9, 21, 21), (90, 90, 95, 95)]))
    assert (found == 200).all()


@pytest.mark.parametrize(
    ("starts", "told"),
    [((5, 25, 45, 65, 85), True), ((5, 25, 45), False), ((5, 20, 45, 80, 95), False)],
)
def test_dots_of_one_width_at_even_steps_are_a_row(starts: tuple[int, ...], told: bool) -> None:
    ink = np.zeros((14, 120), dtype=bool)
    for x in starts:
        ink[1:13, x : x + 12] = True
    assert is_row_of_spots(ink) is told


def test_letters_are_no_row_of_dots() -> None:
    ink = np.zeros((24, 120), dtype=bool)
    for x in (5, 20, 35, 50, 65):
        ink[:, x : x + 9] = True  # as wide as each other, but higher than wide
    assert not is_row_of_spots(ink)
