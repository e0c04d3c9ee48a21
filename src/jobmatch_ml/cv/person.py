"""Who the person is: name, headline and contacts, at a CV's head or in a column of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from jobmatch_ml.cv.contacts import (
    EMAIL,
    FIELDS,
    PHONE,
    URL,
    is_contact,
    looks_like_name,
    split_name,
)
from jobmatch_ml.cv.head_scores import find_towns, is_occupation, is_place
from jobmatch_ml.cv.headings import BULLETS, fold, is_bullet
from jobmatch_ml.cv.pieces import JOINT
from jobmatch_ml.cv.reading import ContentType, Evidence, ExtractedLine, TextLine

_TOWN = r"[A-ZÀ-Ý][\w'’-]{1,30}(?: \w[\w'’-]{0,30}){0,4}"
# A town stands behind its code; before it only in brackets, or where none stands behind.
_POSTAL = re.compile(
    rf"\b(?:F-)?\d{{5}}\s+{_TOWN}|{_TOWN}\s+(?:\(\d{{5}}\)|\d{{5}}(?!\d|\s+[A-ZÀ-Ý]))"
)
_TITLES_OF_A_CV = frozenset({"cv", "curriculum vitae", "resume"})
_LONGEST_BROKEN = 300  # characters of what is mended, so that a hostile head stays cheap
_LINKS = ("linkedin", "github", "gitlab", "twitter", "x.com", "malt", "behance")
_NAMES_OF_LINKS = frozenset(
    ["linkedin", "github", "gitlab", "twitter", "x", "malt", "behance", "site", "web", "website",
     "internet", "page", "blog", "portfolio", "profil", "profile", "lien", "liens", "link", "links",
     "url", "personnel", "perso", "personal", "mon", "my", "en", "ligne", "online", "et", "and",
     "in", "www", "https", "http", "projet", "projets", "projects", "code"]
)  # fmt: skip
_ENDS_IN_CODE = re.compile(r"(?:^|\D)\d{5}$")
_PARTS = re.compile(r"\s?[|·•;,]\s?|\s[–—-]\s|\s?:\s|\t")
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.[a-z]{2,6}(?:/\S{0,100})?")
_LONGEST_HEADLINE = 100  # characters
_UPDATED = re.compile(
    r"(?:last )?updated\b|(?:derni[èe]re )?mise? [àa] jour\b|as of\b", re.IGNORECASE
)
_LONGEST_NAME = 60  # characters
_LONGEST_EMAIL = 150  # characters
_SCRAP = 5  # words at most
_DASH = re.compile(r"\s[–—-]\s")
_LARGE = 1.6  # times the usual height: a name's type, where nothing else tells
_FEWEST = 4  # lines from which the usual height shows
_LINES_OF_NAME = 3  # at most
_LOOKED_AT = 80  # lines of the first page
_LOOKED_AT_ALL = 400  # lines where a CV's contacts are sought


def read_head_of_cv(lines: Sequence[TextLine]) -> list[ExtractedLine]:
    """Reads name, headline and contacts; whatever else stands there introduces the person."""
    filled = [
        line
        for line in lines
        if any(map(str.isalnum, line.text)) and fold(line.text) not in _TITLES_OF_A_CV
    ]
    filled = _part_name(filled)
    found, filled = _read_form(_mend_large_type(_mend_contacts(_cells(filled))))
    named = None if any(line.last_name for line in found) else _find_name(filled)
    headline_seen = False
    for line in filled:
        if line is named:
            first, last = split_name(line.text)
            entry = make_line(ContentType.PERSONAL_INFO, line)
            found.append(replace(entry, first_name=first, last_name=last))
        elif is_contact(line.text) or URL.search(line.text) or _is_town(line.text):
            found.extend(_read_contact(line))
        else:
            entry = make_line(ContentType.SUMMARY, line)
            if not headline_seen and _is_headline(entry.content) and not is_bullet(line.text):
                headline_seen = True
                entry = replace(entry, position=_without_icon(entry.content))
            found.append(entry)
    return _without_scraps(found)


def _is_headline(text: str) -> bool:
    """Tells whether a line may be the title under the name.

    Neither is the day of the file's last change, a web address, or what stands behind an icon.
    """
    if len(text) > _LONGEST_HEADLINE or _UPDATED.match(text) or _DOMAIN.fullmatch(text):
        return False
    plain = _without_icon(text)
    return plain == text or is_occupation(plain)


def _without_icon(text: str) -> str:
    """Returns a line without the icon before it: icons are letters of private use."""
    return text[1:].lstrip() if unicodedata.category(text[0]) == "Co" else text


def _part_name(lines: list[TextLine]) -> list[TextLine]:
    """Parts a first line of name and occupation: "Inès Caradec – Développeuse"."""
    if not lines or not _opens_with_name(lines[0].text):
        return lines
    first = lines[0]
    name, rest = _DASH.split(first.text, maxsplit=1)
    below = replace(first, text=rest, start=first.start + len(first.text) - len(rest))
    return [replace(first, text=name), below, *lines[1:]]


def _opens_with_name(text: str) -> bool:
    name, *rest = _DASH.split(text, maxsplit=1)
    return bool(rest) and looks_like_name(name) and not is_contact(rest[0])


def _without_scraps(found: list[ExtractedLine]) -> list[ExtractedLine]:
    """Tells what introduces the person from scraps beside it: an age, a licence, a wish."""
    kept: list[ExtractedLine] = []
    running = False  # a sentence may be broken into short lines
    for line in found:
        plain = line.content_type is ContentType.SUMMARY and not line.position
        short = len(line.content.split()) <= _SCRAP and line.content[-1:] not in ".!?"
        scrap = plain and short and not running
        kept.append(replace(line, content_type=ContentType.OTHER) if scrap else line)
        running = plain and not scrap
    return kept


def _cells(lines: Sequence[TextLine]) -> list[TextLine]:
    """Parts lines at what the layout sets apart; names of fields alone are kept as lines."""
    found: list[TextLine] = []
    for line in lines:
        if JOINT not in line.text:
            found.append(line)
            continue
        start = line.start
        for cell in line.text.split(JOINT):
            if cell.strip():
                found.append(replace(line, text=cell, start=start))
            start += len(cell) + len(JOINT)
    return found


def _read_form(lines: Sequence[TextLine]) -> tuple[list[ExtractedLine], list[TextLine]]:
    """Reads the fields of a form that name the person, and leaves names of fields out."""
    found: list[ExtractedLine] = []
    others: list[TextLine] = []
    waiting = ""
    fields = {"first": "", "last": ""}
    for line in lines:
        label, sign, rest = line.text.partition(":")
        folded = fold(label if sign else line.text)
        if folded in FIELDS and not rest.strip():
            waiting = FIELDS[folded]
            continue
        told = FIELDS.get(folded, "") if sign else waiting
        value = rest.strip() if sign and folded in FIELDS else line.text
        waiting = ""
        if (
            told in ("first", "last", "name")
            and len(value) <= _LONGEST_NAME
            and value[:1].isupper()
        ):
            fields[told] = value
            found.append(make_line(ContentType.PERSONAL_INFO, line))
        elif told == "city" and not _POSTAL.search(value):
            found.append(replace(make_line(ContentType.CONTACT, line), location=value))
        else:
            others.append(line)
    return _named(found, fields), others


def _named(found: list[ExtractedLine], fields: dict[str, str]) -> list[ExtractedLine]:
    """Gives the person's names to the first line that holds one."""
    whole = fields.get("name") or (fields["last"] if not fields["first"] else "")
    first, last = split_name(whole) if " " in whole else (fields["first"], fields["last"] or whole)
    at = next(
        (at for at, line in enumerate(found) if line.content_type is ContentType.PERSONAL_INFO),
        None,
    )
    if at is not None and last:
        found[at] = replace(found[at], first_name=first or None, last_name=last)
    return found


