"""PDF → pages of text lines, by pdfplumber. Runs in the confined child only."""

from __future__ import annotations

import io
import zlib
from itertools import islice
from typing import Any

import pdfplumber
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils import extract_words
from pdfplumber.utils.exceptions import PdfminerException

from jobmatch_ml.cv.hidden import LONGEST, MOST_LINES, HiddenReason
from jobmatch_ml.cv.limits import CvLimits, RefusedError
from jobmatch_ml.cv.page_layout import lines_of
from jobmatch_ml.cv.pdf_marks import find_reasons, interpret
from jobmatch_ml.cv.pieces import Piece
from jobmatch_ml.cv.reading import Style

# Fonts differ: a gap of 15 % of the font's size is a space in small and large type alike.
_SPACE = 0.15
_BOLD = ("bold", "black", "heavy", "-bd", "demi", "cmbx", "medi")
_BELOW = 0.22  # of the type's size: how far letters reach below their baseline
_LONGEST_PROPERTY = 80  # characters: a title, a subject and a few keywords are shorter

Hidden = list[tuple[str, HiddenReason, int]]
"""Lines that nobody sees: text, reason, page."""


def read_pdf(data: bytes, limits: CvLimits) -> dict[str, Any]:
    """Reads a PDF's text with its places.

    Returns:
        ``{"pages": [{"lines": [[text, [x0, top, x1, bottom], [size, bold, tint]], …]}],
        "scanned": bool, "hidden": [[text, reason, page], …]}``; a line of mixed type has ``None``
        for it, and hidden text is not among the lines.

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
            hidden: Hidden = []
            pages = _read_pages(pdf, limits, hidden)
            hidden += _properties(pdf)
    except (PdfminerException, PDFSyntaxError) as error:
        # pdfplumber wraps whatever pdfminer met, a lack of memory included.
        met = " ".join(type(cause).__name__ for cause in (error, *error.args))
        if "MemoryError" in met:
            raise RefusedError("cv_memory") from error
        password = "Password" in met or "Encryption" in met
        raise RefusedError("cv_encrypted" if password else "cv_damaged") from error
    total = sum(len(text) for page in pages for text, *_ in page["lines"])
    scanned = total < limits.text_pdf_characters or (
        total < limits.text_pdf_page_characters * len(pages)
    )
    kept = [(text[:LONGEST], reason, page) for text, reason, page in hidden[:MOST_LINES]]
    return {"pages": pages, "scanned": scanned, "hidden": kept}


def _read_pages(pdf: Any, limits: CvLimits, hidden: Hidden) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = []
    total = total_lines = 0
    for page in pdf.pages:
        interpret(page)
        # One glyph may stand for thousands of characters (its font's table says for which).
        characters = sum(len(char["text"]) for char in page.chars)
        total += characters
        if characters > limits.page_characters or total > limits.text_characters:
            raise RefusedError("cv_too_much_text", f"page {page.page_number}")
        words = _words(_split_seen(page, hidden))
        left, top, right, bottom = (float(side) for side in page.bbox)
        found = lines_of(words, (left, top, right, bottom))
        lines = [[line.text, _box(line), line.style] for line in found]
        total_lines += len(lines)
        if total_lines > limits.text_lines:
            raise RefusedError("cv_too_much_text", f"more than {limits.text_lines} lines")
        pages.append({"lines": lines})
        page.close()
    return pages


def _split_seen(page: Any, hidden: Hidden) -> list[Any]:
    """Returns the characters that can be seen; the lines of the others are added to ``hidden``."""
    reasons = find_reasons(page)
    unseen = {reason for reason in reasons if reason is not None}
    if not unseen:
        return list(page.chars)
    for reason in sorted(unseen):
        chars = [char for char, why in zip(page.chars, reasons, strict=True) if why == reason]
        lines: dict[int, list[str]] = {}
        for word in extract_words(chars, x_tolerance_ratio=_SPACE):
            lines.setdefault(round(word["bottom"]), []).append(word["text"])
        hidden += [(" ".join(words), reason, page.page_number) for words in lines.values()]
    return [char for char, why in zip(page.chars, reasons, strict=True) if why is None]


def _properties(pdf: Any) -> Hidden:
    """Returns document properties that are longer than a property is."""
    texts = [value for value in (pdf.metadata or {}).values() if isinstance(value, str)]
    return [(text, "metadata", 0) for text in texts if len(text) > _LONGEST_PROPERTY]


def _words(chars: list[Any]) -> list[Piece]:
    return [
        Piece(w["text"], w["x0"], w["top"], w["x1"], w["bottom"], _style(w["chars"]))
        for w in extract_words(_level(chars), x_tolerance_ratio=_SPACE, return_chars=True)
    ]


def _level(chars: list[Any]) -> list[Any]:
    """Returns characters with their boxes set by the baseline, without those that have no letter.

    Fonts reach below the baseline by different amounts: by their own boxes, the bold and the plain
    words of one line would be two. Icons without a letter would stand as ``(cid:72)``.
    """
    found: list[Any] = []
    for char in chars:
        if char["text"].startswith("(cid:"):
            continue
        _, lean, slant, _, _, baseline = char["matrix"]
        shift = char["y0"] - baseline + _BELOW * char["size"]
        if lean or slant or not 0 <= abs(shift) < char["size"]:
            found.append(char)
            continue
        moved = {key: char[key] + shift for key in ("top", "bottom", "doctop")}
        found.append({**char, **moved})
    return found


def _style(chars: list[Any]) -> Style:
    """Returns the type of a word: that of its first character that is no sign."""
    char = next((item for item in chars if item["text"].isalnum()), chars[0])
    name = str(char["fontname"]).casefold()
    bold = any(mark in name for mark in _BOLD)
    tint = zlib.crc32(str(char.get("non_stroking_color")).encode()) % 10_000
    return round(float(char["size"]) * 2) / 2, bold, tint


def _box(line: Piece) -> list[float]:
    return [round(side, 1) for side in (line.x0, line.top, line.x1, line.bottom)]
