"""What recognition mistakes in any text is put right, and what it broke is one again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jobmatch_ml.cv.dates import PERIOD
from jobmatch_ml.cv.headings import fold
from jobmatch_ml.cv.scan_boxes import Grey
from jobmatch_ml.cv.scan_marks import ink_of
from jobmatch_ml.cv.scan_words import TRACKED_GAP, ScanWord, is_tracked
from jobmatch_ml.cv.words import load_words

DASHES = re.compile(r"[-—–]+")
_SEVERAL_DASHES = re.compile(r"[-—–]{2,}")
_DASHED = re.compile(r"^[-—–]+(?=\d)")
_DASH = "–"
_BEFORE_I = frozenset(["what", "where", "who", "when", "that", "which", "and", "as"])
_AFTER_I = frozenset(["am", "have", "do", "can", "was", "speak", "like", "know"])
_JOINED_I = re.compile(r"[lI](am|have|speak|can)")
_ARROWS = frozenset("+=>»~*")  # that an arrow is read as
_LEAST_GAP, _DASH_GAP = 0.3, 1.6  # of the type's size from a word to the dash behind it
_QUOTES = "\"'‘’“”"
_YEAR = re.compile(rf"[{_QUOTES}]?(?:19|20)\d\d")  # its figures may be read apart
_LOST_POINT = re.compile(r"^(0[1-9]|1[0-2])((?:19|20)\d{2})$")  # of a month and a year
_CAPITAL_I = re.compile(r"^l(?=[bcdfghjkmnpqrstvwxz][^\W_]{4})")  # not of ldap, lxml
_ORDINAL = re.compile(r"^[lI](?=(?:er|re|ère)\b)")
_LEVEL = re.compile(r"^(\(?[ABC])l(?=\W*$)")  # of the European framework
_LEVEL_BESIDE = re.compile(r"^(\(?[ABC])[Il|](?=\W*$)")  # "BI" is one beside a language only
_ZERO = re.compile(r"(?<=\d)[oO](?=\d)")
_KNOWN = {"PSCI": "PSC1", "PSCl": "PSC1", "PSCI1": "PSC1", "PSC11": "PSC1"}
_LOCAL = re.compile(r"[\w.+-]*[^\W\d_][\w.+-]*")  # of an address, before its sign
_TOP_LEVEL = "fr|com|org|net|eu|io|be|ch|ca|lu"
_NO_SIGN = re.compile(
    rf"^([a-z][a-z0-9._-]+[a-z0-9])[GQä©®]([a-z0-9-]{{2,}}\.(?:{_TOP_LEVEL}))\W?$"
)
_FOR_SIGN = "ä©®"  # read for the sign of an address; no word begins with one
_NO_POINT = re.compile(rf"(@[a-z0-9-]{{3,}}?)({_TOP_LEVEL})(?=\W*$)")
_SIGN_TWICE = re.compile(r"[GQ]@|@[GQ](?=[a-z])")
_BROKEN = 0.45  # of the type's size between parts of one address or word
_LONGEST_MARK = 2  # characters of a mark before an address, such as "E."
_BETWEEN = frozenset(["et", "ou", "and", "or", "&"])
_DASH_ROWS, _POINT_TOP = (0.45, 0.12), 0.25  # of the type's size above the baseline
_POINT_COLUMNS = 2  # pixels
_DASH_WIDTH = 0.18  # of the type's size
_POINTS = re.compile(r"\.{2,}")


def mended(word: ScanWord, line: Sequence[ScanWord], at: int, grey: Grey) -> ScanWord:
    """Returns a word with usual mistakes put right; dashes stand near the words that they part.

    Args:
        word: The word.
        line: The line that it stands in.
        at: Its place there.
        grey: The page's picture.
    """
    text = mend(word.text, first=at == 0)
    if text == ";" and at == len(line) - 1:
        text = ":"
    if at and text == _DASH:
        gap = word.x0 - line[at - 1].x1
        near = _LEAST_GAP * word.size
        if near < gap < _DASH_GAP * word.size:
            return replace(word, text=text, x0=line[at - 1].x1 + near)
    if (
        0 < at < len(line) - 1
        and text in "!|"
        and _is_english_i(line[at - 1].text, line[at + 1].text)
    ):
        text = "I"
    if (joined := _JOINED_I.fullmatch(text)) and (at == 0 or line[at - 1].text in ("Who", "What")):
        text = f"I {joined[1]}"
    if at and not load_words("languages").isdisjoint(fold(other.text) for other in line[:at]):
        text = _LEVEL_BESIDE.sub(r"\g<1>1", text)
    if 0 < at < len(line) - 1 and text in _ARROWS and _parts_dates(line, at):
        text = _DASH
    if "@" in text and "-" in text:
        text = _with_points(replace(word, text=text), grey)
    return replace(word, text=text)


def _parts_dates(line: Sequence[ScanWord], at: int) -> bool:
    """Tells whether a sign stands between the ends of a period."""
    after = " ".join(word.text for word in line[at + 1 : at + 3])
    match = PERIOD.search(f"{line[at - 1].text} {_DASH} {after}")
    return match is not None and any(match[end] for end in ("last", "now", "last2", "now2"))


def _is_english_i(before: str, after: str) -> bool:
    """Tells whether a bar between two words of an English sentence is ``I``."""
    return before.casefold() in _BEFORE_I or after.casefold() in _AFTER_I


def mend(text: str, *, first: bool = False) -> str:
    """Puts right what recognition mistakes in any text: dashes read twice, ``l`` for ``I``.

    Args:
        text: A word.
        first: Whether it begins its line, where a dash is the sign of an item.

    Example:
        >>> mend("lkechukwu"), mend("-—"), mend("112011"), mend("k.dupontGexemple.fr")
        ('Ikechukwu', '–', '11.2011', 'k.dupont@exemple.fr')
    """
    if not first and DASHES.fullmatch(text):
        return _DASH
    if not first:
        text = _DASHED.sub(f"{_DASH} ", text)
    text = _CAPITAL_I.sub("I", _SEVERAL_DASHES.sub(_DASH, _KNOWN.get(text, text)))
    text = _LEVEL.sub(r"\g<1>1", _ORDINAL.sub("1", _ZERO.sub("0", text)))
    return _mend_address(_LOST_POINT.sub(r"\1.\2", text))


def _mend_address(text: str) -> str:
    """Puts right the sign of an address and the point before its last part."""
    text = _NO_SIGN.sub(r"\1@\2", text)
    if "@" not in text:
        return text
    text = _SIGN_TWICE.sub("@", text)
    return text if "." in text.rpartition("@")[2].rstrip(".,;") else _NO_POINT.sub(r"\1.\2", text)


def _with_points(word: ScanWord, grey: Grey) -> str:
    """Returns an address with points where the picture has them and dashes were read."""
    top = max(int(word.base - word.size), 0)
    part = grey[top : int(word.base) + 3, max(int(word.x0), 0) : int(word.x1) + 1]
    seen = ink_of(part) if part.size else None
    if seen is None:
        return word.text
    ink = seen[0]
    base = word.base - top
    inked = ink.any(axis=0)
    highest = ink.argmax(axis=0)
    lowest = len(ink) - 1 - ink[::-1].argmax(axis=0)
    high, low = (base - share * word.size for share in _DASH_ROWS)
    dashes = inked & (highest > high) & (lowest < low)
    points = inked & (highest >= base - _POINT_TOP * word.size) & ~dashes
    step = ink.shape[1] / len(word.text)
    found = list(word.text)
    for at, sign in enumerate(found):
        near = slice(max(int((at - 1) * step), 0), int((at + 2) * step))
        dash = np.count_nonzero(dashes[near]) >= _DASH_WIDTH * word.size
        if sign == "-" and not dash and np.count_nonzero(points[near]) >= _POINT_COLUMNS:
            found[at] = "."
    return _POINTS.sub(".", "".join(found))


def join_broken(words: Sequence[ScanWord]) -> list[ScanWord]:
    """Joins what was broken: addresses, years, words at a dash, words in spaced letters."""
    found: list[ScanWord] = []
    tracked = is_tracked(words)
    for word in words:
        last = found[-1] if found else None
        gap = word.x0 - last.x1 if last else 0.0
        near = last is not None and gap < _BROKEN * word.size
        if last is not None and near and _is_address(last.text, word.text):
            joined = _merge(last, word, "")
            found[-1] = replace(joined, text=_mend_address(joined.text))
        elif last is not None and near and _YEAR.fullmatch(year := f"{last.text}{word.text}"):
            found[-1] = replace(_merge(last, word, ""), text=year.strip(_QUOTES))
        elif last is not None and near and _is_dashed(last.text, word.text):
            found[-1] = _merge(last, word, "")
        elif last is not None and tracked and gap < TRACKED_GAP * word.size:
            found[-1] = _merge(last, word, " ")
        else:
            found.append(word)
    return found


def _is_address(first: str, second: str) -> bool:
    """Tells whether two words are parts of one address: ``kevin.`` ``d@ex.fr``."""
    if second.startswith("@") and "." in second:
        return _LOCAL.fullmatch(first) is not None
    if (second[:1] in _FOR_SIGN or "." in first) and _NO_SIGN.match(first + second):
        return True
    broken = first[-1:] in "._-@" and len(first) > _LONGEST_MARK
    return broken and ("@" in second or "@" in first)


def _is_dashed(first: str, second: str) -> bool:
    """Tells whether two words are one with a dash: ``sous-`` ``traitants``."""
    if second.casefold() in _BETWEEN:
        return False  # "pré- et post-opératoire"
    before, after = first[-2:], second[:2]
    if first.endswith("-"):
        return before[:1].isalpha() and after[:1].isalpha()
    return second.startswith("-") and after[1:].isalpha() and before[-1:].isalpha()


def _merge(first: ScanWord, second: ScanWord, sign: str) -> ScanWord:
    return replace(
        first,
        text=first.text + sign + second.text,
        top=min(first.top, second.top),
        x1=max(first.x1, second.x1),
        bottom=max(first.bottom, second.bottom),
    )