def _is_town(text: str) -> bool:
    bare = text.lstrip("".join({char for char in text if not char.isalnum()} - {"("}))
    return len(bare) <= _LONGEST_NAME and is_place(bare)


def _mend_large_type(lines: Sequence[TextLine]) -> list[TextLine]:
    """Joins a name, or a headline, that a narrow column broke: lines of one large type."""
    heights = sorted(line.box[3] - line.box[1] for line in lines if line.box)
    least = 1.15 * heights[0] if heights else 0.0
    mended: list[TextLine] = []
    for line in lines:
        before = mended[-1] if mended else None
        if before and _is_broken(before, line, least):
            text = f"{before.text} {line.text}"
            box = evidence_of([before, line]).box
            mended[-1] = TextLine(text, page=before.page, start=before.start, box=box)
            continue
        mended.append(line)
    return mended


def _is_broken(before: TextLine, line: TextLine, least: float) -> bool:
    if before.box is None or line.box is None or before.page != line.page:
        return False
    if len(before.text) > _LONGEST_BROKEN:
        return False
    told = is_contact(line.text) or is_contact(before.text)
    if before.end + 1 != line.start or told or URL.search(f"{before.text}\n{line.text}"):
        return False
    height = line.box[3] - line.box[1]
    same = abs(height - min(before.box[3] - before.box[1], height + 1)) < 0.3
    near = -height < line.box[1] - before.box[3] < 0.7 * height
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
    return _in_largest_type(lines)


