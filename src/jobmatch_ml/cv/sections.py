"""Text lines → extracted lines, by headings and simple rules. No model, no network, no state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from jobmatch_ml.cv.contacts import EMAIL, PHONE
from jobmatch_ml.cv.entries import split_entries
from jobmatch_ml.cv.headings import find_broken_heading, find_heading, fold, is_bullet
from jobmatch_ml.cv.limits import RefusedError
from jobmatch_ml.cv.lists import split_items
from jobmatch_ml.cv.outline import find_outline, without_signs
from jobmatch_ml.cv.person import (
    bare,
    evidence_of,
    find_missing,
    find_name_below,
    make_line,
    read_contacts,
    read_head_of_cv,
)
from jobmatch_ml.cv.reading import ContentType, ExtractedLine, TextLine
from jobmatch_ml.cv.section_kinds import settle_kinds
from jobmatch_ml.cv.words import load_words

# A line that only draws a rule, or numbers a page.
_NOTHING = re.compile(
    r"^[\s=\-_*~.·•|]*$|^(?:page\s)?\d{1,2}(?:\s?/\s?|\s(?:sur|of)\s)\d{1,2}$|^page\s\d{1,2}$"
    r"|^[1-9]\s?/\s?[1-9]\s\|\s.*$",
    re.IGNORECASE,
)
_FOOT = re.compile(r"(?:.*\D)?(?P<page>\d{1,2})\s?(?:/|sur|of|de)\s?(?P<pages>\d{1,2})")
_LONGEST_FOOT = 80  # characters
_AGE = re.compile(r"\d{2} (?:ans|years old)$", re.IGNORECASE)


def extract_lines(lines: Sequence[TextLine], *, most: int) -> tuple[ExtractedLine, ...]:
    """Reads a CV's lines into extracted lines, in reading order and numbered from 0.

    What stands before the first heading is the head: name, headline and contacts. Without any
    heading, what is not a contact is kept as ``other``: a pasted paragraph is a CV too.

    Args:
        lines: The CV's lines in reading order.
        most: Extracted lines of one CV; reading stops there, so that a text of nothing but commas
            costs no more than a CV.

    Raises:
        RefusedError: There are more than ``most``.
    """
    feet = _find_feet(lines)
    useful = [
        line for at, line in enumerate(lines)
        if at not in feet and not (line.text and _NOTHING.match(line.text))
    ]  # fmt: skip
    useful = without_signs(useful)
    found = list(islice(_read_sections(useful), most + 1))
    found += find_missing(useful, found)
    if len(found) > most:
        raise RefusedError("cv_too_much_text", f"more than {most} extracted lines")
    if not any(find_heading(line.text) for line in useful):
        found = [_as_other(line) for line in found]
    return tuple(replace(line, order=order) for order, line in enumerate(found))


def _find_feet(lines: Sequence[TextLine]) -> set[int]:
    """Returns the first and last lines of pages that number them all: "Inès Caradec – 1/2".

    The sign alone proves nothing: "Anglais – 4/5" says how well. The figures are the pages'.
    """
    pages: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        if line.text:
            pages.setdefault(line.page, []).append(at)
    for end in (0, -1):
        places = [filled[end] for filled in pages.values()]
        if len(places) > 1 and all(_is_foot(lines[at], len(places)) for at in places):
            return set(places)
    return set()


def _is_foot(line: TextLine, pages: int) -> bool:
    match = _FOOT.fullmatch(line.text) if len(line.text) <= _LONGEST_FOOT else None
    return (
        match is not None
        and (int(match["page"]), int(match["pages"])) == (line.page, pages)
        and not EMAIL.search(line.text)
        and not PHONE.search(line.text)
    )


def _read_sections(lines: Sequence[TextLine]) -> Iterator[ExtractedLine]:
    for kind, body in _split_sections(lines):
        yield from _READERS[kind](kind, body) if kind else read_head_of_cv(body)


def _split_sections(
    lines: Sequence[TextLine],
) -> list[tuple[ContentType | None, list[TextLine]]]:
    sections: list[tuple[ContentType | None, list[TextLine]]] = [(None, [])]
    skip = False
    outline = find_outline(lines)
    named = find_name_below(lines)
    for position, line in enumerate(lines):
        if skip:
            skip = False
            continue
        following = lines[position + 1].text if position + 1 < len(lines) else ""
        heading = find_broken_heading(line.text, following)
        skip = heading is not None
        heading = heading or outline.get(position)
        if position == named and sections[-1][0] is not None:
            sections.append((None, []))
        if heading is None or _runs_on(lines, position):
            sections[-1][1].append(line)
            continue
        kind, rest = heading
        sections.append((kind, []))
        if rest:
            holder = lines[position + 1] if skip else line
            start = holder.start + holder.text.rindex(rest)
            sections[-1][1].append(TextLine(rest, page=line.page, start=start, box=holder.box))
    return settle_kinds([(kind, body) for kind, body in sections if body])


def _runs_on(lines: Sequence[TextLine], position: int) -> bool:
    """Tells whether a line in small letters is the end of the sentence above it."""
    if not position or not lines[position].text[:1].islower():
        return False
    before, line = lines[position - 1], lines[position]
    if before.box is None or line.box is None or before.page != line.page:
        return bool(before.text) and before.text[-1:] not in ".;:"
    height = line.box[3] - line.box[1]
    return line.box[1] - before.box[3] < 0.7 * height


def _as_other(line: ExtractedLine) -> ExtractedLine:
    if line.content_type is not ContentType.SUMMARY or line.position:
        return line
    return replace(line, content_type=ContentType.OTHER)


def _read_contacts(_: ContentType, lines: Sequence[TextLine]) -> list[ExtractedLine]:
    return read_contacts(lines)


def _read_summary(kind: ContentType, lines: Sequence[TextLine]) -> list[ExtractedLine]:
    """Joins the wrapped lines of each paragraph."""
    found: list[ExtractedLine] = []
    for paragraph in _paragraphs(lines):
        text = " ".join(bare(line.text) for line in paragraph)
        found.append(ExtractedLine(kind, text, 0, evidence=evidence_of(paragraph)))
    return found


def _paragraphs(lines: Iterable[TextLine]) -> list[list[TextLine]]:
    groups: list[list[TextLine]] = []
    open_group = False
    for line in lines:
        if not line.text:
            open_group = False
        elif open_group and not is_bullet(line.text):
            groups[-1].append(line)
        else:
            groups.append([line])
            open_group = True
    return groups


def _read_entries(kind: ContentType, lines: Sequence[TextLine]) -> list[ExtractedLine]:
    found = []
    for entry in split_entries(lines, kind):
        text = " ".join(bare(line.text) for line in entry.lines)
        group = fold(entry.entity) if entry.entity else None
        found.append(
            ExtractedLine(
                kind,
                text,
                0,
                entity=entry.entity,
                dates=entry.dates,
                position=entry.title,
                description=entry.description,
                group_id=group if kind is ContentType.EXPERIENCE else None,
                evidence=evidence_of(entry.lines),
            )
        )
    return found


def _read_items(kind: ContentType, lines: Sequence[TextLine]) -> Iterator[ExtractedLine]:
    """Reads a list: one line an item, wherever it was broken."""
    for pieces in split_items(kind, lines):
        text = bare(" ".join(piece.text for piece in pieces)) or pieces[0].text
        if _AGE.match(text) or EMAIL.search(text) or PHONE.fullmatch(text):
            # What stood beside the list: no list of skills holds a telephone.
            yield from read_contacts(pieces)
            continue
        soft = kind is ContentType.SKILL_HARD and fold(text) in load_words("soft_skills")
        told = ContentType.SKILL_SOFT if soft else kind
        yield ExtractedLine(told, text, 0, evidence=evidence_of(pieces))


def _read_plain(kind: ContentType, lines: Sequence[TextLine]) -> Iterator[ExtractedLine]:
    return (make_line(kind, line) for line in lines if line.text)


_Reader = Callable[[ContentType, Sequence[TextLine]], Iterable[ExtractedLine]]
_READERS: dict[ContentType, _Reader] = {
    ContentType.SUMMARY: _read_summary,
    ContentType.EXPERIENCE: _read_entries,
    ContentType.EDUCATION: _read_entries,
    ContentType.CERTIFICATION: _read_items,
    ContentType.SKILL_HARD: _read_items,
    ContentType.SKILL_SOFT: _read_items,
    ContentType.LANGUAGE: _read_items,
    ContentType.INTEREST: _read_items,
    ContentType.CONTACT: _read_contacts,
    ContentType.PERSONAL_INFO: _read_contacts,
    ContentType.SOCIAL_LINK: _read_contacts,
    ContentType.OTHER: _read_plain,
}
