"""What recognition gives → words as a printed page has them: places, type, no marks of noise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

import numpy as np

from jobmatch_ml.cv.pieces import Piece
from jobmatch_ml.cv.scan_picture import Grey, ink_of, is_dot, stroke_of

# Shares of the type's size, of common text faces.
_X, _CAPITAL, _ACCENT, _BELOW = 0.53, 0.72, 0.93, 0.22
_TALL = re.compile(r"[A-Zbdfhklt0-9ßœŒÆ!?%&$€£§/\\|()\[\]{}'’\"“”@#ijàâäéèêëîïôöùûü]")
_HIGHEST = re.compile(r"[ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ]")
_DEEP = re.compile(r"[gjpqyçÇ,;()\[\]{}|\\@]")
_PLAIN = re.compile(r"[A-PR-Za-z0-9àâäéèêëîïôöùûü.:'’]+")
_LETTERS = re.compile(r"[^\W_]")
_LEAST_SURE = 25.0  # of 100: below, a mark is noise
_SMALL = 0.62  # of the type's size: spots between words are smaller
_SNAP = 0.15  # of the type's size that baselines of one line differ by
_ONE_SIZE = 0.07  # share by which measures of one size of type differ
_UNSURE = 0.05  # weight of words whose letters reach different depths in different faces
_BOLDER = 1.17  # times the stroke of a document's plain text
_MIXED = (0.25, 0.75)  # shares of a line's letters in bold between which words decide

SPOT = "•"
"""What spots before items and between them are read as."""
_RATING = re.compile(r"[eoO0cC°.*©®@●•○]{4,}|[xXkKAHR*+]{4,}|[★☆*]{2,}")
_BARS = "|[]_—=~!"
_DASHES = re.compile(r"[-—–]{2,}")
_CAPITAL_I = re.compile(r"^l(?=[bcdfghjkmnpqrstvwxz])")
_NEAR = 0.8  # of the type's size: a sign is nearer to the words that it parts
_BROKEN = 0.45  # of the type's size between parts of one address
_TRACKED = 0.85  # of the type's size that a capital takes where letters are set apart
_TRACKED_GAP = 2.0  # of the type's size between words of such a line


@dataclass(frozen=True, slots=True)
class ScanWord:
    """A recognised word in pixels: its box, its type as far as the ink tells.

    Args:
        line: Number of the line that recognition put it in.
        text: What was recognised.
        sure: How sure recognition is, of 100.
        x0: Left.
        top: Upper end of its ink.
        x1: Right.
        bottom: Lower end of its ink.
        size: Size of the type.
        base: The line that letters stand on.
        stroke: Width of a stroke as a share of ``size``.
        light: Whether it is light on dark.
        spot: Whether it is one spot.
    """

    line: int
    text: str
    sure: float
    x0: float
    top: float
    x1: float
    bottom: float
    size: float = 0.0
    base: float = 0.0
    stroke: float = 0.0
    light: bool = False
    spot: bool = False

    @property
    def letters(self) -> int:
        """Number of letters and digits."""
        return len(_LETTERS.findall(self.text))


def parse_table(table: str) -> list[ScanWord]:
    """Returns the words of Tesseract's TSV."""
    found: list[ScanWord] = []
    lines: dict[tuple[str, ...], int] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height, sure = (float(cell) for cell in cells[6:11])
        line = lines.setdefault(tuple(cells[2:5]), len(lines))
        text = cells[11].strip()
        found.append(ScanWord(line, text, sure, left, top, left + width, top + height))
    return found


def measure(words: Sequence[ScanWord], grey: Grey) -> list[ScanWord]:
    """Returns words with what the picture tells of them; those of one line share a baseline."""
    looked = [_look(word, grey) for word in words]
    found: list[ScanWord] = []
    for _, group in groupby(looked, key=lambda word: word.line):
        found += _settle(list(group))
    return found


