"""The types of a scanned document: few sizes, bold and plain, light and dark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from jobmatch_ml.cv.pieces import Piece
from jobmatch_ml.cv.scan_headings import settle_headings
from jobmatch_ml.cv.scan_words import BELOW, ScanWord, weighted_median

_ONE_SIZE = 0.05  # share by which measures of one size of type differ
_SPREAD, _RARE = 0.085, 8  # share by which a rare measure is off, and how rare it then is
_BOLDER = 1.17  # times the stroke of a document's plain text
_MIXED = (0.25, 0.75)  # shares of a line's letters in bold between which words decide
_BESIDE = 0.04  # of the type's size: space that a letter has on each side


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
    strokes = [(_stroke(word), float(word.letters)) for words in pages for word in words]
    plain = weighted_median(strokes) if strokes else 1.0
    pieces = [
        [
            _piece(word, scale, _nearest(steps, word.size / scale), bold)
            for word, bold in zip(words, _bold(words, plain), strict=True)
        ]
        for words, scale in zip(pages, scales, strict=True)
    ]
    return settle_headings(pages, pieces)


def _steps(sizes: Sequence[tuple[float, float]]) -> list[float]:
    """Returns the sizes of type of a document, the most frequent first: what differs little is one.

    Args:
        sizes: Measured sizes in points with their weights.
    """
    left = sorted(sizes)
    found: list[tuple[float, float]] = []
    while left:
        best = max(left, key=lambda item: sum(w for s, w in left if _is_one(s, item[0])))[0]
        near = [item for item in left if _is_one(item[0], best)]
        step, weight = round(weighted_median(near), 1), sum(weight for _, weight in near)
        if not any(
            abs(step - size) <= _SPREAD * size and weight * _RARE <= much for size, much in found
        ):
            found.append((step, weight))
        left = [item for item in left if not _is_one(item[0], best)]
    return [step for step, _ in found]


def _is_one(size: float, other: float) -> bool:
    return abs(size - other) <= _ONE_SIZE * other


def _nearest(steps: Sequence[float], size: float) -> float:
    return min(steps, key=lambda step: abs(step - size)) if steps else round(size, 1)


def _stroke(word: ScanWord) -> float:
    return word.stroke / max(word.size, 1.0)


def _bold(words: Sequence[ScanWord], plain: float) -> list[bool]:
    """Tells which words are bold: a whole line at a time, unless it is mixed."""
    found: list[bool] = []
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        letters = sum(word.letters for word in line)
        heavy = [_stroke(word) > _BOLDER * plain for word in line]
        share = sum(word.letters for word, bold in zip(line, heavy, strict=True) if bold)
        share_of = share / max(letters, 1)
        mixed = _MIXED[0] < share_of < _MIXED[1]
        found += heavy if mixed else [share_of >= _MIXED[1]] * len(line)
    return found


def _piece(word: ScanWord, scale: float, size: float, bold: bool) -> Piece:
    bottom = word.base / scale + BELOW * size
    return Piece(
        word.text,
        word.x0 / scale - _BESIDE * size,
        bottom - size,
        word.x1 / scale + _BESIDE * size,
        bottom,
        (size, bold, int(word.light)),
    )
