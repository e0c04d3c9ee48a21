"""How much a part of an entry's head looks like a position, a degree, an employer or a place.

No list holds all employers, so several weak signs are weighed: words that open an occupation or a
degree, endings of agents' names, legal forms and kinds of establishments, capitals inside (names
have them, French titles do not), towns of the reference table. The weights are rough; what decides
mostly is that all entries of a section are compared (``heads``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from jobmatch_ml.cv.headings import fold
from jobmatch_ml.cv.placeholders import is_employer
from jobmatch_ml.cv.words import load_words

_POSTAL = re.compile(r"\(?\b(?:F-)?\d{2}(?:\d{3})?\b\)?|\b2[AB]\b")
_LEGAL = frozenset(
    ["sa", "sas", "sarl", "sasu", "eurl", "inc", "ltd", "llc", "gmbh", "plc", "corp", "scop", "snc"]
)
_FRENCH_AGENT = re.compile(
    r"\w{2,}(?:eur|euse|trice|ier|iere|iste|ien|ienne|logue|graphe|aire|ant|ante)s?$"
)
_ENGLISH_AGENT = re.compile(r"\w{2,}(?:er|or|ist|ian|ant|ent|yst|ive|ern|ect|hand|man|woman)$")
_SMALL = frozenset(
    [
        "a",
        "à",
        "au",
        "aux",
        "d",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "of",
        "and",
        "the",
        "for",
        "in",
        "on",
        "at",
        "un",
        "une",
        "pour",
        "sur",
        "par",
    ]
)
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AB BC MB NB NL NS ON PE QC SK"
)
_TOWN_AND_STATE = re.compile(
    r"(?<![\w’'.-])[A-Z][A-Za-zÀ-ÿ.'’-]{1,20}(?: [A-Z][A-Za-zÀ-ÿ.'’-]{1,20}){0,2},\s?"
    rf"(?:{_STATES.replace(' ', '|')})(?:\s\d{{5}})?(?=\s*(?:$|[|,;)•·–—-]))"
)
_FIRMS = frozenset(["orange"])  # towns by whose bare name a far larger employer is meant
_LONGEST = 90  # characters; what is longer is no name and no title
_WORDS = re.compile(r"[\w'’&.+-]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """Signs of one part, each about -3 to 3: the higher, the likelier."""

    role: float
    entity: float
    place: float


@lru_cache(maxsize=4096)
def weigh(text: str, *, degrees: bool = False) -> Marks:
    """Weighs one part of a head.

    Args:
        text: The part, without dates.
        degrees: Whether degrees and schools are looked for, not positions and employers.
    """
    words = fold(text).split()
    if not words or len(text) > _LONGEST:
        return Marks(-3.0, -3.0, -3.0)
    if is_employer(text):
        return Marks(-6.0, 6.0, -6.0)
    place = 2.0 if is_place(text) else 0.0
    if fold(text) in load_words("contract_notes"):
        return Marks(-1.0, -3.0, -1.0)
    entity = _entity(words)
    role = _degree(words) if degrees else _position(words)
    if entity >= 2 and role < 2:
        role -= 1.0
    role += _capitals(text)
    if text[:1].islower():
        role, entity = role - 1.0, entity - 1.5
    if text.endswith(".") and len(words) > 5:
        role, entity = role - 1.5, entity - 1.5
    return Marks(role - place, entity - place, place)


def is_place(text: str) -> bool:
    """Tells whether a text is a town that the tables know, with or without its code.

    So is any town before the code of its state: "Redmond, WA".
    """
    name = fold(_POSTAL.sub(" ", text))
    if name in _places():
        return fold(text) not in _FIRMS
    if any(match.group(0) == text.strip() for match in find_towns(text[:_LONGEST])):
        return True
    parts = [part.strip(" ()") for part in re.split(r"[,/(]|\s[-–]\s", text) if part.strip(" ()")]
    if len(parts) < 2 or len(parts) > 3:
        return False
    return all(
        fold(_POSTAL.sub(" ", part)) in _places() or not fold(_POSTAL.sub(" ", part))
        for part in parts
    )


def find_towns(text: str) -> list[re.Match[str]]:
    """Returns the towns of a text as North America writes them: "Santa Clara, CA".

    "Research intern, CA" is none: an occupation's word stands before the state.
    """
    known = load_words("occupation_first")
    return [
        match for match in _TOWN_AND_STATE.finditer(text)
        if known.isdisjoint(fold(match.group(0)).split())
    ]  # fmt: skip


def is_entity(text: str) -> bool:
    """Tells whether an employer's or school's own words open a text, or its legal form is there."""
    return _entity(fold(text).split()) >= 2


def is_occupation(text: str) -> bool:
    """Tells whether a text begins as occupations do."""
    words = fold(text).split()
    return bool(words) and words[0] in load_words("occupation_first")


@cache
def _places() -> frozenset[str]:
    from jobmatch_ml.reference import load_places

    known = frozenset(fold(place.name) for place in load_places())
    return known | load_words("foreign_towns") | load_words("countries")


def _entity(words: list[str]) -> float:
    marks = load_words("entity_marks")
    if not words:
        return 0.0
    if not _LEGAL.isdisjoint(words):
        return 3.0
    if words[0] in marks or " ".join(words[:2]) in marks:
        return 2.0
    return 1.0 if any(word in marks for word in words[1:]) else 0.0


def _position(words: list[str]) -> float:
    known = load_words("occupation_first")
    if words[0] in known:
        return 2.0
    if any(word in known for word in words[1:]):
        return 1.2
    if _FRENCH_AGENT.match(words[0]) or _ENGLISH_AGENT.match(words[-1]):
        return 0.6
    return 0.0


def _degree(words: list[str]) -> float:
    known = load_words("degree_first")
    if any(" ".join(words[:count]) in known for count in (1, 2, 3)):
        return 3.0
    return 1.0 if any(word in known for word in words[1:]) else 0.0


def _capitals(text: str) -> float:
    """Tells by the capitals inside whether a text is rather a name (below 0) or a description."""
    words = [word for word in _WORDS.findall(text) if word[:1].isalpha()]
    if text.isupper() or not words:
        return 0.0
    inner = [word for word in words[1:] if word.casefold() not in _SMALL and len(word) > 2]
    small = sum(word[:1].islower() for word in inner)
    if small:
        return 0.6
    return -0.4 if inner or words[0].isupper() else 0.0
