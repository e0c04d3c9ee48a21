"""Headings of a scan: lines that name a section take the type that most of these have.

Boldness and size are measured on few letters there, with accents that may be cut off; a heading
measured a little otherwise than the rest would open no section.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from jobmatch_ml.cv.headings import find_heading
from jobmatch_ml.cv.pieces import Piece
from jobmatch_ml.cv.reading import ContentType, Style
from jobmatch_ml.cv.scan_words import BELOW, ScanWord

_FEWEST = 2  # named lines of one type that make it one of headings
_NEAR = (0.88, 1.25)  # of the size of headings: what is named and measured so is one of them
_SAME = (0.92, 1.08)  # of it: the same type, measured
_MOST_WORDS = 6  # of a heading
_NO_THEMES = (  # what no group of skills is called
    ContentType.EXPERIENCE, ContentType.EDUCATION, ContentType.LANGUAGE, ContentType.INTEREST,
    ContentType.SUMMARY,
)  # fmt: skip
_CUT = 0.7  # of it where an accent may have been cut off: letters with theirs are higher
_LARGER = 1.08  # times the text's size
_SOME = 0.25  # share of a line's letters in bold
_ACCENTED = frozenset("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ")


@dataclass(frozen=True, slots=True)
class _Line:
    """A short line: where its pieces stand, which section it names if any, its type as measured."""

    page: int
    at: range
    text: str
    kind: ContentType | None
    size: float
    bold: float
    light: int

    @property
    def upper(self) -> bool:
        return self.text.isupper()

    @property
    def look(self) -> tuple[float, bool, int, bool]:
        return self.size, self.bold >= 0.5, self.light, self.upper


def settle_headings(
    pages: Sequence[Sequence[ScanWord]], pieces: Sequence[list[Piece]]
) -> list[list[Piece]]:
    """Returns the pieces with the named headings in the type that most of them have.

    Args:
        pages: Words of each page.
        pieces: The piece of each word.
    """
    lines = [
        line
        for page, (words, parts) in enumerate(zip(pages, pieces, strict=True))
        for line in _short_lines(page, words, parts)
    ]
    found = [list(parts) for parts in pieces]
    looks = Counter(line.look for line in lines if line.kind is not None)
    text = _usual_size(pieces)
    for line in lines:
        usual = _usual(line, looks, text)
        if usual is None:
            continue
        for at in line.at:
            found[line.page][at] = _in_type(found[line.page][at], usual)
    return found


def _short_lines(page: int, words: Sequence[ScanWord], parts: Sequence[Piece]) -> list[_Line]:
    found = []
    start = 0
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        at = range(start, start + len(line))
        start = at.stop
        text = " ".join(word.text for word in line)
        heading = find_heading(text)
        if (heading is not None and heading[1]) or len(line) > _MOST_WORDS:
            continue
        styles = [style for place in at if (style := parts[place].style) is not None]
        if len(styles) < len(line):
            continue
        letters = max(sum(word.letters for word in line), 1)
        bold = sum(word.letters for word, style in zip(line, styles, strict=True) if style[1])
        size, _, light = styles[0]
        kind = heading[0] if heading else None
        found.append(_Line(page, at, text, kind, size, bold / letters, light))
    return found


def _usual_size(pieces: Sequence[Sequence[Piece]]) -> float:
    sizes: Counter[float] = Counter()
    for parts in pieces:
        for piece in parts:
            if piece.style is not None:
                sizes[piece.style[0]] += len(piece.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _usual(line: _Line, looks: Counter[tuple[float, bool, int, bool]], text: float) -> Style | None:
    """Returns the type of headings that a named line takes; ``None`` where it keeps its own."""
    for look, count in looks.most_common():
        size, bold, light, upper = look
        if count < _FEWEST:
            break
        if (light, upper) != (line.light, line.upper):
            continue
        if look == line.look:
            return size, bold, light
        low = _NEAR[0] if _ACCENTED.isdisjoint(line.text) else _CUT
        larger = line.size >= _LARGER * text
        told = upper or line.bold >= _SOME or larger
        if line.kind is None:
            # In words that no list has: it must be of that very type, but for its size.
            told = larger and bold is line.look[1] and line.text[:1].isupper()
            low = _SAME[0]
        elif line.kind in _NO_THEMES and _SAME[0] * size <= line.size <= _SAME[1] * size:
            told = True
        high = _NEAR[1] if line.kind is not None else _SAME[1]
        if told and low * size <= line.size <= high * size:
            return size, bold, light
    return None


def _in_type(piece: Piece, style: Style) -> Piece:
    """Returns a piece on the same baseline in another type."""
    old = piece.style[0] if piece.style is not None else style[0]
    bottom = piece.bottom + BELOW * (style[0] - old)
    return replace(piece, style=style, top=bottom - style[0], bottom=bottom)
