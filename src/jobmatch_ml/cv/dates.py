"""Periods as French and English CVs write them, and the months that they mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_MONTHS = (
    r"janv(?:ier)?|january|jan",
    r"f[ée]vr?(?:ier)?|february|feb",
    r"mars|march|mar",
    r"avr(?:il)?|april|apr",
    r"mai|may",
    r"juin|june|jun",
    r"juil(?:let)?|july|jul",
    r"ao[uû]t|august|aug",
    r"septembre|september|sept|sep",
    r"octobre|october|oct",
    r"novembre|november|nov",
    r"d[ée]cembre|december|d[ée]c",
)
# A season stands for its first and last month; winter for those at the year's beginning.
_SEASONS = (
    (r"printemps|spring", 3, 5),
    (r"[ée]t[ée]|summer", 6, 8),
    (r"automne|autumn|fall", 9, 11),
    (r"hiver|winter", 1, 3),
)
_NAME = "|".join([*_MONTHS, *(names for names, _, _ in _SEASONS)])
_YEAR = r"(?:19|20)\d{2}(?!\d)"
_FIGURES = rf"(?:(?:0?[1-9]|[12]\d|3[01])[/.])?(?:0?[1-9]|1[0-2])\s?[/.]\s?{_YEAR}"
_ISO = rf"{_YEAR}[-/](?:0[1-9]|1[0-2])(?![\d/])"
# A year of two figures counts behind a month and in a range alone: "09/19 - 06/22".
_SHORT_FIGURES = r"(?:0?[1-9]|1[0-2])\s?[/.]\s?\d{2}(?![\d/.])"
_DAY = r"(?:(?:1er|[12]?\d|3[01])\s)?"
_POINT = rf"(?:{_DAY}(?:{_NAME})\b\.?,?\s?(?:de\s)?{_YEAR}|{_FIGURES}|{_ISO}|{_YEAR})"
_NOW = (
    r"(?:aujourd[’']\s?hui|[àa] ce jour|ce jour|pr[ée]sent|maintenant|en ?cours|en poste|"
    r"actuel(?:lement)?|auj\.?|ajd|maint\.|ce mois|date|current(?:ly)?|now|today|ongoing)(?!\w)"
)
_DASH = r"\s?(?:[-–—→➔➜»/]{1,2}>?|>{1,2}|=>)\s?"
_JOIN = rf"(?:{_DASH}|\s(?:à|a|au|jusqu[’']?(?:à|en|au)|to|until|till|et|and)\s)"
_BEGIN = (
    r"(?:(?:de(?:puis)?(?: le)?|du|le|from|between|entre|since|en|in|à partir de|as of)\s|d[’'])"
)
_LASTING = (
    r"\s?\(\s?\d{1,2}[,.]?\d?\s?(?:ans?|ann[ée]es?|mois|years?|yrs?|months?|mos)"
    r"(?:\s?(?:et|and|,)?\s?\d{1,2}\s?(?:mois|months?|mos))?\s?\)"
)
_RANGE = rf"(?P<first>{_POINT})(?:{_JOIN}(?P<last>{_POINT})|{_JOIN}(?P<now>{_NOW}))?"
_SHORT_RANGE = (
    rf"(?P<first2>{_SHORT_FIGURES}){_JOIN}(?:(?P<last2>{_SHORT_FIGURES})|(?P<now2>{_NOW}))"
)
# "mars - juin 2021": the year is said once.
_SHARED = rf"(?P<from>{_NAME})\b\.?{_JOIN}(?P<to>(?:{_NAME})\b\.?\s{_YEAR})"
PERIOD = re.compile(
    rf"(?<![\w/.])(?:(?P<begin>{_BEGIN}))?(?:{_SHARED}|{_RANGE}|{_SHORT_RANGE})(?![\w])(?:{_LASTING})?",
    re.IGNORECASE,
)
"""A period as it is written, with its small words and its length in brackets."""

_SINCE = ("depuis", "depuis le", "since", "a partir de", "as of")
_SHORT_YEAR = re.compile(r"(\d{1,2})\s?[/.]\s?(\d{2})$")
_LAST_YEAR = 60  # of two figures that are of this century
_YEAR_ONLY = re.compile(_YEAR)
_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[/.]\s?((?:19|20)\d{2})$")
_ISO_PARTS = re.compile(r"((?:19|20)\d{2})[-/](\d{2})$")
_BY_NAME = tuple(
    [(re.compile(rf"(?<!\w)(?:{names})\b", re.IGNORECASE), month, month)
     for month, names in enumerate(_MONTHS, start=1)]
    + [(re.compile(rf"(?<!\w)(?:{names})\b", re.IGNORECASE), first, last)
       for names, first, last in _SEASONS]
)  # fmt: skip

Month = tuple[int, int | None]
"""Year and month (1 to 12); the month is ``None`` where only the year is told."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time of a career.

    Args:
        start: First month.
        end: Last month; ``None`` while it lasts. A single point in time starts and ends there.
    """

    start: Month
    end: Month | None


def find_period(text: str) -> Period | None:
    """Returns the months of the first period in a text; ``None`` where there is none.

    Example:
        >>> find_period("Vendeur, févr. 2021 – aujourd'hui")
        Period(start=(2021, 2), end=None)
        >>> find_period("mars - juin 2021"), find_period("été 2020").end
        (Period(start=(2021, 3), end=(2021, 6)), (2020, 8))
    """
    match = PERIOD.search(text)
    return read_period(match) if match else None


def read_period(match: re.Match[str]) -> Period:
    """Returns the months of a match of :data:`PERIOD`; ends before starts are put in order."""
    if match["to"]:
        end = _month(match["to"], last=True)
        return Period((end[0], _named(match["from"], last=False)), end)
    if match["first2"]:
        begun = _month(match["first2"], last=False)
        return Period(begun, _month(match["last2"], last=True) if match["last2"] else None)
    start = _month(match["first"], last=False)
    begin = unicodedata.normalize("NFD", (match["begin"] or "").casefold())
    bare = "".join(letter for letter in begin if letter.isascii()).strip()
    if match["now"] or (bare in _SINCE and not match["last"]):
        return Period(start, None)
    end = _month(match["last"] or match["first"], last=True)
    if (end[0], end[1] or 12) < (start[0], start[1] or 1):
        start, end = end, start
    return Period(start, end)


def is_dated(text: str) -> bool:
    """Tells whether a line says when something was: not a year in the middle of a sentence."""
    match = PERIOD.search(text)
    if match is None:
        return False
    if is_span(match):
        return True
    if _is_set_apart(text, match):
        return True
    before, after = text[: match.start()].strip(" *_#(["), text[match.end() :].strip(" *_#)].")
    if not before:
        return not after[:1].islower()  # "2020 sales up by a third" is a sentence
    return not after or text[match.start() - 1 : match.start()] == "("


def is_span(match: re.Match[str]) -> bool:
    """Tells whether a match of :data:`PERIOD` has a beginning and an end, or lasts."""
    return any(match[group] for group in ("to", "last", "now", "first2"))


def _is_set_apart(text: str, match: re.Match[str]) -> bool:
    """Tells whether signs part the dates from what stands on both sides: "Serveur | 2019 | Flo"."""
    before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip()[:1]
    return bool(before) and bool(after) and before in "|·•–—-([" and after in "|·•–—-:)],"


def is_period(text: str) -> bool:
    """Tells whether a text is a period and nothing else."""
    bare = text.strip(" []*_,:;|")
    match = PERIOD.fullmatch(bare) or PERIOD.fullmatch(bare.strip("()"))
    return match is not None


def _month(text: str, *, last: bool) -> Month:
    short = _SHORT_YEAR.match(text.strip())
    if short:
        century = 1900 if int(short[2]) > _LAST_YEAR else 2000
        return century + int(short[2]), int(short[1])
    found = _YEAR_ONLY.search(text)
    year = int(found.group(0)) if found else 0
    figures = _MONTH_YEAR.search(text.strip())
    if figures:
        return year, int(figures[1])
    iso = _ISO_PARTS.match(text.strip())
    if iso:
        return year, int(iso[2])
    return year, _named(text, last=last)


def _named(text: str, *, last: bool) -> int | None:
    for pattern, first_month, last_month in _BY_NAME:
        if pattern.search(text):
            return last_month if last else first_month
    return None
