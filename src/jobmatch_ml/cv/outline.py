"""Which lines are headings, told by their words and by their type together.

A CV sets its headings in one type. Where several lines that name a section share a type, other
lines of that type are headings too, in words that no list foresaw: what stands below tells their
kind. And a word such as ``Logiciels`` in lesser type is the name of a theme, not a section.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from jobmatch_ml.cv.contacts import is_contact, looks_like_name
from jobmatch_ml.cv.dates import PERIOD, is_dated
from jobmatch_ml.cv.fields import field_kind, opens_field
from jobmatch_ml.cv.headings import find_heading, fold, is_bullet, name_inside
from jobmatch_ml.cv.reading import ContentType, TextLine
from jobmatch_ml.cv.words import load_words

Look: TypeAlias = tuple[float, bool, int, bool]
"""Size, whether bold, colour, whether in capitals."""

_LONGEST = 45  # characters of a heading in unforeseen words
_MOST_WORDS = 7
_FEWEST_ALIKE = 2  # known headings that make a type one of headings
_LEAST_KNOWN = 0.4  # of the lines of that type
_FEWEST_SIGNED = 3  # headings behind one sign that make it one of headings
_SAME_SIZE = 0.3  # points between measures of one size
_SKILLS = (ContentType.SKILL_HARD, ContentType.SKILL_SOFT)
_DATED = (ContentType.EXPERIENCE, ContentType.EDUCATION)
_GUESSED_LINES = 12
_SCHOOLS = frozenset(
    ["lycee", "universite", "university", "college", "ecole", "school", "cfa", "iut", "ifsi",
     "institut", "faculte", "academy", "afpa", "greta"]
)  # fmt: skip
_LONGEST_ITEMS = 5  # words of an item, on the average


def find_outline(lines: Sequence[TextLine]) -> dict[int, tuple[ContentType, str]]:
    """Returns the kind of section that each heading opens, and what else stands on its line.

    Args:
        lines: The CV's lines in reading order.
    """
    told = {at: found for at, line in enumerate(lines) if (found := find_heading(line.text))}
    told = _without_fields(lines, told)
    looks = [look_of(line) for line in lines]
    kinds = _without_themes(heading_looks(told, looks), looks)
    if not kinds:
        return told
    usual = kinds.most_common(1)[0]
    kept = {
        at: found
        for at, found in told.items()
        if usual[1] < 3
        or not (
            _is_lesser(lines, at, found, (looks[at], usual[0]))
            or _is_small(lines, at, looks, kinds)
        )
    }
    for at, (kind, rest) in list(kept.items()):
        if kind is ContentType.OTHER and fold(lines[at].text).startswith("info"):
            body = _body(lines, at, looks, kinds)
            contacts = guess_kind(body, set()) is ContentType.CONTACT
            kept[at] = (ContentType.CONTACT if contacts else kind, rest)
    shared = _shared(kept, looks, {at for at, line in enumerate(lines) if _is_date(line.text)})
    for at in range(1, len(lines)):
        if at in kept or looks[at] in shared:
            continue
        if looks[at] in kinds and _may_head(lines, at):
            there = {kind for kind, _ in kept.values()}
            inside = name_inside(lines[at].text)
            kept[at] = (inside or guess_kind(_body(lines, at, looks, kinds), there), "")
    return kept


def without_signs(lines: Sequence[TextLine]) -> list[TextLine]:
    """Returns lines without the sign that stands before each heading: "■ Profil", "» Parcours".

    A sign of headings is not one of items: most lines behind it, in their type, name a section.
    """
    signed = {at: rest for at, line in enumerate(lines) if (rest := _behind_sign(line.text))}
    looks = {at: (lines[at].text[0], look_of(lines[at])) for at in signed}
    every = Counter(looks.values())
    known = Counter(
        looks[at] for at, rest in signed.items() if (told := find_heading(rest)) and not told[1]
    )
    heads = {
        look
        for look, count in known.items()
        if count >= _FEWEST_SIGNED and count >= _LEAST_KNOWN * every[look]
    }
    return [
        replace(line, text=signed[at], start=line.end - len(signed[at]))
        if looks.get(at) in heads
        else line
        for at, line in enumerate(lines)
    ]


def _behind_sign(text: str) -> str:
    """Returns what stands behind a sign before a line; nothing where there is no sign."""
    return text[1:].lstrip() if is_bullet(text) and text[1:2].isspace() else ""


def _without_fields(
    lines: Sequence[TextLine], told: dict[int, tuple[ContentType, str]]
) -> dict[int, tuple[ContentType, str]]:
    """Leaves out names of a form's fields: a heading stands once, not before each value."""
    beside = [fold(lines[at].text[: -len(rest)]) for at, (_, rest) in told.items() if rest]
    often = {name for name, count in Counter(beside).items() if count > 1}

    def is_named(at: int, rest: str) -> bool:
        name = fold(lines[at].text[: -len(rest)])
        near = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
        return name in often or (
            field_kind(name) is not None and any(opens_field(line.text) for line in near)
        )

    return {
        at: (kind, rest) for at, (kind, rest) in told.items() if not rest or not is_named(at, rest)
    }


