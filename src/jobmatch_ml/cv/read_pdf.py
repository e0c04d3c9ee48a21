"""PDF → pages of text lines, by pdfplumber. Runs in the confined child only."""

from __future__ import annotations

import io
from itertools import islice
from typing import Any

import pdfplumber
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from jobmatch_ml.cv.limits import CvLimits, RefusedError


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
    total = 0
    for page in pdf.pages:
        characters = len(page.chars)
        total += characters
        if characters > limits.page_characters or total > limits.text_characters:
            raise RefusedError("cv_too_much_text", f"page {page.page_number}")
        # Fonts differ: a gap of 15 % of the font's size is a space in small and large type alike.
        found = page.extract_text_lines(x_tolerance_ratio=0.15, return_chars=False)
        pages.append({"lines": [[line["text"], _box(line)] for line in found]})
        page.close()
    return pages


def _box(line: dict[str, Any]) -> list[float]:
    return [round(float(line[key]), 1) for key in ("x0", "top", "x1", "bottom")]
