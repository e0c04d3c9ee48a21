"""Scoring what was read of a CV against a label, by the rules of `tests/corpora/cv_heldout`.

Where those rules leave a choice, the stricter one is taken: a skill read where none is listed is
false even when the CV's own words hold it. Missions are not scored: a reading has an experience's
description in one piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from jobmatch_ml.cv.dates import Month, find_period
from jobmatch_ml.cv.lists import split_language
from jobmatch_ml.cv.reading import CvReading, ExtractedLine

SCORED = (
    "contact",
    "sections",
    "experience",
    "education",
    "skill_hard",
    "skill_soft",
    "language",
    "level",
    "certification",
    "interest",
    "summary",
)
"""What gets an F1, one entry each of its kind."""
CONTACT_FIELDS = ("first_name", "last_name", "email", "phone", "city", "postcode")
LEAST_SUMMARY = 0.9
"""Share of words in order from which a summary counts as read."""

Counts = dict[str, tuple[int, int, int]]
"""Kind -> entries of the label, entries read, entries right."""
_Same = Callable[[Any, Any], bool]
_APART = re.compile(r"[^a-z0-9]+")
_BROKEN = re.compile(r"(?<=\w)[-\u2010]\s+(?=\w)")
_BRACKETS = re.compile(r"\([^()]*\)")
_LINK = re.compile(r"^(?:chez|at|@)\s+|\s+(?:chez|at|@)$", re.IGNORECASE)
_POSTCODE = re.compile(r"\b\d{5}\b")


def normalise(text: str | None) -> str:
    """Returns a text's letters and digits without case and accents, single spaces between.

    Example:
        >>> normalise("Chargée d’affaires – CDI")
        'chargee d affaires cdi'
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text or "").casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _APART.sub(" ", bare).strip()


def same_text(read: str | None, written: str | None) -> bool:
    """Tells whether two texts are equal once normalised; a line's last hyphen may be no part."""
    if not read or not written:
        return False
    wanted = normalise(written)
    return wanted in (normalise(read), normalise(_BROKEN.sub("", read)))


def same_title(read: str | None, written: str | None) -> bool:
    """Tells whether titles (or degrees) are equal, brackets and ``chez`` apart."""
    ways = [(read or ""), _BRACKETS.sub(" ", read or "")]
    goals = [(written or ""), _BRACKETS.sub(" ", written or "")]
    return any(same_text(_LINK.sub("", way.strip()), goal) for way in ways for goal in goals)


def same_entity(read: str | None, written: str | None, city: str | None) -> bool:
    """Tells whether employers (or schools) are equal; a town that follows does not matter."""
    if same_title(read, written):
        return True
    return bool(city) and same_text(_POSTCODE.sub(" ", read or ""), f"{written} {city}")


def same_month(read: Month | None, written: str | None) -> bool:
    """Tells whether a month is the label's, to the precision of the label."""
    if read is None or written is None:
        return read is None and written is None
    year, _, month = written.partition("-")
    return read[0] == int(year) and (not month or read[1] == int(month))


def score_cv(reading: CvReading, label: Mapping[str, Any]) -> Counts:
    """Compares one CV with its label.

    Returns:
        Of each of :data:`SCORED`: entries written, read, and right.
    """
    by_kind: dict[str, list[ExtractedLine]] = defaultdict(list)
    for line in reading.lines:
        by_kind[line.content_type.value].append(line)
    counts: Counts = {
        "contact": _score_contact(reading.lines, label["contact"]),
        "sections": _score_sections(reading, label["sections"]),
        "experience": _pair(by_kind["experience"], label["experience"], _same_job),
        "education": _pair(by_kind["education"], label["education"], _same_degree),
        "summary": _score_summary(by_kind["summary"], label["summary"]),
        **_score_languages(by_kind["language"], label["language"]),
    }
    for kind in ("skill_hard", "skill_soft", "certification", "interest"):
        read = [line.content for line in by_kind[kind]]
        if kind == "certification":
            allowed = {normalise(fact) for fact in label["facts"]} - {""}
            allowed -= {normalise(text) for text in label[kind]}
            read = [text for text in read if normalise(text) not in allowed]
        counts[kind] = _pair(read, label[kind], same_text)
    return counts


def _pair(read: Sequence[Any], written: Sequence[Any], same: _Same) -> tuple[int, int, int]:
    waiting = list(written)
    right = 0
    for item in read:
        found = next((at for at, goal in enumerate(waiting) if same(item, goal)), None)
        if found is not None:
            waiting.pop(found)
            right += 1
    return len(written), len(read), right


def _same_job(line: ExtractedLine, job: Mapping[str, Any]) -> bool:
    if not same_title(line.position, job["title"]):
        return False
    if not same_entity(line.entity, job["employer"], job.get("city")):
        return False
    period = find_period(line.dates) if line.dates else None
    if job["start"] is None and job["end"] is None and not job["current"]:
        return period is None
    if period is None:
        return False
    if not same_month(period.start, job["start"]):
        return False
    return (period.end is None) == bool(job["current"]) and same_month(period.end, job["end"])


def _same_degree(line: ExtractedLine, degree: Mapping[str, Any]) -> bool:
    if not same_title(line.position, degree["degree"]):
        return False
    if degree["school"] and not same_entity(line.entity, degree["school"], degree.get("city")):
        return False
    if not degree["school"] and line.entity:
        return False
    period = find_period(line.dates) if line.dates else None
    year = str(degree["year"]) if degree["year"] else None
    return same_month((period.end or period.start) if period else None, year and year[:4])


