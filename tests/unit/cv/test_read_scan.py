"""A scanned CV is read as the same CV with text is: by one command, whatever it was printed on."""

from __future__ import annotations

import shutil
import zlib

import numpy as np
import pytest

from jobmatch_ml.cv import CvReading, extract_file
from jobmatch_ml.cv.scan_picture import turn_back
from tests.corpora.cv_dev import scans
from tests.corpora.cv_heldout.on_paper import SCAN_DEGREES
from tests.tiny_classifications import official_folder

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="the program tesseract is not installed"
)
OWN_KINDS = ("personal_info", "contact")


def identity(reading: CvReading) -> dict[str, str | None]:
    """Returns the first value of each field that tells who the person is."""
    lines = [line for line in reading.lines if line.content_type.value in OWN_KINDS]
    fields = ("first_name", "last_name", "email", "phone")
    found = {
        field: next((value for line in lines if (value := getattr(line, field))), None)
        for field in fields
    }
    # Narrow gaps between the figures of a number may be lost; the number is the same.
    return {**found, "phone": (found["phone"] or "").replace(" ", "") or None}


def kinds(reading: CvReading) -> set[str]:
    return {line.content_type.value for line in reading.lines} - {"other"}


@pytest.fixture(scope="module")
def french_cv() -> tuple[CvReading, CvReading]:
    """A French CV of this repository, from its text and from a scan of it."""
    data = scans.sample_pdf("sidebar_right")
    return extract_file(data, "cv.pdf"), extract_file(scans.scan(data, "askew"), "scan.pdf")


@needs_tesseract
def test_a_scanned_french_cv_gives_the_person_and_sections_of_its_text(
    french_cv: tuple[CvReading, CvReading],
) -> None:
    printed, scanned = french_cv
    assert (printed.method, scanned.method) == ("pdf_text", "ocr")
    assert identity(scanned) == identity(printed)
    assert all(identity(printed).values())
    assert kinds(scanned) == kinds(printed)
    assert {"experience", "education", "skill_hard"} <= kinds(printed)


@needs_tesseract
def test_positions_and_their_dates_are_those_of_the_text(
    french_cv: tuple[CvReading, CvReading],
) -> None:
    jobs = [
        [(line.position, line.entity) for line in reading.lines if line.position and line.entity]
        for reading in french_cv
    ]
    assert jobs[0] == jobs[1]
    assert jobs[0]


@needs_tesseract
def test_boxes_stand_where_the_lines_stand_on_the_page_that_lies_askew(
    french_cv: tuple[CvReading, CvReading],
) -> None:
    printed, scanned = (
        {
            line.content: line.evidence.box
            for line in reading.lines
            if line.evidence and line.evidence.box
        }
        for reading in french_cv
    )
    laid = np.random.default_rng(zlib.crc32(b"dev:askew")).uniform(-SCAN_DEGREES, SCAN_DEGREES)
    assert abs(laid) > 0.5
    shared = printed.keys() & scanned.keys()
    assert len(shared) > 5
    for text in shared:
        expected = turn_back(printed[text], -laid, (595.3, 841.9))
        assert scanned[text][:2] == pytest.approx(expected[:2], abs=3.0)  # points


@needs_tesseract
def test_scans_of_real_french_templates_have_their_sections() -> None:
    for path in sorted(official_folder("cv/fixtures_fr").glob("*.pdf")):
        data = path.read_bytes()
        printed = extract_file(data, path.name)
        scanned = extract_file(scans.scan(data, path.name), "scan.pdf")
        assert scanned.method == "ocr"
        assert len(kinds(scanned) & kinds(printed)) >= 0.7 * len(kinds(printed)), path.name
        found = {kind for kind in ("experience", "education", "interest") if kind in kinds(printed)}
        assert found <= kinds(scanned), path.name
