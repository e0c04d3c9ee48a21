"""PDF → pages of text lines, by pdfplumber. Runs in the confined child only."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import islice
from typing import Any

import pdfplumber
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from jobmatch_ml.cv.columns import Word, find_gutter
from jobmatch_ml.cv.limits import CvLimits, RefusedError

# Fonts differ: a gap of 15 % of the font's size is a space in small and large type alike.
_SPACE = 0.15


def read_pdf(data: bytes, limits: CvLimits) -> dict[str, Any]:
    """Reads a PDF's text with its places.

    Returns:
        ``{"pages": [{"lines": [[text, [x0, top, x1, bottom]], …]}], "scanned": bool}``.

    Raises:
        RefusedError: Encrypted, damaged, too many pages or too much text.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), limits.pdf_pages + 1))
            if count > limits.pdf_pages:
                raise RefusedError("cv_too_many_pages", f"more than {limits.pdf_pages} pages")
            if count == 0:
                raise RefusedError("cv_damaged", "no page")
            pages = _read_pages(pdf, limits)
    except (PdfminerException, PDFSyntaxError) as error:
        # pdfplumber wraps whatever pdfminer met, a lack of memory included.
        met = " ".join(type(cause).__name__ for cause in (error, *error.args))
        if "MemoryError" in met:
            raise RefusedError("cv_memory") from error
        password = "Password" in met or "Encryption" in met
        raise RefusedError("cv_encrypted" if password else "cv_damaged") from error
    total = sum(len(text) for page in pages for text, _ in page["lines"])
    scanned = total < limits.text_pdf_characters or (
        total < limits.text_pdf_page_characters * len(pages)
    )
    return {"pages": pages, "scanned": scanned}


def _read_pages(pdf: Any, limits: CvLimits) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = []
    total = total_lines = 0
    for page in pdf.pages:
        # One glyph may stand for thousands of characters (its font's table says for which).
        characters = sum(len(char["text"]) for char in page.chars)
        total += characters
        if characters > limits.page_characters or total > limits.text_characters:
            raise RefusedError("cv_too_much_text", f"page {page.page_number}")
        lines = [[line["text"], _box(line)] for part in _parts(page) for line in _lines(part)]
        total_lines += len(lines)
        if total_lines > limits.text_lines:
            raise RefusedError("cv_too_much_text", f"more than {limits.text_lines} lines")
        pages.append({"lines": lines})
        page.close()
    return pages


def _parts(page: Any) -> list[Any]:
    """Returns the page's parts in reading order: the header and two columns, or the page."""
    words = [
        Word(float(w["x0"]), float(w["x1"]), float(w["top"]), float(w["bottom"]))
        for w in page.extract_words(x_tolerance_ratio=_SPACE)
    ]
    left, top, right, bottom = (float(side) for side in page.bbox)
    gutter = find_gutter(words, width=right - left, height=bottom - top)
    if gutter is None:
        return [page]
    columns = [(left, gutter.top, gutter.x, bottom), (gutter.x, gutter.top, right, bottom)]
    header = [(left, top, right, gutter.top)] if gutter.top > top else []
    # A character belongs to the part that holds its middle, so none is read twice.
    return [page.filter(_inside(box)) for box in (*header, *columns)]


def _inside(box: tuple[float, float, float, float]) -> Callable[[dict[str, Any]], bool]:
    def holds(item: dict[str, Any]) -> bool:
        x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
        return bool(box[0] <= x < box[2] and box[1] <= y < box[3])

    return holds


def _lines(part: Any) -> Any:
    return part.extract_text_lines(x_tolerance_ratio=_SPACE, return_chars=False)


def _box(line: dict[str, Any]) -> list[float]:
    return [round(float(line[key]), 1) for key in ("x0", "top", "x1", "bottom")]