def _score_contact(
    lines: Sequence[ExtractedLine], written: Mapping[str, Any]
) -> tuple[int, int, int]:
    read = read_contact(lines)
    goals = {field: written.get(field) for field in CONTACT_FIELDS}
    names = (goals["first_name"] or "", goals["last_name"] or "")
    swapped = not any(name.isupper() for name in _printed_names(lines)) and all(
        same_text(read[field], goal)
        for field, goal in zip(("last_name", "first_name"), names, strict=True)
    )
    right = sum(
        (swapped and field.endswith("_name"))
        or (
            read[field] == goals[field]
            if field == "phone"
            else same_text(read[field], goals[field])
        )
        for field in CONTACT_FIELDS
        if read[field] and goals[field]
    )
    return sum(map(bool, goals.values())), sum(map(bool, read.values())), right


def _printed_names(lines: Sequence[ExtractedLine]) -> list[str]:
    return [name for line in lines for name in (line.first_name, line.last_name) if name]


def read_contact(lines: Sequence[ExtractedLine]) -> dict[str, str | None]:
    """Returns the first of each contact field that was read; the telephone in E.164 (France)."""

    def first(field: str) -> str | None:
        values = (getattr(line, field) for line in lines)
        return next((str(value) for value in values if value), None)

    place = first("location") or ""
    code = _POSTCODE.search(place)
    phone = first("phone")
    return {
        "first_name": first("first_name"),
        "last_name": first("last_name"),
        "email": first("email"),
        "phone": e164(phone) if phone else None,
        "city": _POSTCODE.sub(" ", place).strip(" ,()-") or None,
        "postcode": code.group(0) if code else None,
    }


def e164(phone: str) -> str:
    """Returns a number in E.164, one without a country's code as French.

    Example:
        >>> e164("06.39.98.00.01"), e164("+33 (0)6 39 98 00 01"), e164("0033 6 39 98 00 01")
        ('+33639980001', '+33639980001', '+33639980001')
    """
    digits = re.sub(r"\D", "", phone.replace("(0)", ""))
    if phone.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+33{digits[1:]}" if digits.startswith("0") else f"+{digits}"


def _score_languages(
    lines: Sequence[ExtractedLine], written: Sequence[Mapping[str, Any]]
) -> Counts:
    read = [split_language(line.content) for line in lines]
    names = _pair([name for name, _ in read], [item["language"] for item in written], same_text)
    goals = [item for item in written if item["level"] or item["cefr"]]
    told = [item for item in read if item[1]]
    levels = _pair(told, goals, _same_level)
    return {"language": names, "level": levels}


def _same_level(read: tuple[str, str | None], written: Mapping[str, Any]) -> bool:
    if not same_text(read[0], written["language"]) or not read[1]:
        return False
    if same_text(read[1], written["level"]):
        return True
    code = normalise(written["cefr"])
    return bool(code) and code in normalise(read[1]).split()


def _score_summary(lines: Sequence[ExtractedLine], written: str | None) -> tuple[int, int, int]:
    """Compares the summary's paragraphs as one text; a headline is none of them."""
    read = " ".join(line.content for line in lines if not line.position)
    if not read or not written:
        return int(bool(written)), int(bool(read)), 0
    first, second = normalise(_BROKEN.sub("", read)).split(), normalise(written).split()
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks)
    right = 2 * common >= LEAST_SUMMARY * (len(first) + len(second))
    return 1, 1, int(right)


def _score_sections(reading: CvReading, written: Sequence[tuple[str, str]]) -> tuple[int, int, int]:
    """Scores a heading by what was read below it, up to the next heading of the label."""
    places = find_headings(reading.raw_text, [heading for _, heading in written])
    bounds = sorted(place for place in places if place is not None)
    read = right = 0
    for (kind, _), place in zip(written, places, strict=True):
        if place is None:
            continue
        end = next((bound for bound in bounds if bound > place), len(reading.raw_text) + 1)
        kinds = [
            line.content_type.value
            for line in reading.lines
            if line.evidence is not None and place <= line.evidence.start < end
        ]
        read += bool(kinds)
        right += 2 * kinds.count(kind) > len(kinds)
    return len(written), read, right


def find_headings(raw_text: str, headings: Sequence[str]) -> list[int | None]:
    """Returns where each heading stands alone on a line, or opens one; ``None`` where it does not.

    Spaces do not count, so letters set apart are found too; a heading may go over two lines.
    """
    lines: list[tuple[int, str, str]] = []
    offset = 0
    for line in raw_text.split("\n"):
        cell = re.split(r"\s\|\s|\s?:", line)[0]
        lines.append((offset, _squeeze(line), _squeeze(cell)))
        offset += len(line) + 1
    found: list[int | None] = []
    taken: set[int] = set()
    for heading in headings:
        goal = _squeeze(heading)
        place = next(
            (
                start
                for at, (start, whole, cell) in enumerate(lines)
                if start not in taken
                and goal
                and (goal in (whole, cell) or whole + _next(lines, at) == goal)
            ),
            None,
        )
        if place is not None:
            taken.add(place)
        found.append(place)
    return found


def _next(lines: Sequence[tuple[int, str, str]], at: int) -> str:
    return lines[at + 1][1] if at + 1 < len(lines) else ""


def _squeeze(text: str) -> str:
    return normalise(text).replace(" ", "")
