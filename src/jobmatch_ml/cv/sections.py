"""Text lines → extracted lines, by headings and simple rules. No model, no network, no state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from jobmatch_ml.cv.contacts import EMAIL, PHONE, URL, is_contact, looks_like_name, split_name
from jobmatch_ml.cv.entries import split_entries
from jobmatch_ml.cv.headings import BULLETS, find_broken_heading, find_heading, fold, is_bullet
from jobmatch_ml.cv.limits import RefusedError
from jobmatch_ml.cv.lists import split_items
from jobmatch_ml.cv.reading import ContentType, Evidence, ExtractedLine, TextLine
from jobmatch_ml.cv.words import load_words

_RULE = re.compile(r"^[\s=\-_*~.·•|]*$")  # a line that only draws a rule
_POSTAL = re.compile(r"\b\d{5}\s+[A-ZÀ-Ý][\w'’ -]{1,40}")
_TITLES_OF_A_CV = frozenset({"cv", "curriculum vitae", "resume"})
_LONGEST_BROKEN = 300  # characters of what is mended, so that a hostile head stays cheap
_LINKS = ("linkedin", "github", "gitlab", "twitter", "x.com", "malt", "behance")


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
    useful = [line for line in lines if not (line.text and _RULE.match(line.text))]
    found = list(islice(_read_sections(useful), most + 1))
    if len(found) > most:
        raise RefusedError("cv_too_much_text", f"more than {most} extracted lines")
    if not any(find_heading(line.text) for line in useful):
        found = [_as_other(line) for line in found]
    return tuple(replace(line, order=order) for order, line in enumerate(found))


def _read_sections(lines: Sequence[TextLine]) -> Iterator[ExtractedLine]:
    for kind, body in _split_sections(lines):
        yield from _READERS[kind](kind, body) if kind else _read_head(body)


def _split_sections(
    lines: Sequence[TextLine],
) -> list[tuple[ContentType | None, list[TextLine]]]:
    sections: list[tuple[ContentType | None, list[TextLine]]] = [(None, [])]
    skip = False
    for position, line in enumerate(lines):
        if skip:
            skip = False
            continue
        following = lines[position + 1].text if position + 1 < len(lines) else ""
        heading = find_broken_heading(line.text, following)
        skip = heading is not None
        heading = heading or find_heading(line.text)
        if heading is None or _runs_on(lines, position):
            sections[-1][1].append(line)
            continue
        kind, rest = heading
        sections.append((kind, []))
        if rest:
            start = line.start + line.text.rindex(rest)
            sections[-1][1].append(TextLine(rest, page=line.page, start=start, box=line.box))
    return [(kind, body) for kind, body in sections if body]


def _runs_on(lines: Sequence[TextLine], position: int) -> bool:
    """Tells whether a line in small letters is the end of the sentence above it."""
    if not position or not lines[position].text[:1].islower():
        return False
    before, line = lines[position - 1], lines[position]
    if before.box is None or line.box is None or before.page != line.page:
        return bool(before.text) and before.text[-1:] not in ".;:"
    height = line.box[3] - line.box[1]
    return line.box[1] - before.box[3] < 0.7 * height


def _evidence(lines: Sequence[TextLine]) -> Evidence:
    boxes = [line.box for line in lines if line.box and line.page == lines[0].page]
    box = None
    if boxes:
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        box = (min(lefts), min(tops), max(rights), max(bottoms))
    return Evidence(lines[0].page, lines[0].start, lines[-1].end, box)


def _line(kind: ContentType, source: TextLine, content: str = "") -> ExtractedLine:
    text = _bare(content or source.text) or source.text
    return ExtractedLine(kind, text, 0, evidence=_evidence([source]))


def _bare(text: str) -> str:
    """Returns a line's words: no bullet, no markdown emphasis, no heading marks."""
    return text.replace("**", "").strip(" \t*_#|" + BULLETS)


def _as_other(line: ExtractedLine) -> ExtractedLine:
    if line.content_type is not ContentType.SUMMARY or line.position:
        return line
    return replace(line, content_type=ContentType.OTHER)


def _read_head(lines: Sequence[TextLine]) -> list[ExtractedLine]:
    """Reads name, headline and contacts; whatever else stands there introduces the person."""
    filled = [
        line
        for line in lines
        if line.text and fold(line.text) and fold(line.text) not in _TITLES_OF_A_CV
    ]
    filled = _mend_large_type(filled)
    named = _find_name(filled)
    found: list[ExtractedLine] = []
    headline_seen = False
    for line in filled:
        if line is named:
            first, last = split_name(line.text)
            found.append(
                replace(_line(ContentType.PERSONAL_INFO, line), first_name=first, last_name=last)
            )
        elif is_contact(line.text) or URL.search(line.text):
            found.extend(_read_contact(line))
        else:
            entry = _line(ContentType.SUMMARY, line)
            if not headline_seen and len(entry.content) <= 100 and not is_bullet(line.text):
                headline_seen = True
                entry = replace(entry, position=entry.content)
            found.append(entry)
    return found


