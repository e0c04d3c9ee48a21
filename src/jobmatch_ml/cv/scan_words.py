"""What recognition gives → words with what the picture tells: place, size, stroke, baseline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

import numpy as np
import numpy.typing as npt

from jobmatch_ml.cv.headings import find_heading
from jobmatch_ml.cv.scan_boxes import Grey
from jobmatch_ml.cv.scan_marks import ink_of, is_dot, stroke_of

# Shares of the type's size, of common text faces.
X_HEIGHT, _T_HEIGHT, _CAPITAL, _ACCENT, BELOW, _Q_BELOW = 0.53, 0.65, 0.72, 0.93, 0.22, 0.08
_TALL = re.compile(r"[A-Zbdfhkl0-9ßœŒÆ!?%&$€£§/\\|()\[\]{}'’\"“”@#ijàâäéèêëîïôöùûü]")
_HIGHEST = re.compile(r"[ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ]")
_DEEP = re.compile(r"[gjpqyçÇ,;()\[\]{}|\\@]")
_PLAIN = re.compile(r"[A-PR-Za-z0-9àâäéèêëîïôöùûü.:'’]+")
_SLASHED = re.compile(r"\d[\d/]*/[\d/]*\d")
_FEET = 85  # of 100 columns of figures that end above the line that they stand on, or there
_LETTERS = re.compile(r"[^\W_]")
_FLAT = 3.0  # times its height, a character's width: a rule or a row of points
_LEADERS, _LETTER_WIDTH = ".…·_", 0.6  # points glued to a word; width of a letter by its height
_UNSURE = 0.05  # weight of words whose letters reach different depths in different faces
_SURE, _VERY_SURE = 60.0, 85.0  # of 100: what the first look left out is mostly no word
_LEAST_HEIGHT = 0.6  # of the usual word's: what is less high is dirt
_MARGIN = 1.0  # of a word's height: recognition may cut that much off its ends
_BETWEEN = 0.16  # of a word's height between two of its letters, at most
_ACCENT_GAP = 0.22  # of the height of letters up to their accents
_TRACKED, _FEWEST_CAPITALS = 0.85, 3  # of the size that a capital takes where they are set apart
_SMALL_WORD = 3  # letters of what goes on with a heading: ET, DES
TRACKED_GAP = 2.0
"""Of the type's size: words of such a line are nearer."""
_WIDE, _AFTER_SIGN = 1.5, 2.5  # of the type's size: a gap between columns, behind a sign


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
        stroke: Width of a stroke.
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
        if _LETTERS.search(text) and width > _FLAT * height * len(text):
            continue  # a row of points
        bare = text.rstrip(_LEADERS)
        if len(text) - len(bare) > 1 and width > height * len(text):
            text, width = bare, _LETTER_WIDTH * height * len(bare)
        found.append(ScanWord(line, text, sure, left, top, left + width, top + height))
    return found


def found_later(words: Sequence[ScanWord], before: Sequence[ScanWord]) -> list[ScanWord]:
    """Returns the words of a second look that are sure enough, on lines of their own.

    Args:
        words: Of the second look.
        before: Of the first one.
    """
    lines = 1 + max((word.line for word in before), default=-1)
    heights = [word.bottom - word.top for word in before]
    least = _LEAST_HEIGHT * median(heights) if heights else 0.0
    return [
        replace(word, line=lines + word.line)
        for word in words
        if word.bottom - word.top > least
        and word.sure >= (_SURE if word.letters > 2 or word.text[:1].isdigit() else _VERY_SURE)
        and word.letters
    ]


def measure(words: Sequence[ScanWord], grey: Grey) -> list[ScanWord]:
    """Returns words with what the picture tells of them; those of one line share a baseline."""
    found: list[ScanWord] = []
    for at, word in enumerate(words):
        low, high = 0.0, float(grey.shape[1])
        if at and words[at - 1].line == word.line and words[at - 1].x1 < word.x1:
            low = words[at - 1].x1
        if at + 1 < len(words) and words[at + 1].line == word.line and words[at + 1].x0 > word.x0:
            high = words[at + 1].x0
        found.append(_look(word, grey, (int(low), int(high))))
    return settle(_part(settle(found)))


def settle(words: Sequence[ScanWord]) -> list[ScanWord]:
    """Gives the words of each line one size and one baseline; signs alone keep what they have."""
    found: list[ScanWord] = []
    for _, group in groupby(words, key=lambda word: word.line):
        found += _settle(list(group))
    return found


def _part(words: Sequence[ScanWord]) -> list[ScanWord]:
    """Parts lines at wide gaps: what stands in two columns is neither level nor of one type."""
    tracked = {
        line for line, group in groupby(words, key=lambda word: word.line)
        if is_tracked(list(group))
    }  # fmt: skip
    found: list[ScanWord] = []
    line = -1
    for at, word in enumerate(words):
        before = words[at - 1] if at and words[at - 1].line == word.line else None
        sign = before is not None and len(before.text) == 1 and not before.letters
        near = _AFTER_SIGN if sign or (before is not None and before.spot) else _WIDE
        near = TRACKED_GAP if word.line in tracked else near
        if before is None or word.x0 - before.x1 > near * word.size:
            line += 1
        found.append(replace(word, line=line))
    return found