def _look(word: ScanWord, grey: Grey) -> ScanWord:
    left, top = max(int(word.x0) - 1, 0), max(int(word.top) - 1, 0)
    part = grey[top : int(word.bottom) + 2, left : int(word.x1) + 2]
    seen = ink_of(part) if part.size else None
    if seen is None:
        return word
    ink, light = seen
    rows = np.nonzero(ink.any(axis=1))[0]
    if not len(rows):
        return word
    spot = len(word.text) == 1 and is_dot(ink)
    return replace(
        word,
        top=float(top + rows[0]),
        bottom=float(top + rows[-1] + 1),
        stroke=stroke_of(ink),
        light=light,
        spot=spot,
    )


def _extents(text: str) -> tuple[float, float]:
    """Returns how far a word's letters reach above and below the baseline, in sizes of type."""
    above = _ACCENT if _HIGHEST.search(text) else _CAPITAL if _TALL.search(text) else _X
    return above, _BELOW if _DEEP.search(text) else 0.0


def _settle(words: list[ScanWord]) -> list[ScanWord]:
    """Gives the words of a line one size and, where they agree, one baseline."""
    sizes = [(_size(word), _weight(word)) for word in words if word.letters]
    if not sizes:
        height = max(word.bottom - word.top for word in words)
        return [replace(word, size=height, base=word.bottom) for word in words]
    size = weighted_median(sizes)
    base = weighted_median(
        [
            (word.bottom - _extents(word.text)[1] * size, _weight(word))
            for word in words
            if word.letters
        ]
    )
    settled: list[ScanWord] = []
    for word in words:
        own = word.bottom - _extents(word.text)[1] * size
        near = abs(own - base) < _SNAP * size or not word.letters
        settled.append(
            replace(
                word, size=size, base=base if near else own, stroke=word.stroke / max(size, 1.0)
            )
        )
    return settled


def _size(word: ScanWord) -> float:
    above, below = _extents(word.text)
    return (word.bottom - word.top) / (above + below)


def _weight(word: ScanWord) -> float:
    return word.letters * (1.0 if _PLAIN.fullmatch(word.text) else _UNSURE)


def weighted_median(values: Sequence[tuple[float, float]]) -> float:
    """Returns the value with half of the weight on each side.

    Args:
        values: Values with their weights, at least one.
    """
    ordered = sorted(values)
    half = sum(weight for _, weight in ordered) / 2
    passed = 0.0
    for value, weight in ordered:
        passed += weight
        if passed >= half:
            return value
    return ordered[-1][0]


def drop_noise(words: Sequence[ScanWord]) -> list[ScanWord]:
    """Drops rules, frames and pictures read as signs; spots become the sign of a list."""
    found: list[ScanWord] = []
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        kept: list[ScanWord] = []
        for at, word in enumerate(line):
            if word.spot and word.bottom - word.top < _SMALL * word.size:
                kept.append(replace(word, text=SPOT))
            elif not _is_noise(word, line, at):
                kept.append(replace(word, text=mend(word.text)))
        found += _join(kept)
    return found


def _is_noise(word: ScanWord, line: Sequence[ScanWord], at: int) -> bool:
    if word.sure < _LEAST_SURE and word.letters < 2:
        return True
    if _RATING.fullmatch(word.text) and not word.text.isdigit():
        return True
    if word.letters or word.text.strip(_BARS):
        return False
    # A sign between words has both near; a frame stands apart.
    near = [other for other in line[max(at - 1, 0) : at + 2] if other is not word]
    gaps = [max(other.x0 - word.x1, word.x0 - other.x1) for other in near]
    return len(gaps) < 2 or max(gaps) > _NEAR * word.size


def mend(text: str) -> str:
    """Puts right what recognition mistakes in any text: dashes read twice, ``l`` for ``I``.

    Example:
        >>> mend("lkechukwu"), mend("-—")
        ('Ikechukwu', '–')
    """
    return _CAPITAL_I.sub("I", _DASHES.sub("–", text))


