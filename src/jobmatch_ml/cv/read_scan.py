"""Scanned PDF → text lines: pypdfium2 renders, Tesseract reads. Runs in a child of its own.

Tesseract is called as a program: its Python wrapper imports pandas when it finds it, which alone
takes longer to start than a page takes to read.
"""

from __future__ import annotations

import io
import os
import re
import resource
import signal
import subprocess
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from jobmatch_ml.cv.limits import CvLimits, RefusedError
from jobmatch_ml.cv.page_layout import lines_of
from jobmatch_ml.cv.pieces import Piece
from jobmatch_ml.cv.scan_marks import open_zeros
from jobmatch_ml.cv.scan_noise import drop_noise
from jobmatch_ml.cv.scan_picture import blank, straighten, strengthen, turn_back
from jobmatch_ml.cv.scan_types import as_pieces
from jobmatch_ml.cv.scan_words import ScanWord, found_later, measure, parse_table, settle
from jobmatch_ml.cv.text import detect_language

_DPI = 200  # Tesseract's accuracy on 10-point type stops growing near here
_MAX_PIXELS = 8_000_000  # an A3 page at 200 dpi; larger pages are rendered smaller
_PAGE, _SPARSE = "3", "11"  # Tesseract's page segmentation modes
_SECOND_LOOK_S = 3  # CPU seconds: little is left to read, and noise may take long
_DIGIT = re.compile(r"\d")
# French alone reads French better than both together, and is faster.
_LANGUAGES = {"en": "eng"}
_USUAL = "fra"


def read_scan(data: bytes, limits: CvLimits) -> dict[str, Any]:
    """Reads the pictures of a PDF's pages, in French or English.

    Raises:
        RefusedError: Too many pages, or Tesseract could not start.
    """
    document = pypdfium2.PdfDocument(data)
    if len(document) > limits.ocr_pages:
        raise RefusedError("cv_ocr_pages", f"{len(document)} pages")
    pages: list[_Page] = []
    total = 0
    language = ""
    for page in document:
        found = _read_page(page, limits, language)
        language = language or found.language
        characters = sum(len(word.text) + 1 for word in found.words)
        total += characters
        if characters > limits.page_characters or total > limits.text_characters:
            raise RefusedError("cv_too_much_text")
        pages.append(found)
    pieces = as_pieces([page.words for page in pages], [page.scale for page in pages])
    return {
        "pages": [
            {"lines": _lines(page, words)} for page, words in zip(pages, pieces, strict=True)
        ],
        "scanned": True,
    }


@dataclass(frozen=True, slots=True)
class _Page:
    """A recognised page: words, pixels a point, degrees turned by, size in points, language."""

    words: list[ScanWord]
    scale: float
    angle: float
    size: tuple[float, float]
    language: str


def _read_page(page: Any, limits: CvLimits, language: str) -> _Page:
    """Reads a page; where the language is not known yet, it is told by what is read in French."""
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    picture, angle = straighten(page.render(scale=scale, grayscale=True).to_pil())
    strong, rest = strengthen(picture, scale * 72)
    grey = np.asarray(rest)
    png = _png(strong)
    words = parse_table(_recognise(png, _PAGE, language or _USUAL, limits.ocr_page_cpu_s))
    if not language and words:
        told = detect_language(" ".join(word.text for word in words))
        language = _LANGUAGES.get(told, _USUAL)
        if language != _USUAL:
            words = parse_table(_recognise(png, _PAGE, language, limits.ocr_page_cpu_s))
    plain = open_zeros(strong, [_box(word) for word in words if _DIGIT.search(word.text)])
    if plain is not None:
        strong = plain
        words = parse_table(
            _recognise(_png(strong), _PAGE, language or _USUAL, limits.ocr_page_cpu_s)
        )
    words += _look_again(strong, words, language or _USUAL, limits)
    kept = settle(drop_noise(measure(words, grey), grey))
    return _Page(kept, scale, angle, (width, height), language)


def _look_again(
    picture: Image.Image, words: list[ScanWord], language: str, limits: CvLimits
) -> list[ScanWord]:
    """Returns words outside the others' boxes: layout analysis leaves out lines that stand alone.

    What takes too long is left: the page was read.
    """
    rest = blank(picture, map(_box, words))
    seconds = min(_SECOND_LOOK_S, limits.ocr_page_cpu_s)
    try:
        return found_later(parse_table(_recognise(_png(rest), _SPARSE, language, seconds)), words)
    except RefusedError as error:
        if error.code != "cv_time":
            raise
        return []


def _box(word: ScanWord) -> tuple[float, float, float, float]:
    return word.x0, word.top, word.x1, word.bottom


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, format="PNG", compress_level=1)
    return file.getvalue()


def _lines(page: _Page, pieces: list[Piece]) -> list[list[Any]]:
    found = []
    for line in lines_of(pieces, (0.0, 0.0, *page.size)):
        box = turn_back((line.x0, line.top, line.x1, line.bottom), page.angle, page.size)
        found.append([line.text, [round(side, 1) for side in box], line.style])
    return found


def _recognise(png: bytes, mode: str, language: str, seconds: int) -> str:
    """Returns Tesseract's table of words (TSV). The clock is watched by who started this child."""
    command = ["tesseract", "stdin", "stdout", "-l", language, "--dpi", str(_DPI),
               "--psm", mode, "tsv"]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, no shell, no input in its arguments
            command,
            input=png,
            capture_output=True,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            # A CPU limit counts each process for itself; this child has one thread, so it is safe.
            preexec_fn=partial(_limit_cpu, seconds),
        )
    except FileNotFoundError as error:
        raise RefusedError("cv_ocr_missing") from error
    except subprocess.CalledProcessError as error:
        if error.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            raise RefusedError("cv_time", "CPU limit of a page") from error
        raise RefusedError("cv_reader_failed", f"tesseract exit {error.returncode}") from error
    return done.stdout.decode("utf-8", "replace")


def _limit_cpu(seconds: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]  # this child's own; it cannot be raised
    most = seconds + 1 if hard == resource.RLIM_INFINITY else min(seconds + 1, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, most), most))
