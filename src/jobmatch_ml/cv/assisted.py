"""A CV file, read by the rules and then by a language model: its text, or pictures of a scan.

Reading (children, seconds) and asking (a model, minutes) are two steps, because a service gives
them different places to wait. Whatever the model does, the rules' reading is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jobmatch_ml.cv.child import render_in_child
from jobmatch_ml.cv.errors import CvReadError
from jobmatch_ml.cv.extract import OpenedFile, load_file, open_file, read_opened
from jobmatch_ml.cv.limits import CvLimits
from jobmatch_ml.cv.llm_extraction import LanguageModel, LlmRun, extract_with_llm
from jobmatch_ml.cv.reading import CvReading
from jobmatch_ml.cv.vision import boxes_to_show, extract_with_vision
from jobmatch_ml.settings import LlmVision

_DEFAULTS = CvLimits()
_MOST_BOXES = 2_000  # they are an argument of the child; a page of a CV has 60 lines
_WITHOUT_TEXT = ("cv_ocr_missing", "cv_no_text")


class Reader(LanguageModel, Protocol):
    """A provider that also says whether its model reads pictures."""

    @property
    def vision(self) -> LlmVision:
        """Whether pictures may be sent, and what of them."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the rules read, and what a model may be shown.

    Args:
        reading: The rules' reading; without lines where ``refusal`` says why.
        pictures: JPEG of the pages; empty where the text is sent.
        refusal: Why there is no reading, of a scan that only a model can read.
    """

    reading: CvReading
    pictures: tuple[bytes, ...] = ()
    refusal: CvReadError | None = None


def prepare_file(
    source: Path | str | bytes,
    filename: str = "",
    *,
    vision: LlmVision = "off",
    limits: CvLimits = _DEFAULTS,
) -> Prepared:
    """Reads a file by the rules; renders its pages where it is a scan and a model reads pictures.

    Args:
        source: Path of the file, or its bytes.
        filename: Name for error messages.
        vision: Whether pictures are wanted: ``masked`` ones hold recognised lines that identify
            nobody; ``unmasked`` ones whole pages.
        limits: What the file may cost.

    Raises:
        MissingFileError: The path is not a file.
        CvReadError: As :func:`jobmatch_ml.cv.extract.extract_file`.
    """
    data, place = load_file(source, filename, limits)
    try:
        opened = open_file(data, place, limits=limits)
        reading = read_opened(opened, limits=limits)
    except CvReadError as error:
        if error.code not in _WITHOUT_TEXT or vision != "unmasked":
            raise
        pictures = render_in_child(data, limits=limits, place=place)
        return Prepared(CvReading((), "", "unknown", len(pictures), "ocr"), pictures, error)
    if reading.method != "ocr" or vision == "off":
        return Prepared(reading)
    return Prepared(reading, _pictures(opened, reading, vision, limits))


def ask_model(prepared: Prepared, model: LanguageModel) -> tuple[CvReading, LlmRun | None]:
    """Lets a model read what was prepared; a failure leaves the rules' reading and says so.

    Raises:
        CvReadError: Neither the rules nor the model read anything.
    """
    if not prepared.pictures or not model.writes:
        return extract_with_llm(prepared.reading, model)
    reading, run = extract_with_vision(prepared.reading, prepared.pictures, model)
    if prepared.refusal and not reading.unverified:
        raise prepared.refusal
    return reading, run


def read_with_model(
    source: Path | str | bytes,
    model: Reader,
    filename: str = "",
    *,
    limits: CvLimits = _DEFAULTS,
) -> tuple[CvReading, LlmRun | None]:
    """Does both steps.

    Raises:
        MissingFileError: The path is not a file.
        CvReadError: As :func:`prepare_file` and :func:`ask_model`.
    """
    vision: LlmVision = model.vision if model.writes else "off"
    return ask_model(prepare_file(source, filename, vision=vision, limits=limits), model)


def _pictures(
    opened: OpenedFile, reading: CvReading, vision: LlmVision, limits: CvLimits
) -> tuple[bytes, ...]:
    """Returns the pictures; none where there are too many, and the text is sent instead."""
    shown = None if vision == "unmasked" else boxes_to_show(opened, reading)
    if len(opened.pages) > limits.vision_pages or sum(map(len, shown or ())) > _MOST_BOXES:
        return ()
    try:
        return render_in_child(opened.data, limits=limits, shown=shown, place=opened.place)
    except CvReadError:
        return ()
