"""Ink tells strokes, spots, rows of marks for a level, and zeros with a dot inside."""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from jobmatch_ml.cv.scan_marks import ink_of, is_dot, is_row_of_spots, open_zeros, stroke_of

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"


def printed(text: str, font: str = "DejaVuSans-Bold", size: int = 28) -> Image.Image:
    """A text as it stands on a white page."""
    face = ImageFont.truetype(str(FONTS / f"{font}.ttf"), size)
    left, top, right, bottom = face.getbbox(text)
    picture = Image.new("L", (int(right - left) + 12, int(bottom - top) + 12), 255)
    ImageDraw.Draw(picture).text((6 - left, 6 - top), text, font=face, fill=0)
    return picture


def ink(
    text: str, font: str = "DejaVuSans-Bold", size: int = 28
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    seen = ink_of(np.asarray(printed(text, font, size)))
    assert seen is not None
    return seen[0]


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


@pytest.mark.parametrize("text", ["●●●○○", "●●●●●", "●○○○○", "★★★★☆", "★★☆☆☆", "■■■□□"])
def test_marks_for_a_level_are_a_row_whether_they_are_filled_or_not(text: str) -> None:
    assert is_row_of_spots(ink(text, "DejaVuSans", 40))


@pytest.mark.parametrize(
    "text",
    ["2020", "OUADAH", "BOUCHAREB", "CHOQUET", "HACCP", "GMAO", "HOURCADE", "Docker", "1998"],
)
def test_names_in_capitals_and_years_are_no_row_of_marks(text: str) -> None:
    assert not is_row_of_spots(ink(text))


def test_dashes_and_nothing_are_no_row_of_marks() -> None:
    assert not is_row_of_spots(ink("- - - - -"))
    assert not is_row_of_spots(np.zeros((20, 90), dtype=bool))


def boxes(picture: Image.Image, words: int) -> list[tuple[float, float, float, float]]:
    """The boxes of words of one length in a fixed font."""
    step = (picture.width - 12) / words
    return [(6 + at * step, 6.0, 6 + (at + 1) * step, picture.height - 6.0) for at in range(words)]


def test_dots_inside_zeros_go_and_everything_else_stays() -> None:
    dotted = printed("2086 3@90 12@0 ", "DejaVuSansMono", 26)
    opened = open_zeros(dotted, boxes(dotted, 3))
    assert opened is not None
    changed = np.argwhere(np.asarray(opened) != np.asarray(dotted))[:, 1]
    places = sorted({round(float(x - 6) / ((dotted.width - 12) / 15), 1) for x in changed})
    assert len(changed) < 150
    assert {int(place) for place in places} <= {1, 7, 8, 13}
    assert open_zeros(opened, boxes(dotted, 3)) is None


@pytest.mark.parametrize("text", ["2008 2000 8006 ", "@ 80 @ 80 @ 80 ", "® 06 ® 06 ® 06 "])
def test_a_page_whose_zeros_are_empty_stays_as_it_is(text: str) -> None:
    plain = printed(text, "DejaVuSans", 26)
    assert open_zeros(plain, boxes(plain, 3)) is None


def test_one_dotted_zero_may_be_dirt_and_odd_boxes_are_passed_over() -> None:
    dotted = printed("2086 3@91 12@8 ", "DejaVuSansMono", 26)
    assert open_zeros(dotted, boxes(dotted, 3)) is None
    assert open_zeros(dotted, [(900.0, 900.0, 950.0, 950.0), (0.0, 0.0, 0.0, 0.0)] * 3) is None
