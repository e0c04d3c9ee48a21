"""Small things about text: cleaning what came out of a file, and telling its language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from jobmatch_ml.cv.hidden import drop_hidden_characters
from jobmatch_ml.cv.reading import Box, Style, TextLine
from jobmatch_ml.cv.words import load_words

# Control characters, soft hyphens, zero-width and direction marks: they show nothing.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_MOST_MARKS = 30  # combining marks in a row, as Unicode's own Stream-Safe Text Format
_LONG_RUN = re.compile(rf"[^\x00-\u02ff]{{{_MOST_MARKS + 1}}}")
_HALFWIDTH_MARKS = "\uff9e\uff9f"  # letters that compatibility forms turn into marks
_SPACES = re.compile(r"[^\S\n]+")
# UTF-8 that was read as a Western code page: such letters, and then one that begins no word.
_MISREAD = re.compile("[\u00c2\u00c3\u00e2\u00ef][^\\x00-\\x7f]")
_STRAY = re.compile("(?<![A-Z\u00c0-\u00de])\u00c2+(?=[ .,;]|$)", re.MULTILINE)  # was a hard space
_LOST_DASH = re.compile("\u00ef\u00bc[\u008d\u200b]?")  # a wide dash whose last byte went
_WORD = re.compile(r"[a-zà-ÿœ]+")


def clean(text: str) -> str:
    """Returns text in one form: NFC, no control or zero-width characters, single spaces.

    Composed and decomposed accents are the same word to a reader, so they become the same bytes.
    Accents and dashes that a wrong code page took apart ("diplÃ´mÃ©e") are put together again.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates become "?"
    whole = whole.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    if _MISREAD.search(whole) or _STRAY.search(whole):
        whole = _mend_encoding(whole)
    seen = _limit_marks(_CONTROL.sub("", drop_hidden_characters(whole)))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", seen))


def _mend_encoding(text: str) -> str:
    import ftfy

    return _STRAY.sub(" ", str(ftfy.fix_encoding(_LOST_DASH.sub("–", text))))


def _limit_marks(text: str) -> str:
    """Cuts long runs of combining marks: normal forms sort them in quadratic time."""
    if not _LONG_RUN.search(text):
        return text
    kept: list[str] = []
    run = 0
    for character in text:
        mark = unicodedata.category(character)[0] == "M" or character in _HALFWIDTH_MARKS
        run = run + 1 if mark else 0
        if run <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def lay_out(
    pages: Sequence[Sequence[tuple[str, Box | None, Style | None]]],
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
        for raw, box, style in page:
            text = clean(raw).replace("\n", " ").strip()
            lines.append(TextLine(text, page=number, start=offset, box=box, style=style))
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