def look_of(line: TextLine) -> Look | None:
    """Returns a line's type; without a layout only capitals tell a line from others."""
    upper = line.text.isupper() and sum(char.isalpha() for char in line.text) > 3
    if line.style is None:
        return (0.0, False, 0, True) if upper and line.box is None else None
    return (*line.style, upper)


def heading_looks(
    told: dict[int, tuple[ContentType, str]], looks: Sequence[Look | None]
) -> Counter[Look]:
    """Returns the types that headings have in this CV, with how many known ones have each."""
    known = Counter(
        look for at, (_, rest) in told.items() if not rest and (look := looks[at]) is not None
    )
    every = Counter(look for look in looks if look is not None)
    return Counter(
        {
            look: count
            for look, count in known.items()
            if count >= _FEWEST_ALIKE and count >= _LEAST_KNOWN * every[look]
        }
    )


def _is_date(text: str) -> bool:
    return PERIOD.fullmatch(text.strip()) is not None


def _shared(
    told: dict[int, tuple[ContentType, str]], looks: Sequence[Look | None], dates: set[int]
) -> set[Look]:
    """Returns the types of headings that themes, positions and degrees have too, below them.

    A heading with nothing under it but another one is rare: two such are none, nor is one in the
    text's size.
    """
    below = Counter(
        look
        for at, (_, rest) in told.items()
        if not rest and at + 1 < len(looks) and at + 1 not in told and at + 1 not in dates
        if (look := looks[at]) is not None and look == looks[at + 1]
    )
    body = _body_size(looks)
    return {
        look for look, count in below.items()
        if count >= _FEWEST_ALIKE or look[0] <= body + _SAME_SIZE
    }  # fmt: skip


def _body_size(looks: Sequence[Look | None]) -> float:
    return Counter(look[0] for look in looks if look is not None).most_common(1)[0][0]


def _without_themes(kinds: Counter[Look], looks: Sequence[Look | None]) -> Counter[Look]:
    """Leaves out the type of themes: that of the text or in small letters where headings are not.

    Two themes that name sections ("Logiciels") would make all of them headings.
    """
    if not kinds or kinds.most_common(1)[0][1] < 3:
        return kinds
    usual = kinds.most_common(1)[0][0]
    body = _body_size(looks)
    return Counter(
        {
            look: count
            for look, count in kinds.items()
            if look[3] or look[0] >= usual[0] - 0.4 or not (usual[3] or look[0] <= body + 0.3)
        }
    )


