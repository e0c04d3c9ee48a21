"""Small things about text: cleaning what came out of a file, and telling its language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from jobmatch_ml.cv.reading import Box, TextLine
from jobmatch_ml.cv.words import load_words

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_WORD = re.compile(r"[a-zà-ÿœ]+")


def clean(text: str) -> str:
    """Returns text in one form: NFC, no control or zero-width characters, single spaces.

    Composed and decomposed accents are the same word to a reader, so they become the same bytes.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates become "?"
    whole = whole.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _SPACES.sub(" ", _CONTROL.sub("", unicodedata.normalize("NFC", whole)))


def lay_out(
    pages: Sequence[Sequence[tuple[str, Box | None]]],
) -> tuple[str, tuple[TextLine, ...]]:
    """Joins pages of lines into one text and gives each line its place in it.

    Returns:
        The raw text (a line break after each line, a blank line between pages) and its lines.
    """
    parts: list[str] = []
    lines: list[TextLine] = []
    offset = 0
    for number, page in enumerate(pages, start=1):
        if number > 1:
            parts.append("")
            offset += 1
        for raw, box in page:
            text = clean(raw).replace("\n", " ").strip()
            lines.append(TextLine(text, page=number, start=offset, box=box))
            parts.append(text)
            offset += len(text) + 1
    return "\n".join(parts), tuple(lines)


def detect_language(text: str) -> str:
    """Returns ``fr``, ``en``, or ``unknown`` when neither language's small words prevail.

    Example:
        >>> detect_language("Chargé de la gestion des stocks et du suivi")
        'fr'
    """
    words = _WORD.findall(text[:20_000].casefold())
    counts = {
        code: sum(word in load_words(f"stop_{code}") for word in words) for code in ("fr", "en")
    }
    best, other = sorted(counts, key=lambda code: counts[code], reverse=True)
    return best if counts[best] > counts[other] else "unknown"
