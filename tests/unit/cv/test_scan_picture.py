"""Pictures of pages are set straight and made black on white."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from jobmatch_ml.cv.scan_picture import (
    blank,
    spread,
    straighten,
    strengthen,
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


def test_pale_type_gets_dark_and_light_type_on_a_ribbon_gets_dark_on_white() -> None:
    grey = np.full((600, 800), 245, dtype=np.uint8)
    grey[100:120, 100:104] = 20  # black
    grey[200:220, 100:104] = 150  # pale
    grey[300:360, 50:750] = 40  # a ribbon
    grey[320:340, 100:104] = 240  # light type on it
    found = np.asarray(strengthen(Image.fromarray(grey), 200)[0])
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
    found = np.asarray(strengthen(Image.fromarray(grey), 200)[0])
    assert found[330, 102] < 60
    assert found[330, 400] == found[330, 120] == 255


def test_large_type_is_no_ribbon() -> None:
    grey = np.full((400, 800), 245, dtype=np.uint8)
    for x in range(100, 500, 40):
        grey[100:160, x : x + 16] = 20  # strokes of bold capitals of 30 points
    found = np.asarray(strengthen(Image.fromarray(grey), 200)[0])
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
    found = np.asarray(strengthen(Image.fromarray(grey), 200)[0])
    assert (found[60:390, 98:105] == 255).all()
    assert (found[60:390, 398:405] == 255).all()
    assert (found[495:510, 110:690] == 255).all()
    assert (found[60:70, 201:203] == 0).all()


def test_an_empty_page_stays_as_it_is() -> None:
    picture = Image.new("L", (50, 40), 250)
    assert strengthen(picture, 200) == (picture, picture)
    assert strengthen(Image.new("L", (1, 1), 0), 200)[0].size == (1, 1)


def test_boxes_are_blanked_with_the_paper_around_them() -> None:
    grey = np.full((40, 60), 200, dtype=np.uint8)
    grey[10:20, 10:20] = 0
    found = np.asarray(blank(Image.fromarray(grey), [(9, 9, 21, 21), (90, 90, 95, 95)]))
    assert (found == 200).all()


def test_what_winds_without_an_end_is_not_followed_to_its_end() -> None:
    """A spiral drawn into a page would take a round a cell."""
    room = np.zeros((120, 120), dtype=bool)
    room[::2] = True
    room[1::4, -1] = room[3::4, 0] = True  # one way, from side to side
    seed = np.zeros_like(room)
    seed[0, 0] = True
    reached = spread(seed, room)
    assert 200 < reached.sum() < room.sum()
    assert (reached <= room).all()
    assert spread(seed, np.ones_like(room)).all()
