"""Experiences and degrees: which lines belong to one entry, and its dates, title and employer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_ml.cv.headings import BULLETS, is_bullet
from jobmatch_ml.cv.reading import TextLine

_MONTH = (
    r"(?:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|"
    r"sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?|"
    r"march|mar|apr(?:il)?|may|june?|july?|aug(?:ust)?|september|sep|october|november|december|"
    r"[ée]t[ée]|printemps|automne|hiver|summer|spring|fall|winter)\.?"
)
_POINT = rf"(?:(?:{_MONTH}\s)?\s?(?:\d{{1,2}}[/.])?(?:19|20)\d{{2}})"
_NOW = (
    r"(?:aujourd[’']hui|pr[ée]sent|maintenant|ce jour|en cours|actuel(?:lement)?|current|now|today)"
)
_JOIN = r"\s?(?:[-–—→]|à|a|au|jusqu[’']à|to|until)\s?"
DATES = re.compile(
    rf"(?:depuis|since|de|du|from|en|in)?\s?\b{_POINT}(?:{_JOIN}(?:{_POINT}|{_NOW}))?\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[-–—|·•@]\s+|\s*\|\s*|\s+chez\s+|\s+at\s+|,\s+")
_EDGES = " \t,;:|()[]*#_" + BULLETS
_HEAD_LINES = 3  # title, employer, dates: more lines than that are a description


@dataclass(frozen=True, slots=True)
class Entry:
    """One position or one degree.

    Args:
        lines: The lines it was read from, in order.
        title: Position or degree.
        entity: Employer or school.
        dates: As written in the CV.
        description: What stands below the head.
    """

    lines: tuple[TextLine, ...]
    title: str | None
    entity: str | None
    dates: str | None
    description: str | None


def split_entries(lines: Sequence[TextLine]) -> list[Entry]:
    """Groups a section's lines into entries.

    A line opens a new entry when the running one has its dates or its description already and the
    line looks like a head: no bullet, not long, not the continuation of a sentence; and either a
    blank line stands before it or it (or the next one) bears dates.
    """
    groups: list[list[TextLine]] = []
    blank_before = True
    dated = False  # the running entry; kept as we go, for an entry may be thousands of lines long
    for position, line in enumerate(lines):
        if not line.text:
            blank_before = True
            continue
        after = groups[-1][-1].text if groups else ""
        if not after or _opens(lines, position, after, dated=dated, blank_before=blank_before):
            groups.append([])
            dated = False
        groups[-1].append(line)
        dated = dated or _is_dated_head(line.text)
        blank_before = False
    return [_read_entry(group) for group in groups]


def _opens(
    lines: Sequence[TextLine], position: int, after: str, *, dated: bool, blank_before: bool
) -> bool:
    """Tells whether a line opens an entry: ``dated`` and ``after`` are the running one's end."""
    text = lines[position].text
    if not _is_head(text):
        return False
    described = not _is_head(after)
    if DATES.search(text):
        return dated or (described and blank_before)
    following = [line.text for line in lines[position + 1 : position + 3] if line.text]
    dates_follow = any(_is_dated_head(line) for line in following)
    return dated and dates_follow and (blank_before or described)


def _is_dated_head(text: str) -> bool:
    return _is_head(text) and DATES.search(text) is not None


def _is_head(text: str) -> bool:
    """A head is short and starts like a title; bullets and sentences are descriptions."""
    return not is_bullet(text) and len(text) <= 120 and not text[:1].islower() and (
        not text.endswith(".") or len(text) < 30
    )  # fmt: skip


def _read_entry(group: Sequence[TextLine]) -> Entry:
    head: list[str] = []
    for line in group[:_HEAD_LINES]:
        if head and not _is_head(line.text):
            break
        head.append(line.text)
    body = [line.text.lstrip(_EDGES) for line in group[len(head) :]]
    found = next((match for text in head if (match := DATES.search(text))), None)
    dates = found.group(0).strip(_EDGES) if found else None
    pieces: list[str] = []
    for text in head:
        bare = (DATES.sub(" | ", text, count=1) if found else text).replace("**", "")
        pieces.extend(part.strip(_EDGES) for part in _SEPARATOR.split(bare))
    named = [piece for piece in pieces if piece]
    return Entry(
        lines=tuple(group),
        title=named[0] if named else None,
        entity=named[1] if len(named) > 1 else None,
        dates=dates,
        description=" ".join(part for part in body if part) or None,
    )