def guess_kind(body: Sequence[str], there: set[ContentType]) -> ContentType:
    """Guesses what a section holds whose heading says nothing.

    Args:
        body: Its first lines.
        there: Kinds of sections that the CV has under headings that are known.
    """
    texts = [text for text in body if text][:_GUESSED_LINES]
    words = [fold(text).split() for text in texts]
    dated = sum(is_dated(text) and not is_bullet(text) for text in texts)
    if texts and sum(is_contact(text) for text in texts) * 2 >= len(texts):
        return ContentType.CONTACT
    if dated >= 2 or (dated and len(texts) > 2):
        degrees = sum(not load_words("degree_first").isdisjoint(line[:3]) for line in words)
        schools = sum(not _SCHOOLS.isdisjoint(line) for line in words)
        taught = degrees >= 1 or (2 * schools >= dated and ContentType.EXPERIENCE in there)
        learnt = taught and ContentType.EDUCATION not in there
        return ContentType.EDUCATION if learnt else ContentType.EXPERIENCE
    return _guess_list(texts, words, there) if texts else ContentType.OTHER


def _guess_list(
    texts: Sequence[str], words: Sequence[list[str]], there: set[ContentType]
) -> ContentType:
    """Guesses what lines without dates are: the kinds that the CV lacks come first."""
    tongues = sum(not load_words("languages").isdisjoint(line[:1]) for line in words)
    if 2 * tongues >= len(texts):
        return ContentType.LANGUAGE
    if any(line[:1] in (["permis"], ["caces"]) for line in words):
        return ContentType.CERTIFICATION
    if sum(map(len, words)) > _LONGEST_ITEMS * len(texts) and len(texts) > 2:
        return ContentType.OTHER
    long = sum(map(len, words)) > min(12 * len(texts), 40) or texts[0].endswith(".")
    choices = (
        (ContentType.SUMMARY, ContentType.OTHER)
        if long
        else (ContentType.SKILL_HARD, ContentType.INTEREST, ContentType.OTHER)
    )
    return next(kind for kind in choices if kind not in there or kind is ContentType.OTHER)


def _is_lesser(
    lines: Sequence[TextLine], at: int, found: tuple[ContentType, str],
    looks: tuple[Look | None, Look],
) -> bool:  # fmt: skip
    """Tells whether a line that names a section is set in lesser type than the headings are."""
    kind, rest = found
    look, usual = looks
    if rest:
        tongue = not load_words("languages").isdisjoint(fold(rest).split())
        return kind in (*_SKILLS, *_DATED) or (kind is ContentType.LANGUAGE and not tongue)
    if look is None:
        return lines[at].box is not None and not lines[at].text.isupper()
    smaller = look[0] < usual[0] - 0.4
    larger = look[0] > usual[0] + 0.4
    return (smaller and look[1:] != usual[1:]) or (usual[1] and not look[1] and not larger) or (
        usual[3] and not look[3] and look[0] <= usual[0]
    )  # fmt: skip


def _is_small(
    lines: Sequence[TextLine], at: int, looks: Sequence[Look | None], kinds: Counter[Look]
) -> bool:
    """Tells whether a line is smaller than all headings: the name of a theme of skills.

    Languages are a section in any type where languages follow.
    """
    look = looks[at]
    if look is None or look in kinds or look[0] >= min(kind[0] for kind in kinds) - 0.4:
        return False
    below = " ".join(line.text for line in lines[at + 1 : at + 3])
    return load_words("languages").isdisjoint(fold(below).split())


def _may_head(lines: Sequence[TextLine], at: int) -> bool:
    text = lines[at].text
    if not 3 < len(text) <= _LONGEST or len(text.split()) > _MOST_WORDS or is_bullet(text):
        return False
    if is_contact(text) or PERIOD.search(text) or " | " in text or not text[:1].isupper():
        return False
    return not (at < 4 and looks_like_name(text)) and text[-1] not in ".,;"


def _body(
    lines: Sequence[TextLine], at: int, looks: Sequence[Look | None], kinds: Counter[Look]
) -> list[str]:
    found: list[str] = []
    for position in range(at + 1, min(at + 1 + _GUESSED_LINES, len(lines))):
        if looks[position] in kinds:
            break
        found.append(lines[position].text)
    return found
