"""Experiences and degrees: which lines belong to one entry, and its dates, title and employer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from jobmatch_ml.cv.dates import PERIOD, is_dated, is_period, is_span
from jobmatch_ml.cv.fields import opens_field
from jobmatch_ml.cv.forms import Record, read_form
from jobmatch_ml.cv.headings import BULLETS, is_bullet
from jobmatch_ml.cv.heads import Head, read_heads
from jobmatch_ml.cv.placeholders import end_of_head
from jobmatch_ml.cv.reading import Box, ContentType, TextLine

_EDGES = " \t,;:|()[]*#_" + BULLETS
_LONGEST_LINE = 120
_LONGEST_PERIOD = 40
_JOINTS = ("to", "until", "–", "—", "-", "à", "au")
_UNFINISHED = re.compile(r"(?:[–—-]|\s(?:to|until|à|au))$", re.IGNORECASE)
# What opens a description, or closes it.
_NOTE = re.compile(
    r"(?:missions?|t[âa]ches|activit[ée]s|r[ée]alisations?|r[ée]sultats?|projets?|contexte|outils|"
    r"environnement|technologies|stack|tech stack|responsabilit[ée]s|comp[ée]tences|effectif|"
    r"main duties|duties|main activities|key achievements|achievements|responsibilities|tools|"
    r"tasks|projects?|technical environment)(?: [\w’']+){0,2}\s?:",
    re.IGNORECASE,
)
_TWICE = re.compile(r"(?<!entre )(?<!between )\b(?:19|20)\d{2} (?:et|and) (?:19|20)\d{2}\b")
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


def split_entries(
    lines: Sequence[TextLine], kind: ContentType = ContentType.EXPERIENCE
) -> list[Entry]:
    """Groups a section's lines into entries and reads their heads.

    The dates are the surest sign of an entry. How many lines of a head stand before them is a habit
    of the CV: the first entry shows it, the others follow it. A blank line or a gap, the type of
    the section's first line, and the end of a list of bullets tell where a head varies from that.
    """
    lines = _part_glued(_mend_dates(lines))
    filled = [line for line in lines if line.text]
    if not filled:
        return []
    if form := read_form(filled):
        return [_of_record(record) for record in form]
    starts = _starts(filled, _gaps(lines))
    groups = [filled[a:b] for a, b in pairwise([*starts, len(filled)])]
    prepared = [_prepare(group) for group in groups]
    heads = read_heads(prepared, degrees=kind is ContentType.EDUCATION)
    if kind is ContentType.EXPERIENCE:
        heads = _with_shared_employers(groups, heads)
    return [
        _make_entry(group, head, period)
        for group, head, (_, period) in zip(groups, heads, prepared, strict=True)
    ]


def _with_shared_employers(
    groups: Sequence[Sequence[TextLine]], heads: Sequence[Head]
) -> list[Head]:
    """Gives a position without an employer that of the one above, where it stands as a title."""
    found: list[Head] = []
    shared: str | None = None
    for group, head in zip(groups, heads, strict=True):
        if head.entity:
            shared = head.entity if group[0].text.startswith(head.entity) else None
        told = replace(head, entity=shared) if not head.entity and head.title else head
        found.append(told)
    return found


def _mend_dates(lines: Sequence[TextLine]) -> list[TextLine]:
    """Joins dates that a narrow column broke: neither line is whole, both together are."""
    mended: list[TextLine] = []
    for line in lines:
        before = mended[-1] if mended else None
        if before and _is_broken_period(before.text, line.text):
            text = f"{before.text} {line.text}"
            mended[-1] = replace(before, text=text, box=_box_of_both(before, line))
            continue
        mended.append(line)
    return mended


def _box_of_both(first: TextLine, second: TextLine) -> Box | None:
    """Returns the box around two lines of one page; the first line's where they are apart."""
    if first.box is None or second.box is None or first.page != second.page:
        return first.box
    (x0, top, x1, bottom), (left, high, right, low) = first.box, second.box
    return min(x0, left), min(top, high), max(x1, right), max(bottom, low)


def _part_glued(lines: Sequence[TextLine]) -> list[TextLine]:
    """Parts heads from the descriptions that go on in their line, where a template's words tell."""
    parted: list[TextLine] = []
    for line in lines:
        end = end_of_head(line.text, most=_LONGEST_LINE)
        rest = line.text[end:].lstrip()
        if end and rest:
            begin = line.start + len(line.text) - len(rest)
            parted += [replace(line, text=line.text[:end]), replace(line, text=rest, start=begin)]
        else:
            parted.append(line)
    return parted


def _is_broken_period(first: str, second: str) -> bool:
    if _goes_over(first, second):
        return True
    if not first or len(first) > _LONGEST_PERIOD or (is_bullet(second) and second not in _JOINTS):
        return False
    if is_period(first) and second in _JOINTS:
        return True
    if is_period(f"{first} {second}"):
        return not is_period(first) or first[-1] in "–—-"
    found = PERIOD.match(f"{first} {second}") if _UNFINISHED.search(first) else None
    return found is not None and found.end() > len(first) + 1


def _goes_over(first: str, second: str) -> bool:
    """Tells whether a line ends in the middle of dates that make up the next one's rest."""
    if not first or len(second) > _LONGEST_PERIOD or not second[-2:].isalnum():
        return False
    tail = first[-_LONGEST_PERIOD:]
    return any(
        match.start() < len(tail) < match.end() == len(tail) + 1 + len(second) and is_span(match)
        for match in PERIOD.finditer(f"{tail} {second}")
    )