def _join(words: Sequence[ScanWord]) -> list[ScanWord]:
    """Joins the words of an address that was broken, and those of a line set in spaced letters."""
    found: list[ScanWord] = []
    tracked = _is_tracked(words)
    for word in words:
        last = found[-1] if found else None
        gap = word.x0 - last.x1 if last else 0.0
        if last is not None and gap < _BROKEN * word.size and _is_address(last.text, word.text):
            found[-1] = _merge(last, word, "")
        elif last is not None and tracked and gap < _TRACKED_GAP * word.size:
            found[-1] = _merge(last, word, " ")
        else:
            found.append(word)
    return found


def _is_address(first: str, second: str) -> bool:
    return ("@" in second and first[-1:] in "._-@") or ("@" in first and first[-1:] in "._-@")


def _is_tracked(words: Sequence[ScanWord]) -> bool:
    """Tells whether a line is in capitals with much space between them."""
    texts = [word.text for word in words]
    letters = sum(map(len, texts))
    width = sum(word.x1 - word.x0 for word in words)
    upper = "".join(texts).isupper() and letters > 3
    return upper and width > _TRACKED * letters * max(word.size for word in words)


def _merge(first: ScanWord, second: ScanWord, sign: str) -> ScanWord:
    return replace(
        first,
        text=first.text + sign + second.text,
        top=min(first.top, second.top),
        x1=max(first.x1, second.x1),
        bottom=max(first.bottom, second.bottom),
    )


def as_pieces(pages: Sequence[Sequence[ScanWord]], scales: Sequence[float]) -> list[list[Piece]]:
    """Returns the words of all pages with boxes in points and the types of the whole document.

    Args:
        pages: Measured words of each page.
        scales: Pixels a point, of each page.
    """
    weights: dict[float, float] = defaultdict(float)
    for words, scale in zip(pages, scales, strict=True):
        for word in words:
            weights[round(word.size / scale, 1)] += word.letters
    steps = _steps([(size, weight) for size, weight in weights.items() if weight])
    strokes = [word.stroke for words in pages for word in words for _ in range(word.letters)]
    plain = median(strokes) if strokes else 1.0
    return [
        [
            _piece(word, scale, _nearest(steps, word.size / scale), bold)
            for word, bold in zip(words, _bold(words, plain), strict=True)
        ]
        for words, scale in zip(pages, scales, strict=True)
    ]


def _steps(sizes: Sequence[tuple[float, float]]) -> list[float]:
    """Returns the sizes of type of a document, the most frequent first: what differs little is one.

    Args:
        sizes: Measured sizes in points with their weights.
    """
    left = sorted(sizes)
    found: list[float] = []
    while left:
        best = max(left, key=lambda item: sum(w for s, w in left if _is_one(s, item[0])))[0]
        step = weighted_median([item for item in left if _is_one(item[0], best)])
        found.append(round(step, 1))
        left = [item for item in left if not _is_one(item[0], best)]
    return found


def _is_one(size: float, other: float) -> bool:
    return abs(size - other) <= _ONE_SIZE * other


def _nearest(steps: Sequence[float], size: float) -> float:
    return min(steps, key=lambda step: abs(step - size)) if steps else round(size, 1)


def _bold(words: Sequence[ScanWord], plain: float) -> list[bool]:
    """Tells which words are bold: a whole line at a time, unless it is mixed."""
    found: list[bool] = []
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        letters = sum(word.letters for word in line)
        heavy = [word.stroke > _BOLDER * plain for word in line]
        share = sum(word.letters for word, bold in zip(line, heavy, strict=True) if bold)
        share_of = share / max(letters, 1)
        mixed = _MIXED[0] < share_of < _MIXED[1]
        found += heavy if mixed else [share_of >= _MIXED[1]] * len(line)
    return found


def _piece(word: ScanWord, scale: float, size: float, bold: bool) -> Piece:
    bottom = word.base / scale + _BELOW * size
    return Piece(
        word.text,
        word.x0 / scale,
        bottom - size,
        word.x1 / scale,
        bottom,
        (size, bold, int(word.light)),
    )