def is_tracked(words: Sequence[ScanWord]) -> bool:
    """Tells whether a line is in capitals with much space between them.

    One that names a section is one heading in a fixed font too, where words stand further apart.
    """
    texts = [word.text for word in words]
    letters = sum(map(len, texts))
    width = sum(word.x1 - word.x0 for word in words)
    upper = "".join(texts).isupper() and letters > _FEWEST_CAPITALS
    if upper and len(words) > 1 and find_heading(" ".join(texts)):
        return not any(_are_two(texts[:at], texts[at:]) for at in range(1, len(texts)))
    return upper and width > _TRACKED * letters * max(word.size for word in words)


def _are_two(first: Sequence[str], second: Sequence[str]) -> bool:
    """Tells whether parts of a line are headings of two columns, not one heading."""
    both = all(find_heading(" ".join(part)) for part in (first, second))
    return both and len(second[0]) > _SMALL_WORD


def _look(word: ScanWord, grey: Grey, room: tuple[int, int]) -> ScanWord:
    """Looks at a word's ink, between the words beside it: its box may cut letters off."""
    height = word.bottom - word.top
    margin = int(_MARGIN * height)
    left, top = max(int(word.x0) - margin, min(room[0], int(word.x0)), 0), max(int(word.top) - 1, 0)
    right = min(int(word.x1) + margin, max(room[1], int(word.x1)))
    part = grey[top : int(word.bottom) + 2, left:right]
    seen = ink_of(part) if part.size else None
    if seen is None:
        return word
    ink, light = seen
    own = slice(max(int(word.x0) - left, 0), int(word.x1) - left)
    high, low = _band(np.count_nonzero(ink[:, own], axis=1))
    ink = ink[high : low + 1]
    first, last = _ends(np.asarray(ink.any(axis=0)), own, round(_BETWEEN * height))
    ink = ink[:, first : last + 1]
    if _SLASHED.fullmatch(word.text):
        low = high + _foot(ink)
    return replace(
        word,
        x0=float(left + first),
        top=float(top + high),
        x1=float(left + last + 1),
        bottom=float(top + low + 1),
        stroke=stroke_of(ink),
        light=light,
        spot=len(word.text) == 1 and is_dot(ink),
    )


def _band(counts: npt.NDArray[np.intp]) -> tuple[int, int]:
    """Returns the first and last row of a word's letters: frames and other lines stand apart.

    Args:
        counts: Pixels of ink in each row.
    """
    edges = np.flatnonzero(np.diff(np.pad(counts > 0, 1).astype(np.int8)))
    bands = list(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True))
    if not bands:
        return 0, len(counts) - 1
    main = max(range(len(bands)), key=lambda at: int(counts[bands[at][0] : bands[at][1] + 1].sum()))
    first, last = bands[main]
    near = _ACCENT_GAP * (last - first + 1)
    for top, bottom in bands[:main][::-1]:
        if first - bottom - 1 > near:
            break
        first = top
    for top, bottom in bands[main + 1 :]:
        if top - last - 1 > near:
            break
        last = bottom
    return first, last


def _ends(columns: npt.NDArray[np.bool_], own: slice, gap: int) -> tuple[int, int]:
    """Returns where a word's ink begins and ends: cut letters are whole again, blanks are left.

    Args:
        columns: Which columns have ink.
        own: Those of the word's box.
        gap: Most columns without ink between two letters.
    """
    inked = np.flatnonzero(columns)
    inside = inked[(inked >= own.start) & (inked < own.stop)]
    if not len(inside):
        return own.start, max(min(own.stop, len(columns)) - 1, 0)
    low, high = int(inside[0]), int(inside[-1])
    for column in inked[inked < low][::-1]:
        if low - column > gap + 1:
            break
        low = int(column)
    for column in inked[inked > high]:
        if column - high > gap + 1:
            break
        high = int(column)
    return low, high


def _foot(ink: npt.NDArray[np.bool_]) -> int:
    """Returns the row that figures stand on: slashes between them go deeper in some faces."""
    lowest = len(ink) - 1 - np.argmax(ink[::-1], axis=0)
    return int(np.percentile(lowest[ink.any(axis=0)], _FEET))


def _extents(text: str) -> tuple[float, float]:
    """Returns how far a word's letters reach above and below the baseline, in sizes of type."""
    above = X_HEIGHT
    if _HIGHEST.search(text):
        above = _ACCENT
    elif _TALL.search(text):
        above = _CAPITAL
    elif "t" in text:
        above = _T_HEIGHT
    below = _Q_BELOW if "Q" in text else 0.0
    return above, BELOW if _DEEP.search(text) else below


def _settle(words: list[ScanWord]) -> list[ScanWord]:
    """Gives the words of a line one size and one baseline."""
    lettered = [word for word in words if word.letters]
    if not lettered:
        height = max(word.bottom - word.top for word in words)
        return [
            word if word.size else replace(word, size=height, base=word.bottom) for word in words
        ]
    if words[0].size and not any(map(_is_plain, lettered)):
        return words  # what the whole line said is surer
    size = weighted_median([(_size(word), _weight(word)) for word in lettered])
    base = weighted_median(
        [
            (word.bottom - _extents(word.text)[1] * size, _weight(word))
            for word in lettered
        ]
    )  # fmt: skip
    return [replace(word, size=size, base=base) for word in words]


def _size(word: ScanWord) -> float:
    above, below = _extents(word.text)
    return (word.bottom - word.top) / (above + below)


def _weight(word: ScanWord) -> float:
    return word.letters * (1.0 if _is_plain(word) else _UNSURE)


def _is_plain(word: ScanWord) -> bool:
    """Tells whether a word's letters reach as high and deep in all faces."""
    return bool(_PLAIN.fullmatch(word.text) or _SLASHED.fullmatch(word.text))


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
