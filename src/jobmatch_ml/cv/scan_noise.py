"""What recognition reads besides words: frames, pictures and rows of dots are left out again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from jobmatch_ml.cv.headings import as_heading, find_heading
from jobmatch_ml.cv.scan_boxes import Grey
from jobmatch_ml.cv.scan_marks import ink_of, is_dot, is_row_of_spots
from jobmatch_ml.cv.scan_mends import DASHES, join_broken, mended
from jobmatch_ml.cv.scan_words import ScanWord

SPOT = "•"
"""What spots before items and between them are read as."""
_RATING = re.compile(r"[eoO0cC69Q°.*©®@●•○]{4,}|[xXkKAHR*+#]{4,}|[★☆*]{2,}")
_ROUND = re.compile(r"[eoOcCsSaQ0689°.*©®@]{4,}")  # signs that dots are read as
# What a row of dots is read as where hollow ones are pale: no word ends a line so.
_DOTS = re.compile(r"(?=.*(?:eee|e\.\.?e|[a-z@][0689°]))[eoO0sScCDn@©®Q°:.6892]{4,7}")
_NUMBER = re.compile(r"\d[\d.,]*")
_BARS = "|[]_=~!"
_FEWEST_SIGNS = 2  # that make a list
_FAR = 3.0  # times the type's size: no sign of a list is so far from its item
_MOST_SPOTS = 500  # of a page; a list has fewer
_LEAST_SURE = 25.0  # of 100: below, a mark is noise
_NONSENSE = 8.0  # of 100: below, a word is none
_DOUBTFUL, _READ = 50.0, 82.0  # of 100: stars are read as words so sure, and at most so
_GUESSED = 35.0  # of 100: no word is read so
_SMALL = 0.62  # of the type's size: spots between words are smaller
_SMALLEST = 0.42  # where a letter was read: they are larger
_LIKE_SPOTS = "eocOC0"
_POINTS = ":;.,!?'’"
_MARK = 1.1  # of the type's size: signs before items are smaller
_NEAR = 0.8  # of the type's size: a sign is nearer to the words that it parts
_BEFORE = 2.5  # of the type's size: an item begins so near to its sign
_ALIGNED = 0.35  # of the type's size between the left ends of signs of one list
_MOST_WORDS = 5  # that a row of dots is read as
_SLIPPED = 93.0  # of 100: a word with a letter misread is not surer
_FEWEST_LETTERS = 2  # of a word
_FEWEST_FRAMED = 3  # headings behind signs that make spots before headings a part of them
_SHORT = 3  # characters that a piece of a frame is read as
_GLUED = re.compile(r"[IlEFL|C1](?=[A-ZÀ-Ý])|[|\[({](?=\w)")  # a frame read as part of a word
_BALL = re.compile(r"[A-Z(©@]?\d{1,2}\)?")  # a number in a ball
# A word: recognition may doubt one that it reads right, with an apostrophe or in bold.
_WORD = re.compile(r"(?:[^\W\d_]['’])?[^\W\d_][a-zà-ÿœ]{3,}[.,:;]?|[A-ZÀ-ÝŒ]{4,}")


def drop_noise(words: Sequence[ScanWord], grey: Grey) -> list[ScanWord]:
    """Drops rules, frames and pictures read as signs; spots become the sign of a list.

    Args:
        words: Measured words of a page.
        grey: Its picture.
    """
    lines = [list(group) for _, group in groupby(words, key=lambda word: word.line)]
    marked = [line for line in lines if _is_mark(line)]
    found: list[list[ScanWord]] = []
    for line in lines:
        kept = _without_rating(line, grey)
        listed = _is_mark(line) and _are_aligned(line[0], marked)
        clean: list[ScanWord] = []
        for at, word in enumerate(kept):
            if (at == 0 and listed) or _is_spot(word):
                clean.append(replace(word, text=SPOT))
            elif not _is_noise(word, kept, at):
                clean.append(mended(word, kept, at, grey))
        if clean and not listed and (spot := _missed_spot(clean[0], marked, grey)):
            clean.insert(0, spot)
        found.append(clean)
    return _without_axis([word for line in _without_frames(found) for word in join_broken(line)])


def _without_frames(lines: list[list[ScanWord]]) -> list[list[ScanWord]]:
    """Frees headings of frames and signs; spots go where so many stand before headings."""
    signed = [_without_frame(line, spots=True) for line in lines]
    framed = sum(line is not freed for line, freed in zip(lines, signed, strict=True))
    return signed if framed >= _FEWEST_FRAMED else [_without_frame(line) for line in lines]


def _without_frame(line: list[ScanWord], *, spots: bool = False) -> list[ScanWord]:
    """Returns a heading without what its frame, bar or sign was read as, before it and behind.

    "| Profil", "E Profil", "(Profil )", "IProfil": without it the line names a section.
    """
    if not 0 < len(line) <= _MOST_WORDS + 2 or _names(line):
        return line
    for last in (len(line), len(line) - 1):
        for first in (0, 1, 2):
            around, rest = [*line[:first], *line[last:]], line[first:last]
            if not rest or not all(_is_scrap(word, spots=spots) for word in around):
                continue
            if any(word.letters for word in line[last:]):  # "Emploi 2"
                continue
            upper = rest[0].text[:1].isupper() or not any(word.letters for word in around)
            if around and upper and _names(rest):
                return rest
            if _GLUED.match(rest[0].text):
                rest = [replace(rest[0], text=rest[0].text[1:]), *rest[1:]]
                if _names(rest):
                    return rest
    written = as_heading(" ".join(word.text for word in line))
    if written is None:
        return line
    return [
        replace(old, text=_in_case(new, old.text))
        for old, new in zip(line, written.split(), strict=True)
    ]


def _in_case(text: str, other: str) -> str:
    """Returns a word in the case of another."""
    if other.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if other[:1].isupper() else text


def _is_scrap(word: ScanWord, *, spots: bool) -> bool:
    """Tells whether a word may be a piece of a frame: a sign or a letter, or both ("C2]")."""
    if word.text == SPOT:  # before an item, as a rule
        return spots
    if word.letters < _FEWEST_LETTERS or _BALL.fullmatch(word.text):
        return True
    return len(word.text) <= _SHORT and not word.text.isalnum()


def _names(words: Sequence[ScanWord]) -> bool:
    """Tells whether words name a section, and nothing else stands behind them."""
    found = find_heading(" ".join(word.text for word in words))
    return found is not None and not found[1]


def _without_axis(words: list[ScanWord]) -> list[ScanWord]:
    """Drops spots with nothing near behind them: they stand on a time line, before no item."""
    spots = [word for word in words if word.text == SPOT or (word.spot and len(word.text) == 1)]
    if not spots or len(spots) > _MOST_SPOTS:
        return words
    lone = set()
    for spot in spots:
        row = [word for word in words if abs(word.base - spot.base) < 0.5 * spot.size]
        behind = [word.x0 - spot.x1 for word in row if word.x0 >= spot.x1]
        before = [spot.x0 - word.x1 for word in row if word.x1 <= spot.x0]
        alone = min(before, default=_FAR * spot.size) > spot.size
        if alone and min(behind, default=_FAR * spot.size + 1) > _FAR * spot.size:
            lone.add(id(spot))
    return [word for word in words if id(word) not in lone]


def _missed_spot(
    word: ScanWord, marked: Sequence[Sequence[ScanWord]], grey: Grey
) -> ScanWord | None:
    """Returns the sign before an item that recognition left out, where the others have theirs."""
    beside = [
        line[0] for line in marked if abs(line[1].x0 - word.x0) < _ALIGNED * word.size
    ]  # fmt: skip
    if len(beside) < _FEWEST_SIGNS:
        return None
    sign = beside[0]
    left, right = int(min(s.x0 for s in beside)) - 3, int(max(s.x1 for s in beside)) + 3
    if right >= word.x0:
        return None
    top, bottom = int(word.base - _MARK * word.size), int(word.base + 2)
    part = grey[max(top, 0) : bottom, max(left, 0) : right]
    seen = ink_of(part) if part.size else None
    if seen is None or not is_dot(seen[0]):
        return None
    return replace(word, text=SPOT, x0=sign.x0, x1=sign.x1, spot=True)


def _is_spot(word: ScanWord) -> bool:
    if word.text in _POINTS:
        return False
    small = _SMALL if word.text in _LIKE_SPOTS or not word.letters else _SMALLEST
    return word.spot and _height(word) < small * word.size


def _height(word: ScanWord) -> float:
    return word.bottom - word.top


def _is_mark(line: Sequence[ScanWord]) -> bool:
    """Tells whether a line begins with what may be the sign of an item."""
    if len(line) < 2 or len(line[0].text) > 1 or _height(line[0]) > _MARK * line[0].size:
        return False
    sign, word = line[:2]
    odd = (not sign.letters and sign.text not in _POINTS) or sign.sure < _LEAST_SURE or sign.spot
    plain = sign.text in "-–—([«\"'"
    return odd and not plain and word.x0 - sign.x1 < _BEFORE * word.size


def _are_aligned(sign: ScanWord, marked: Sequence[Sequence[ScanWord]]) -> bool:
    near = [line for line in marked if abs(line[0].x0 - sign.x0) < _ALIGNED * sign.size]
    return len(near) >= _FEWEST_SIGNS


def _without_rating(line: list[ScanWord], grey: Grey) -> list[ScanWord]:
    """Returns a line without the row of dots or stars at its end."""
    for at in range(max(len(line) - _MOST_WORDS, 0), len(line)):
        rest = line[at:]
        read = "".join(word.text for word in rest)
        sure = sum(word.sure for word in rest) > _READ * len(rest)
        if at and _DOTS.fullmatch(read):
            return line[:at]
        if sure and (_NUMBER.fullmatch(read) or not _ROUND.fullmatch(read)):
            continue  # capitals of one width may be alike, but they are read surely
        top, bottom = int(min(w.top for w in rest)), int(max(w.bottom for w in rest)) + 1
        part = grey[top:bottom, max(int(rest[0].x0) - 1, 0) : int(rest[-1].x1) + 2]
        seen = ink_of(part) if part.size else None
        guessed = sum(word.sure for word in rest) < _GUESSED * len(rest)
        if seen is not None and is_row_of_spots(seen[0], alike=0.7 if guessed else 0.8):
            return line[:at]
    return line


def _is_noise(word: ScanWord, line: Sequence[ScanWord], at: int) -> bool:
    doubted = word.sure < _DOUBTFUL or not word.letters
    if doubted and _RATING.fullmatch(word.text) and not _NUMBER.fullmatch(word.text):
        return True
    if DASHES.fullmatch(word.text):
        return len(line) == 1  # a rule
    near = [other for other in line[max(at - 1, 0) : at + 2] if other is not word]
    gaps = [max(other.x0 - word.x1, word.x0 - other.x1) for other in near]
    if _WORD.fullmatch(word.text) and (
        _names([word]) or min(gaps, default=_FAR * word.size) < _NEAR * word.size
    ):
        return False
    doubtful = word.sure < (_LEAST_SURE if word.letters < 2 else _NONSENSE)
    if not doubtful and (word.letters or word.text.strip(_BARS)):
        return False
    # A sign between words has both near; a frame stands apart.
    return len(gaps) < 2 or max(gaps) > _NEAR * word.size
