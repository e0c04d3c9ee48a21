"""Pictures of pages: within limits, and white where nothing may be seen."""

from __future__ import annotations

import io
from base64 import b64decode
from pathlib import Path

import pytest

pytest.importorskip("pypdfium2")
from PIL import Image

from jobmatch_ml.cv import CvLimits, CvReadError
from jobmatch_ml.cv.child import render_in_child
from jobmatch_ml.cv.limits import RefusedError
from jobmatch_ml.cv.render_pages import render_pages


@pytest.fixture
def pdf(project_root: Path) -> bytes:
    return sorted((project_root / "data" / "sample" / "cvs").glob("*.pdf"))[0].read_bytes()


def picture(raw: str | bytes) -> Image.Image:
    return Image.open(io.BytesIO(b64decode(raw) if isinstance(raw, str) else raw))


def dark(image: Image.Image, area: tuple[int, int, int, int]) -> int:
    return sum(image.crop(area).convert("L").histogram()[:128])


def test_a_page_is_rendered_within_its_pixels(pdf: bytes) -> None:
    answer = render_pages(pdf, CvLimits(vision_pixels=500_000), None)
    width, height = picture(answer["pictures"][0]).size
    assert 400_000 < width * height <= 501_000


def test_what_is_outside_the_boxes_is_white(pdf: bytes) -> None:
    limits = CvLimits()
    whole = picture(render_pages(pdf, limits, None)["pictures"][0])
    width, height = whole.size
    half = [[0.0, 0.0, 1_000.0, height * 72 / 150 / 2]]
    upper = picture(render_pages(pdf, limits, [half])["pictures"][0])
    below = (0, height // 2 + 20, width, height)
    above = (0, 0, width, height // 2 - 20)
    assert dark(whole, below) > 0
    assert dark(upper, below) == 0
    assert dark(upper, above) == pytest.approx(dark(whole, above), rel=0.05)
    assert dark(picture(render_pages(pdf, limits, [])["pictures"][0]), above) == 0


def test_too_many_pages_or_bytes_are_refused(pdf: bytes) -> None:
    with pytest.raises(RefusedError, match="cv_too_large"):
        render_pages(pdf, CvLimits(vision_bytes=1_000), None)


def test_the_child_gives_pictures_and_refuses_what_is_no_pdf(pdf: bytes) -> None:
    pictures = render_in_child(pdf, limits=CvLimits(), shown=[[[0.0, 0.0, 50.0, 50.0]]])
    assert picture(pictures[0]).format == "JPEG"
    with pytest.raises(CvReadError) as refused:
        render_in_child(b"%PDF-1.7 no", limits=CvLimits())
    assert refused.value.code == "cv_damaged"
