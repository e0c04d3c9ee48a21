"""Headings of a scan: those named alike by every CV take the type that most of them have.

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
from jobmatch_ml.cv.reading import Style
from jobmatch_ml.cv.scan_words import BELOW, ScanWord

_FEWEST = 2  # named lines of one type that make it one of headings
_NEAR = (0.88, 1.25)  # of the size of headings: what is named and measured so is one of them
_CUT = 0.7  # of it where an accent may have been cut off: letters with theirs are higher
_LARGER = 1.08  # times the text's size
_SOME = 0.25  # share of a line's letters in bold
_ACCENTED = frozenset("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ")


@dataclass(frozen=True, slots=True)
class _Named:
    """A line that names a section: where its pieces stand, its type as measured."""

    page: int
    at: range
    text: str
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
    named = [
        line
        for page, (words, parts) in enumerate(zip(pages, pieces, strict=True))
        for line in _named(page, words, parts)
    ]
    found = [list(parts) for parts in pieces]
    looks = Counter(line.look for line in named)
    text = _usual_size(pieces)
    for line in named:
        usual = _usual(line, looks, text)
        if usual is None:
            continue
        for at in line.at:
            found[line.page][at] = _in_type(found[line.page][at], usual)
    return found


def _named(page: int, words: Sequence[ScanWord], parts: Sequence[Piece]) -> list[_Named]:
    found = []
    start = 0
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        at = range(start, start + len(line))
        start = at.stop
        text = " ".join(word.text for word in line)
        heading = find_heading(text)
        if heading is None or heading[1]:
            continue
        styles = [style for place in at if (style := parts[place].style) is not None]
        if len(styles) < len(line):
            continue
        letters = max(sum(word.letters for word in line), 1)
        bold = sum(word.letters for word, style in zip(line, styles, strict=True) if style[1])
        size, _, light = styles[0]
        found.append(_Named(page, at, text, size, bold / letters, light))
    return found


def _usual_size(pieces: Sequence[Sequence[Piece]]) -> float:
    sizes: Counter[float] = Counter()
    for parts in pieces:
        for piece in parts:
            if piece.style is not None:
                sizes[piece.style[0]] += len(piece.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _usual(
    line: _Named, looks: Counter[tuple[float, bool, int, bool]], text: float
) -> Style | None:
    """Returns the type of headings that a named line takes; ``None`` where it keeps its own."""
    for look, count in looks.most_common():
        size, bold, light, upper = look
        if count < _FEWEST:
            break
        if (light, upper) != (line.light, line.upper):
            continue
        if look == line.look:
            return size, bold, light
        low = _CUT if upper and not _ACCENTED.isdisjoint(line.text) else _NEAR[0]
        told = upper or line.bold >= _SOME or line.size >= _LARGER * text
        if told and low * size <= line.size <= _NEAR[1] * size:
            return size, bold, light
    return None


def _in_type(piece: Piece, style: Style) -> Piece:
    """Returns a piece on the same baseline in another type."""
    old = piece.style[0] if piece.style is not None else style[0]
    bottom = piece.bottom + BELOW * (style[0] - old)
    return replace(piece, style=style, top=bottom - style[0], bottom=bottom)
