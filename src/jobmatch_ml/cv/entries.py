"""Experiences and degrees: which lines belong to one entry, and its dates, title and employer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_ml.cv.dates import PERIOD, is_dated
from jobmatch_ml.cv.headings import BULLETS, is_bullet
from jobmatch_ml.cv.heads import read_head
from jobmatch_ml.cv.reading import TextLine

_EDGES = " \t,;:|()[]*#_" + BULLETS
_HEAD_LINES = 4  # title, employer, place, dates: more lines than that are a description


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
    # Of the running entry; kept as we go, for an entry may be thousands of lines long.
    dated = described = False
    dated_at = 0  # lines before the running entry's dates
    for position, line in enumerate(lines):
        if not line.text:
            blank_before = True
            continue
        if (
            not groups
            or _opens(lines, position, dated=dated, described=described, blank_before=blank_before)
            or (dated and not described and _mirrors(lines, position, dated_at))
        ):
            groups.append([])
            dated = described = False
        if not dated and _is_dated_head(line.text):
            dated, dated_at = True, len(groups[-1])
        groups[-1].append(line)
        described = described or not _is_head(line.text)
        blank_before = False
    return [_read_entry(group) for group in groups]


def _opens(
    lines: Sequence[TextLine], position: int, *, dated: bool, described: bool, blank_before: bool
) -> bool:
    """Tells whether a line opens an entry; ``dated`` and ``described`` tell of the running one."""
    text = lines[position].text
    if not _is_head(text):
        return False
    if is_dated(text):
        return dated or (described and blank_before)
    following = [line.text for line in lines[position + 1 : position + 3] if line.text]
    dates_follow = any(_is_dated_head(line) for line in following)
    return dated and dates_follow and (blank_before or described)


def _mirrors(lines: Sequence[TextLine], position: int, dated_at: int) -> bool:
    """Tells whether the next dates come as many lines below as the running entry's own did."""
    texts = [line.text for line in lines[position : position + dated_at + 1]]
    if not 1 <= dated_at < _HEAD_LINES or len(texts) <= dated_at:
        return False
    if not all(text and _is_head(text) for text in texts):
        return False
    return is_dated(texts[-1]) and not any(is_dated(text) for text in texts[:-1])


def _is_dated_head(text: str) -> bool:
    return _is_head(text) and is_dated(text)


def _is_head(text: str) -> bool:
    """A head is short and starts like a title; bullets and sentences are descriptions."""
    if is_bullet(text) or len(text) > 120:
        return False
    if text[:1].islower():
        return _is_lower_period(text)
    return not text.endswith(".") or len(text) < 30 or is_dated(text)


def _read_entry(group: Sequence[TextLine]) -> Entry:
    head: list[str] = []
    for line in group[:_HEAD_LINES]:
        if head and not _is_head(line.text):
            break
        head.append(line.text)
    found = next(
        (match for text in head if is_dated(text) and (match := PERIOD.search(text))), None
    ) or next((match for text in head if (match := PERIOD.search(text))), None)
    title, entity, used = read_head([text.replace("**", "") for text in head], found)
    body = [line.text.strip(_EDGES) for line in group[used:]]
    return Entry(
        lines=tuple(group),
        title=title,
        entity=entity,
        dates=found.group(0).strip(" ,;:|" + BULLETS) if found else None,
        description=" ".join(part for part in body if part) or None,
    )


def _is_lower_period(text: str) -> bool:
    """Tells whether a line is a period that begins with a small word: "depuis mars 2021"."""
    match = PERIOD.match(text)
    return match is not None and is_dated(text)