def _mend_large_type(lines: Sequence[TextLine]) -> list[TextLine]:
    """Joins a name, or a headline, that a narrow column broke: lines of one large type."""
    heights = sorted(line.box[3] - line.box[1] for line in lines if line.box)
    least = 1.15 * heights[0] if heights else 0.0
    mended: list[TextLine] = []
    for line in lines:
        before = mended[-1] if mended else None
        if before and _is_broken(before, line, least):
            text = f"{before.text} {line.text}"
            box = _evidence([before, line]).box
            mended[-1] = TextLine(text, page=before.page, start=before.start, box=box)
            continue
        mended.append(line)
    return mended


def _is_broken(before: TextLine, line: TextLine, least: float) -> bool:
    if before.box is None or line.box is None or before.page != line.page:
        return False
    if len(before.text) > _LONGEST_BROKEN:
        return False
    if before.end + 1 != line.start or is_contact(line.text) or is_contact(before.text):
        return False
    height = line.box[3] - line.box[1]
    same = abs(height - min(before.box[3] - before.box[1], height + 1)) < 0.3
    near = line.box[1] - before.box[3] < 0.7 * height
    large = height >= least and not looks_like_name(before.text)
    return same and near and (line.text[:1].islower() or large)


def _find_name(lines: Sequence[TextLine]) -> TextLine | None:
    """Finds the person's name: only beside contacts, or as the first line before a headline.

    A pasted text may open with two capitalised words that are a job; a CV that names nobody keeps
    all its words.
    """
    contacts = any(is_contact(line.text) for line in lines)
    emails = " ".join(fold(match) for line in lines for match in EMAIL.findall(line.text))
    for position, line in enumerate(lines[:4]):
        if looks_like_name(line.text):
            in_email = any(len(w) > 2 and w in emails for w in fold(line.text).split())
            if in_email or (position == 0 and (contacts or len(lines) > 1)):
                return line
    return None


def _read_contact(line: TextLine) -> list[ExtractedLine]:
    email, phone = EMAIL.search(line.text), PHONE.search(line.text)
    place = _POSTAL.search(line.text)
    links = [_link(line, match) for match in URL.finditer(line.text)]
    if links and not (email or phone or place):
        return links
    contact = replace(
        _line(ContentType.CONTACT, line),
        email=email.group(0).replace(" ", "") if email else None,
        phone=phone.group(0) if phone else None,
        location=place.group(0) if place else None,
    )
    return [contact, *links]


def _link(line: TextLine, match: re.Match[str]) -> ExtractedLine:
    url = match.group(0).rstrip(".")
    kind = next((name for name in _LINKS if name in url.casefold()), "website")
    return replace(_line(ContentType.SOCIAL_LINK, line, url), link_type=kind, url=url)


def _read_contacts(_: ContentType, lines: Sequence[TextLine]) -> list[ExtractedLine]:
    return [item for line in lines if line.text for item in _read_contact(line)]


def _read_summary(kind: ContentType, lines: Sequence[TextLine]) -> list[ExtractedLine]:
    """Joins the wrapped lines of each paragraph."""
    found: list[ExtractedLine] = []
    for paragraph in _paragraphs(lines):
        text = " ".join(_bare(line.text) for line in paragraph)
        found.append(ExtractedLine(kind, text, 0, evidence=_evidence(paragraph)))
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
        text = " ".join(_bare(line.text) for line in entry.lines)
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
                evidence=_evidence(entry.lines),
            )
        )
    return found


def _read_items(kind: ContentType, lines: Sequence[TextLine]) -> Iterator[ExtractedLine]:
    """Reads a list: one line an item, wherever it was broken."""
    for pieces in split_items(kind, lines):
        text = _bare(" ".join(piece.text for piece in pieces)) or pieces[0].text
        soft = kind is ContentType.SKILL_HARD and fold(text) in load_words("soft_skills")
        told = ContentType.SKILL_SOFT if soft else kind
        yield ExtractedLine(told, text, 0, evidence=_evidence(pieces))


def _read_plain(kind: ContentType, lines: Sequence[TextLine]) -> Iterator[ExtractedLine]:
    return (_line(kind, line) for line in lines if line.text)


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