def _gaps(lines: Sequence[TextLine]) -> set[int]:
    """Returns which of the lines with text stand after a blank line, or a gap that is not usual."""
    found: set[int] = set()
    spaces: list[tuple[int, float]] = []
    position, blank = 0, True
    before: TextLine | None = None
    for line in lines:
        if not line.text:
            blank = True
            continue
        if blank:
            found.add(position)
        if before is not None and before.box and line.box and before.page == line.page:
            space = (line.box[1] - before.box[3]) / max(line.box[3] - line.box[1], 1.0)
            spaces.append((position, space))
        before, blank = line, False
        position += 1
    if spaces:
        usual = sorted(space for _, space in spaces)[len(spaces) // 2]
        found |= {at for at, space in spaces if space > usual + 0.25}
    return found


def _starts(lines: Sequence[TextLine], gaps: set[int]) -> list[int]:
    """Returns where each entry begins."""
    anchors = [at for at, line in enumerate(lines) if _is_dated_head(line.text)]
    anchors = _without_echoes(lines, anchors)
    if not anchors:
        return [0]
    before = _lines_before(lines, anchors[0])
    starts: list[int] = []
    lowest = 0
    for anchor in anchors:
        start = _start_of(lines, gaps, (lowest, anchor), before) if starts else 0
        starts.append(start)
        lowest = anchor + 1
    return starts


def _without_echoes(lines: Sequence[TextLine], anchors: Sequence[int]) -> list[int]:
    """Leaves out a year alone right below dates: it is of the same entry."""
    kept: list[int] = []
    for at in anchors:
        if kept and at == kept[-1] + 1 and _is_whole(lines[kept[-1]]) and _is_whole(lines[at]):
            continue
        kept.append(at)
    return kept


def _is_whole(line: TextLine) -> bool:
    return is_period(line.text)


def _lines_before(lines: Sequence[TextLine], anchor: int) -> int:
    """Returns how many lines of the first entry's head stand before its dates."""
    count = 0
    while count < min(anchor, _HEAD_LINES - 1) and _is_head(lines[anchor - count - 1].text):
        count += 1
    return count


def _start_of(
    lines: Sequence[TextLine], gaps: set[int], bounds: tuple[int, int], usual: int
) -> int:
    """Returns the line at which the entry of a date begins: at most a head's lines before it."""
    lowest, anchor = bounds
    best, best_cost = anchor, float("inf")
    for start in range(anchor, max(lowest, anchor - _HEAD_LINES + 1) - 1, -1):
        if not _is_head(lines[start].text):
            break
        cost = float(abs(anchor - start - usual))
        cost -= 1.2 * (start in gaps)
        cost -= 0.6 * (start > 0 and is_bullet(lines[start - 1].text))
        cost -= 1.5 * (opens_field(lines[start].text) and not opens_field(lines[start - 1].text))
        cost += 1.2 * sum(inner in gaps for inner in range(start + 1, anchor + 1))
        if cost < best_cost:
            best, best_cost = start, cost
    return best


def _is_dated_head(text: str) -> bool:
    if is_bullet(text) or _TWICE.search(text):
        return False
    match = PERIOD.match(text.lstrip("*([ "))
    if match and is_span(match) and _opens_line(text, match):
        return True
    return _is_head(text) and is_dated(text)


def _opens_line(text: str, match: re.Match[str]) -> bool:
    """Tells whether dates at a line's beginning are a label of what follows, not its words."""
    return not text[match.end() :].lstrip(" *)]:,|–—-")[:1].islower()


def _is_head(text: str) -> bool:
    """A head is short and starts like a title; bullets and sentences are descriptions."""
    if is_bullet(text) or len(text) > _LONGEST_LINE or _NOTE.match(text):
        return False
    if text[:1].islower():
        return _is_lower_period(text)
    return not text.endswith((".", ";")) or len(text) < 30 or is_dated(text)


def _prepare(group: Sequence[TextLine]) -> tuple[list[str], re.Match[str] | None]:
    """Returns the lines that may belong to an entry's head, and its dates."""
    head: list[str] = []
    dated = False
    for line in group[: _HEAD_LINES + 1]:
        if head and not _is_head(line.text) and not (_is_dated_head(line.text) and not dated):
            break
        dated = dated or _is_dated_head(line.text)
        head.append(line.text.replace("**", ""))
    found = next(
        (match for text in head if is_dated(text) and (match := PERIOD.search(text))), None
    ) or next((match for text in head if (match := PERIOD.search(text))), None)
    return head, found


def _make_entry(group: Sequence[TextLine], head: Head, period: re.Match[str] | None) -> Entry:
    body = [line.text.strip(_EDGES) for line in group[head.used :]]
    return Entry(
        lines=tuple(group),
        title=head.title,
        entity=head.entity,
        dates=period.group(0).strip(" ,;:|" + BULLETS) if period else None,
        description=" ".join(part for part in body if part) or None,
    )


def _of_record(record: Record) -> Entry:
    """Returns the entry of a form's fields."""
    dates = PERIOD.search(record.values.get("date", ""))
    parts = [part.strip(_EDGES) for part in record.text]
    return Entry(
        lines=tuple(record.lines),
        title=record.values.get("role", "").strip(_EDGES) or None,
        entity=record.values.get("entity", "").strip(_EDGES) or None,
        dates=dates.group(0).strip(" ,;:|" + BULLETS) if dates else None,
        description=" ".join(part for part in parts if part) or None,
    )


def _is_lower_period(text: str) -> bool:
    """Tells whether a line is a period that begins with a small word: "depuis mars 2021"."""
    match = PERIOD.match(text)
    return match is not None and is_dated(text)
