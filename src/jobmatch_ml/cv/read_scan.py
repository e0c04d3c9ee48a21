"""Scanned PDF → text lines: pypdfium2 renders, Tesseract reads. Runs in a child of its own.

Tesseract is called as a program: its Python wrapper imports pandas when it finds it, which alone
takes longer to start than a page takes to read.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import subprocess
from functools import partial
from typing import Any

import pypdfium2

from jobmatch_ml.cv.limits import CvLimits, RefusedError

_DPI = 200  # Tesseract's accuracy on 10-point type stops growing near here
_MAX_PIXELS = 8_000_000  # an A3 page at 200 dpi; larger pages are rendered smaller


def read_scan(data: bytes, limits: CvLimits) -> dict[str, Any]:
    """Reads the pictures of a PDF's pages, in French and English.

    Raises:
        RefusedError: Too many pages, or Tesseract could not start.
    """
    document = pypdfium2.PdfDocument(data)
    if len(document) > limits.ocr_pages:
        raise RefusedError("cv_ocr_pages", f"{len(document)} pages")
    pages = []
    total = 0
    for page in document:
        width, height = page.get_size()
        scale = min(_DPI / 72, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        picture = io.BytesIO()
        page.render(scale=scale, grayscale=True).to_pil().save(picture, format="PNG")
        lines = _group_words(_recognise(picture.getvalue(), limits), scale)
        characters = sum(len(text) for text, _ in lines)
        total += characters
        if characters > limits.page_characters or total > limits.text_characters:
            raise RefusedError("cv_too_much_text")
        pages.append({"lines": lines})
    return {"pages": pages, "scanned": True}


def _recognise(png: bytes, limits: CvLimits) -> str:
    """Returns Tesseract's table of words (TSV). The clock is watched by who started this child."""
    command = ["tesseract", "stdin", "stdout", "-l", "fra+eng", "--dpi", str(_DPI), "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, no shell, no input in its arguments
            command,
            input=png,
            capture_output=True,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            # A CPU limit counts each process for itself; this child has one thread, so it is safe.
            preexec_fn=partial(_limit_cpu, limits.ocr_page_cpu_s),
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


def _group_words(table: str, scale: float) -> list[tuple[str, list[float]]]:
    """Joins the words of each line; boxes go from pixels back to points."""
    lines: dict[tuple[str, ...], tuple[list[str], list[float]]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = (float(cell) / scale for cell in cells[6:10])
        words, box = lines.setdefault(tuple(cells[2:5]), ([], [left, top, left, top]))
        words.append(cells[11].strip())
        box[:] = [min(box[0], left), min(box[1], top), max(box[2], left + width),
                  max(box[3], top + height)]  # fmt: skip
    return [(" ".join(words), [round(x, 1) for x in box]) for words, box in lines.values()]