def _in_largest_type(lines: Sequence[TextLine]) -> TextLine | None:
    """Finds a name below a running head, by its type: by far the largest of those lines."""
    heights = sorted(line.box[3] - line.box[1] for line in lines if line.box)
    if len(heights) < _FEWEST or heights[-1] < _LARGE * heights[len(heights) // 2]:
        return None
    largest = (line for line in lines if line.box and line.box[3] - line.box[1] == heights[-1])
    return next((line for line in largest if looks_like_name(line.text)), None)


def _read_contact(line: TextLine) -> list[ExtractedLine]:
    email, phone = EMAIL.search(line.text), PHONE.search(line.text)
    place = _POSTAL.search(line.text) or next(iter(find_towns(line.text)), None)
    towns = [part for part in _PARTS.split(line.text) if part and is_place(part)]
    where = place.group(0) if place else towns[0].strip() if towns else None
    links = [_link(line, match) for match in URL.finditer(line.text)]
    if links and not (email or phone or where) and _are_names(URL.split(line.text)):
        return links
    contact = replace(
        make_line(ContentType.CONTACT, line),
        email=email.group(0).replace(" ", "") if email else None,
        phone=phone.group(0) if phone else None,
        location=where,
    )
    return [contact, *links]


def _are_names(parts: Sequence[str]) -> bool:
    """Tells whether what stands beside links only names them: "Mon site : www.exemple.fr"."""
    return all(
        part.rstrip().endswith(":") or _NAMES_OF_LINKS.issuperset(fold(part).split())
        for part in parts
    )


def _link(line: TextLine, match: re.Match[str]) -> ExtractedLine:
    url = match.group(0).rstrip(".")
    kind = next((name for name in _LINKS if name in url.casefold()), "website")
    return replace(make_line(ContentType.SOCIAL_LINK, line, url), link_type=kind, url=url)


def read_contacts(lines: Sequence[TextLine]) -> list[ExtractedLine]:
    """Reads the lines below a heading such as ``Contact``; a form's fields may name the person."""
    whole = _mend_contacts([line for line in lines if line.text.strip()])
    named, others = _read_form(_cells(whole))
    if not any(line.last_name for line in named):
        named, others = [], whole
    return [*named, *(item for line in others for item in _read_contact(line))]


def find_name_below(lines: Sequence[TextLine]) -> int | None:
    """Finds a name in the largest type of the first page, wherever its column begins.

    Where most lines are of that type it tells nothing.
    """
    first = [line for line in lines if line.page == 1 and line.text][:_LOOKED_AT]
    sizes = [line.style[0] for line in first if line.style]
    if not sizes or _opens_with_name(first[0].text):
        return None
    if sizes.count(max(sizes)) > max(_LINES_OF_NAME, len(sizes) // 2):
        return None
    for at, line in enumerate(lines[:_LOOKED_AT]):
        if line.style is None or line.style[0] != max(sizes):
            continue
        after = next((item for item in lines[at + 1 : at + 2] if item.style), None)
        broken = after is not None and after.style is not None and after.style[0] == max(sizes)
        whole = f"{line.text} {after.text}" if after is not None and broken else line.text
        if looks_like_name(line.text) or looks_like_name(whole):
            return at
    return None


def find_missing(lines: Sequence[TextLine], found: Sequence[ExtractedLine]) -> list[ExtractedLine]:
    """Finds an e-mail, telephone, place or name that no head and no section of contacts held.

    They are unmistakable wherever they stand: below another heading, at a page's foot. A name is
    taken that the e-mail address confirms.
    """
    has = {
        field
        for field in ("email", "phone", "location", "last_name")
        if any(getattr(line, field) for line in found)
    }
    extra: list[ExtractedLine] = []
    for line in lines[:_LOOKED_AT_ALL]:
        for item in _read_contact(line) if EMAIL.search(line.text) or is_contact(line.text) else ():
            told = {field for field in ("email", "phone") if getattr(item, field)} - has
            if item.location and "location" not in has and _POSTAL.search(item.location):
                told.add("location")
            if told:
                extra.append(item)
                has |= told
    if "last_name" not in has:
        emails = [line.email for line in (*found, *extra) if line.email]
        names = [line for line in lines[:_LOOKED_AT_ALL] if _is_of(line.text, emails)]
        for line in names[:1]:
            first, last = split_name(line.text)
            entry = make_line(ContentType.PERSONAL_INFO, line)
            extra.append(replace(entry, first_name=first, last_name=last))
    return extra


def _is_of(text: str, emails: Sequence[str]) -> bool:
    """Tells whether a text is a name whose words an e-mail address has."""
    if not looks_like_name(text):
        return False
    words = [word for word in fold(text).split() if len(word) > 2]
    return any(sum(word in fold(email.split("@")[0]) for word in words) >= 2 for email in emails)


def _mend_contacts(lines: Sequence[TextLine]) -> list[TextLine]:
    """Joins addresses that a narrow column broke: after a postcode, or inside an e-mail."""
    mended: list[TextLine] = []
    for line in lines:
        before = mended[-1] if mended else None
        if before and before.end + 1 == line.start and len(before.text) <= _LONGEST_BROKEN:
            code = _ENDS_IN_CODE.search(before.text) and line.text[:1].isupper()
            glued = _is_broken_email(before.text, line.text)
            if glued or (code and not is_contact(line.text)):
                # As long as both lines and the break between them, so that it ends where they do.
                text = f"{before.text}{line.text} " if glued else f"{before.text} {line.text}"
                box = evidence_of([before, line]).box
                mended[-1] = TextLine(text, page=before.page, start=before.start, box=box)
                continue
        mended.append(line)
    return mended


def _is_broken_email(first: str, second: str) -> bool:
    """Tells whether an e-mail address goes over the end of a line, at a sign inside it."""
    word = first.rpartition(" ")[2][-_LONGEST_EMAIL:]
    if not second.startswith("@") and not ("@" in word and word[-1] in "@.-"):
        return False
    if EMAIL.search(word) and (not second.islower() or " " in second or "@" in second):
        return False  # it may be whole, and the sign the sentence's
    ends = (match.end() for match in EMAIL.finditer(word + second[:_LONGEST_EMAIL]))
    return any(end > len(word) for end in ends)


def evidence_of(lines: Sequence[TextLine]) -> Evidence:
    """Returns where lines stand that follow each other; the box is that of the first page."""
    boxes = [line.box for line in lines if line.box and line.page == lines[0].page]
    box = None
    if boxes:
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        box = (min(lefts), min(tops), max(rights), max(bottoms))
    return Evidence(lines[0].page, lines[0].start, lines[-1].end, box)


def make_line(kind: ContentType, source: TextLine, content: str = "") -> ExtractedLine:
    """Makes an extracted line of a whole line, or of ``content`` in it."""
    text = bare(content or source.text) or source.text
    return ExtractedLine(kind, text, 0, evidence=evidence_of([source]))


def bare(text: str) -> str:
    """Returns a line's words: no bullet, no markdown emphasis, no heading marks."""
    return text.replace("**", "").strip(" \t*_#|" + BULLETS)
