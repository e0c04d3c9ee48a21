"""Direct identifiers of a person: found in a text, and replaced before anyone else reads it.

Names, e-mail addresses, telephone numbers, postal addresses, dates of birth and ages, social
security numbers (NIR), pictures and links. Rules only, so it runs before anything is embedded,
logged or sent to a language model. A name that no rule recognises stays: the text is not anonymous.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from jobmatch_ml.cv.contacts import EMAIL, PHONE, URL, looks_like_name
from jobmatch_ml.cv.reading import CvReading

IdentifierKind: TypeAlias = Literal[
    "photo", "email", "link", "nir", "birth_date", "address", "phone", "name"
]
"""In the order in which they are looked for: a number that is a NIR is no telephone."""

MASKS: dict[IdentifierKind, str] = {
    "photo": "[PHOTO]",
    "email": "[E-MAIL]",
    "link": "[LIEN]",
    "nir": "[NIR]",
    "birth_date": "[NAISSANCE]",
    "address": "[ADRESSE]",
    "phone": "[TÉLÉPHONE]",
    "name": "[NOM]",
}
"""What stands in the place of an identifier."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in a text: ``text[start:end]``."""

    kind: IdentifierKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without identifiers.

    Args:
        text: With masks in their places.
        found: Where they stood in the original.
    """

    text: str
    found: tuple[Identifier, ...]


# Every repetition is bounded: a hostile line must not make a pattern back-track for minutes.
_MONTHS = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|"
    r"d[ée]cembre|january|february|march|april|may|june|july|august|september|october|november|"
    r"december)"
)
_DATE = (
    r"(?:\d{1,2}(?:er|st|nd|rd|th)?[\s./-]{1,3}(?:\d{1,2}|" + _MONTHS + r")[\s./-]{1,3}\d{2,4}"
    r"|\d{4}[./-]\d{1,2}[./-]\d{1,2}|" + _MONTHS + r"\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|\d{4})"
)
_BIRTHS = (
    re.compile(
        r"(?:\bn[ée]e?(?:\(e\))?\s(?:[àa]\s[\w' -]{2,40}?\s)?(?:le|en)\s|\bborn\s(?:on|in)?\s?"
        r"|\bdate\s(?:de\snaissance|of\sbirth)\s?:?\s?|\bd\.?o\.?b\.?\s?:?\s?"
        r"|\bnaissance\s?:\s?)(?P<it>" + _DATE + ")",
        re.IGNORECASE,
    ),
    re.compile(r"(?:^|[,|·–-]\s?|\b[âa]ge\s?:\s?)(?P<it>\d{2}\s?(?:ans|years?\sold))"
               r"\b(?!\s?d[’'e])", re.IGNORECASE | re.MULTILINE),
)  # fmt: skip
_NIR = re.compile(
    r"(?<!\d)[12][\s.]?\d{2}[\s.]?(?:0[1-9]|1[0-2]|[2-9]\d)[\s.]?(?:\d{2}|2[AB])[\s.]?\d{3}"
    r"[\s.]?\d{3}(?:[\s.]?\d{2})?(?!\d)"
)
_PHOTO = re.compile(
    r"!\[[^\]\n]{0,80}\]\([^)\n]{1,5000}\)|<img\b[^>\n]{1,5000}>"
    r"|data:image/[a-z+]{2,10};base64,[A-Za-z0-9+/=]{8,5000}",
    re.IGNORECASE,
)
_SPACED_EMAIL = re.compile(r"[\w+-]{1,64}(?:\s?\.\s?[\w+-]{1,64}){0,4}\s?@\s?[\w-]{1,63}"
                           r"(?:\.[\w-]{1,63}){1,4}")  # fmt: skip
_SHORT_PHONE = re.compile(r"(?<![\w/.])(?:\(\d{2,4}\)\s?\d{3,4}[\s.-]\d{3,4})(?!\w)")
_BARE_LINK = re.compile(
    r"(?<![\w@./])(?:[\w-]{1,40}\.){1,3}(?:com|org|net|fr|io|dev|me|eu)/[\w./?=&%#-]{1,150}",
    re.IGNORECASE,
)
_WAY = (
    r"(?:rue|avenue|av\.|bd|boulevard|place|chemin|impasse|all[ée]es?|route|quai|cours|square|"
    r"r[ée]sidence|lotissement|faubourg|passage|villa|hameau|lieu-dit)"
)
_TOWN = r"(?:F-)?\d{5}\s[A-ZÀ-Ý][\w'’ -]{1,40}"
_POSTCODE_UK = r"[A-Z]{1,2}\d{1,2}[A-Z]?\s\d[A-Z]{2}"
_STREET_EN = (
    r"(?:street|road|lane|avenue|drive|close|court|way|crescent|terrace|place|gardens|square)"
)
_FLAT = r"(?:(?:flat|apt\.?|apartment|unit)\s?\w{1,5},?\s)?"
_FRENCH = (
    r"(?:\d{1,4}\s?(?:bis|ter|quater)?,?\s)?" + _WAY + r"\s[^\n|,;·]{2,50}?"
    r"(?:,\s[^\n|,;·]{1,30}?){0,2}[,\s]{1,3}" + _TOWN
)
_ADDRESSES = (
    re.compile(_FRENCH, re.IGNORECASE),
    re.compile(_FLAT + r"\d{1,5}\s[A-Z][\w' ]{1,40}?\s" + _STREET_EN + r"[^\n|;·]{0,40}?\b"
               + f"(?-i:{_POSTCODE_UK})", re.IGNORECASE),
    # Without a town, or a town without a street: the whole of a line, or of a part of it.
    re.compile(r"(?:^|[|·]\s?)(?P<it>\d{1,4}\s?(?:bis|ter|quater)?,?\s" + _WAY
               + r"\s[^\n|;·\d.]{2,50}?)\s{0,3}(?=$|[|·])", re.IGNORECASE | re.MULTILINE),
    re.compile(r"(?:^|[|·]\s?)(?P<it>(?-i:" + _TOWN + r"))\s{0,3}(?=$|[|·])",
               re.IGNORECASE | re.MULTILINE),
    re.compile(r"(?:^|\b)(?:(?:adresse|address|domicile)\s?:|demeurant(?:\sau)?)\s(?P<it>[^\n|;·@]{5,100})",
               re.IGNORECASE | re.MULTILINE),
)  # fmt: skip
_PART = r"(?-i:[A-ZÀ-ÝŒ]\.|[A-ZÀ-ÝŒ][\w'’]{0,25}(?:-[A-ZÀ-ÝŒ][\w'’]{0,25}){0,2})"
_LINK_WORD = r"(?:(?:de|du|van|von|le|la|el|ben|da)\s){0,2}"
_FULL = _PART + r"(?:[ \t]" + _LINK_WORD + _PART + r"){1,3}"
_NAMES = (
    re.compile(
        r"\b(?:(?:pr[ée]noms?\set\s)?noms?|pr[ée]noms?|(?:full\s|last\s|first\s)?name|surname)"
        r"\s?:\s?(?P<it>" + _PART + r"(?:[ \t]" + _LINK_WORD + _PART + r"){0,3})", re.IGNORECASE),
    re.compile(
        r"\b(?:je\sm['’]appelle|je\ssoussign[ée]e?|my\sname\sis|candidature\sde|"
        r"curriculum\svitae\s(?:of|de)|cv\s(?:of|de))\s(?P<it>" + _FULL + ")", re.IGNORECASE),
    re.compile(
        r"(?-i:\b(?:M\.|Mme|Mlle|MM\.|Monsieur|Madame|Mademoiselle|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Pr\.?|"
        r"Prof\.?))\s(?P<it>" + _PART + r"(?:[ \t]" + _LINK_WORD + _PART + r"){0,3})"),
)  # fmt: skip
_TITLE = re.compile(r"^(?:M\.|Mme|Mlle|Monsieur|Madame|Mr\.?|Mrs\.?|Ms\.?|Dr\.?)\s")
_HEAD_PART = re.compile(r"\s?(?:[|·,;–—]|\s-\s)\s?")
_HEAD_LINES = 4  # lines of a CV among which its owner's name stands
_SHORTEST_NAME = 3
_NO_NAMES = {
    "curriculum vitae", "professional summary", "cover letter", "lettre de motivation",
    "work experience", "professional experience", "key skills", "software engineer",
}  # fmt: skip


def find_identifiers(
    text: str, names: Sequence[str] = (), *, whole: bool = True
) -> tuple[Identifier, ...]:
    """Finds direct identifiers.

    Args:
        text: A CV's text, or a part of it.
        names: Full names that are known, of the person say; found in either order too.
        whole: Whether it is a whole CV, at whose head the owner's name stands.

    Returns:
        In order of place; none overlaps another.
    """
    taken: list[Identifier] = []
    patterns: dict[IdentifierKind, Iterable[re.Pattern[str]]] = {
        "photo": (_PHOTO,),
        "email": (EMAIL, _SPACED_EMAIL),
        "link": (URL, _BARE_LINK),
        "nir": (_NIR,),
        "birth_date": _BIRTHS,
        "address": _ADDRESSES,
        "phone": (PHONE, _SHORT_PHONE),
        "name": _NAMES,
    }
    for kind in get_args(IdentifierKind):
        for pattern in patterns[kind]:
            for match in pattern.finditer(text):
                group = "it" if "it" in pattern.groupindex else 0
                _take(taken, kind, match.start(group), match.end(group), text)
    known = (*names, *(_head_names(text) if whole else ()))
    for name in _known_names(text, known, taken):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            if not match.group(0).islower():  # "petit" is a word, "Petit" beside "Chloé" a name
                _take(taken, "name", match.start(), match.end(), text)
    return tuple(sorted(taken, key=lambda item: item.start))


def redact(text: str, names: Sequence[str] = (), *, whole: bool = True) -> Redacted:
    """Replaces direct identifiers by their masks; arguments as in :func:`find_identifiers`.

    Example:
        >>> redact("Tél. : 06 12 34 56 78, Excel").text
        'Tél. : [TÉLÉPHONE], Excel'
    """
    found = find_identifiers(text, names, whole=whole)
    parts: list[str] = []
    position = 0
    for item in found:
        parts += [text[position : item.start], MASKS[item.kind]]
        position = item.end
    return Redacted("".join([*parts, text[position:]]), found)


def remove(text: str, names: Sequence[str] = ()) -> str:
    """Returns a line of a CV without identifiers, nothing in their places, single spaces.

    Example:
        >>> remove("Tél. : 06 12 34 56 78, Excel")
        'Tél. : , Excel'
    """
    parts: list[str] = []
    position = 0
    for item in find_identifiers(text, names, whole=False):
        parts += [text[position : item.start], " "]
        position = item.end
    return " ".join("".join([*parts, text[position:]]).split())


def names_of(reading: CvReading) -> tuple[str, ...]:
    """Returns the full names that were read in a CV."""
    return tuple(
        f"{line.first_name} {line.last_name}"
        for line in reading.lines
        if line.first_name and line.last_name
    )


def _take(taken: list[Identifier], kind: IdentifierKind, start: int, end: int, text: str) -> None:
    """Adds a find unless something else has the place; a longer find replaces those inside it."""
    while end > start and text[end - 1] in " \t,;|-–·":
        end -= 1
    inside = [item for item in taken if start <= item.start and item.end <= end]
    crossing = [item for item in taken if item.start < end and start < item.end]
    if end <= start or len(inside) < len(crossing):
        return
    if inside and all(item.end - item.start == end - start for item in inside):
        return
    taken[:] = [item for item in taken if item not in inside]
    taken.append(Identifier(kind, start, end))


def _known_names(text: str, names: Sequence[str], taken: Sequence[Identifier]) -> list[str]:
    """Returns the ways in which known names may stand, the longest first."""
    full = [name for name in names if name.strip()]
    full += [text[item.start : item.end] for item in taken if item.kind == "name"]
    found: set[str] = set()
    mails = [text[item.start : item.end] for item in taken if item.kind in ("email", "link")]
    for name in full:
        words = _TITLE.sub("", name).split()
        found |= {" ".join(words), " ".join([*words[1:], words[0]])}
        # A part alone is the person where their e-mail address has it too.
        plain = [_plain(word) for word in words]
        found |= {
            word
            for word, bare in zip(words, plain, strict=True)
            if len(bare) >= _SHORTEST_NAME and any(bare in _plain(mail) for mail in mails)
            and not word.islower() and len(words) > 1 and word == words[0]
        }  # fmt: skip
    return sorted((name for name in found if len(name) >= _SHORTEST_NAME), key=len, reverse=True)


def _head_names(text: str) -> list[str]:
    """Returns what stands at the head of a CV and looks like a name."""
    lines = [line.strip() for line in text.split("\n") if line.strip()][:_HEAD_LINES]
    for line in lines:
        part = _TITLE.sub("", _HEAD_PART.split(line)[0].strip(" #*"))
        if looks_like_name(part) and part.casefold() not in _NO_NAMES:
            return [part]
    return []


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z]", "", plain)
