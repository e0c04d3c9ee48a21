"""Dates of French texts: years, with their month where one is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jobmatch_ml.reference.titles import fold

_MONTHS = (
    "janv", "fev", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec",
)  # fmt: skip
_MONTH = (
    r"(?:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|"
    r"sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?)\.?"
)
_YEAR = r"(?:19[5-9]\d|20\d\d)"
_DATE = re.compile(
    rf"(?<![\w/])(?:(?:\d{{1,2}}(?:er)?\s)?(?P<word>{_MONTH})\s(?P<y1>{_YEAR})"
    rf"|(?:\d{{1,2}}[/.])?(?P<m2>0?[1-9]|1[0-2])[/.](?P<y2>{_YEAR})"
    rf"|(?P<y3>{_YEAR})-(?P<m3>0[1-9]|1[0-2])"
    rf"|(?P<y4>{_YEAR}))(?![\w€%])",
    re.IGNORECASE,
)
OPEN_END = re.compile(
    r"aujourd[’']hui|pr[ée]sent\b|en cours|ce jour|actuel|maintenant|\bdepuis\b|\bnow\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DatePoint:
    """A year, with its month where one is written (1 to 12)."""

    start: int
    end: int
    year: int
    month: int | None = None

    @property
    def months(self) -> int:
        """Months since year 0, January where none is written."""
        return self.year * 12 + (self.month or 1) - 1


def find_dates(text: str) -> list[DatePoint]:
    """Returns the dates of a text, in order; a number that counts things is none."""
    found = []
    for match in _DATE.finditer(text):
        year = int(match["y1"] or match["y2"] or match["y3"] or match["y4"])
        if match["y4"] and _counts(text, match.end()):
            continue
        month = match["m2"] or match["m3"]
        number = int(month) if month else _month(match["word"])
        found.append(DatePoint(match.start(), match.end(), year, number))
    return found


def _counts(text: str, end: int) -> bool:
    """Tells whether a plural noun stands right after: 2000 références, no year."""
    after = re.match(r"\s([^\W\d_]{4,})", text[end : end + 30])
    if not after:
        return bool(re.match(r"\s?(?:€|%|k\b)", text[end : end + 4]))
    word = fold(after[1])
    plural = word.endswith(("s", "x")) and after[1][0].islower()
    return plural and word not in {"dans", "puis", "mais", "chez", "sous", "vers", "alors", "avec"}


def _month(word: str | None) -> int | None:
    if not word:
        return None
    folded = fold(word)
    return next(index for index, start in enumerate(_MONTHS, 1) if folded.startswith(start))
