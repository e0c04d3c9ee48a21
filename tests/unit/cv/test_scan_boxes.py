"""Boxes and frames around headings are found, and nothing that is none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from jobmatch_ml.cv.scan_boxes import Boxes, Grey, find_boxes

PAPER, INK, DPI = 245, 30, 200
WORD = (120, 112, 200, 132)  # left, top, right, bottom of letters


def page(*, fill: int = PAPER) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("L", (800, 300), fill)
    return picture, ImageDraw.Draw(picture)


def write(draw: ImageDraw.ImageDraw, ink: int) -> None:
    """Draws letters: upright strokes with their feet."""
    for x in range(WORD[0], WORD[2], 12):
        draw.rectangle((x, WORD[1], x + 3, WORD[3]), fill=ink)
        draw.rectangle((x, WORD[3] - 3, x + 7, WORD[3]), fill=ink)


def look(picture: Image.Image) -> tuple[Grey, Boxes]:
    grey = np.asarray(picture)
    return grey, find_boxes(grey, 160, DPI)


@pytest.mark.parametrize("radius", [0, 8, 20])
def test_a_box_as_wide_as_its_word_is_ground_with_the_letters_in_it(radius: int) -> None:
    picture, draw = page()
    draw.rounded_rectangle((100, 100, 220, 144), radius, fill=INK)
    write(draw, PAPER)
    grey, boxes = look(picture)
    letters = np.zeros_like(grey, dtype=bool)
    letters[WORD[1] : WORD[3], WORD[0] : WORD[2]] = grey[WORD[1] : WORD[3], WORD[0] : WORD[2]] > 160
    assert boxes.ground[letters].all()
    assert boxes.ground[122, 105]
    assert not boxes.ground[:99].any()
    assert boxes.edge[100, 160]
    assert not boxes.edge[letters].any()
    assert not boxes.line.any()
    if radius == 20:
        assert not boxes.ground[101, 101]  # paper in the corner


def test_a_letter_that_reaches_the_edge_stays_one() -> None:
    picture, draw = page()
    draw.rectangle((60, 100, 320, 144), fill=INK)
    write(draw, PAPER)
    draw.rectangle((150, 112, 153, 150), fill=PAPER)  # a stem through the lower edge
    _, boxes = look(picture)
    assert boxes.ground[115:138, 150:153].all()


def test_a_tab_that_stands_on_a_line_is_a_box() -> None:
    picture, draw = page()
    draw.rectangle((100, 100, 220, 144), fill=INK)
    draw.rectangle((100, 143, 700, 146), fill=INK)
    write(draw, PAPER)
    _, boxes = look(picture)
    assert boxes.ground[113:130, 121].all()
    assert not boxes.ground[:, 300:].any()


@pytest.mark.parametrize("radius", [0, 10, 20])
@pytest.mark.parametrize("width", [2, 5])
def test_the_line_of_a_frame_goes_and_the_letters_in_it_stay(radius: int, width: int) -> None:
    picture, draw = page()
    draw.rounded_rectangle((100, 98, 220, 146), radius, outline=INK, width=width)
    write(draw, INK)
    grey, boxes = look(picture)
    inside = np.zeros_like(grey, dtype=bool)
    inside[WORD[1] : WORD[3] + 1, WORD[0] : WORD[2]] = True
    assert boxes.line[(grey < 160) & ~inside].all()
    assert not boxes.line[inside].any()
    assert not boxes.ground.any()


def test_a_letter_that_touches_its_frame_is_not_taken_with_it() -> None:
    picture, draw = page()
    draw.rectangle((100, 98, 220, 146), outline=INK, width=2)
    write(draw, INK)
    draw.rectangle((150, 112, 153, 146), fill=INK)  # the tail of a letter
    _, boxes = look(picture)
    assert boxes.line[98, 110:210].all()
    assert not boxes.line[112:138, 150:153].any()


def test_a_tight_frame_around_heavy_letters_is_no_filled_box() -> None:
    picture, draw = page()
    draw.rectangle((100, 106, 220, 138), outline=INK, width=4)
    for x in range(106, 214, 12):
        draw.rectangle((x, 112, x + 6, 132), fill=INK)
    _, boxes = look(picture)
    assert not boxes.ground.any()
    assert boxes.line[106, 110:210].all()


def test_words_between_two_rules_and_large_letters_are_in_no_box() -> None:
    picture, draw = page()
    draw.rectangle((100, 84, 700, 98), fill=INK)
    draw.rectangle((100, 144, 700, 158), fill=INK)
    write(draw, INK)
    draw.rectangle((100, 200, 180, 222), fill=INK)  # a T of 90 points
    draw.rectangle((130, 200, 150, 280), fill=INK)
    _, boxes = look(picture)
    assert not boxes.ground.any()
    assert not boxes.line.any()


def test_a_block_without_type_is_a_line_and_one_on_a_tinted_ground_is_not() -> None:
    picture, draw = page()
    draw.rectangle((100, 100, 220, 124), fill=INK)
    draw.rectangle((100, 200, 220, 244), fill=150)
    draw.rectangle((120, 212, 130, 232), fill=INK)  # dark type: no holes in the ground
    _, boxes = look(picture)
    assert boxes.line[102:123, 102:219].all()
    assert not boxes.line[190:].any()
    assert boxes.ground[201:243, 101:219].all()


def test_a_ribbon_of_some_lines_is_no_box_nor_what_is_between_its_lines() -> None:
    picture, draw = page()
    draw.rectangle((50, 50, 750, 220), fill=INK)
    for y in (70, 110, 150, 190):
        for x in range(60, 600, 9):
            if not 200 < x < 300:  # a space between words
                draw.rectangle((x, y, x + 5, y + 20), fill=PAPER)
    _, boxes = look(picture)
    assert not boxes.edge.any()
    assert not boxes.ground.any()


def test_a_page_of_nothing_but_strips_has_no_boxes() -> None:
    grey = np.full((900, 200), PAPER, dtype=np.uint8)
    grey[::2, 20:180] = INK
    boxes = find_boxes(grey, 160, 200)
    assert not boxes.ground.any()
    assert not boxes.line.any()


def test_an_upright_bar_before_a_heading_goes_and_an_i_before_other_letters_stays() -> None:
    picture, draw = page()
    draw.rectangle((104, 104, 112, 140), fill=INK)
    write(draw, INK)
    draw.rectangle((104, 204, 112, 240), fill=INK)
    draw.rectangle((120, 216, 128, 240), fill=INK)  # a small letter on the same line
    _, boxes = look(picture)
    assert boxes.line[104:140, 104:112].all()
    assert not boxes.line[:, WORD[0] :].any()
    assert not boxes.line[200:].any()


def test_bold_capitals_that_touch_are_no_box() -> None:
    picture, draw = page()
    draw.rectangle((100, 100, 190, 106), fill=INK)  # serifs that run together
    draw.rectangle((100, 122, 190, 128), fill=INK)
    for x in range(104, 182, 10):
        draw.rectangle((x, 100, x + 6, 128), fill=INK)
    _, boxes = look(picture)
    assert not boxes.ground.any()
    assert not boxes.edge.any()


def test_a_page_of_dust_is_not_searched_for_bars() -> None:
    picture, draw = page()
    draw.rectangle((104, 104, 112, 140), fill=INK)
    write(draw, INK)
    grey = np.asarray(picture).copy()
    assert find_boxes(grey, 160, DPI).line.any()
    grey[150:, ::2][::2] = INK  # 30,000 specks
    wide = np.tile(grey, 2)
    wide[:, 800:808] = PAPER
    assert not find_boxes(wide, 160, DPI).line.any()
