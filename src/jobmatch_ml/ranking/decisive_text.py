"""What of a text decides whether an offer and a candidate fit, in few words.

A cross-encoder pays for every token of both texts, and cutting a text at its head keeps how the
company presents itself. What decides stands elsewhere: the title, skills asked for or had,
experience, contract, place. This module finds those parts by how people write them, in French and
English, in CVs, offers and occupation sheets alike; where nothing is found the head of the text
stands in. It reads plain title and text, so that a BEIR folder of any origin works.
"""

from __future__ import annotations

import re
from collections import Counter

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.texts import join_views
from jobmatch_ml.types import Document, Query

MAX_WORDS = 40
"""Words kept of the text beside the title: two such texts fill about 128 word pieces."""

_SHORT_LINE_WORDS = 7
_HEADLINE_WORDS = 14
_LONGEST_PART_WORDS = 16

# Kinds of parts, the most telling first; a part is of the first kind that it matches.
_KINDS: tuple[re.Pattern[str], ...] = (
    # Skills.
    re.compile(
        r"\bcomp[ée]tences? (?:requises?|attendues?|suivantes?)|\bcomp[ée]tences?\s*:|"
        r"\bma[iî]tris|\bconnai(?:ss|tre)|\bsavoir-faire\b|\bcertificat|\bhabilitation|"
        r"\bpermis\b|\bCACES\b|\bskills?\b|\bknowledge\b|\bproficien",
        re.IGNORECASE,
    ),
    # Experience: a number of years, or a period.
    re.compile(
        r"\bexp[ée]rience|\bd[ée]butant|\b\d+\s*(?:ans?|ann[ée]es|years?)\b|\bexperienced?\b|"
        r"\b(?:19|20)\d\d\s*[-–—]|\b(?:19|20)\d\d à|\b(?:since|depuis|from)\b.*\b(?:19|20)\d\d",
        re.IGNORECASE,
    ),
    # Contract, hours, pay.
    re.compile(
        r"\bCDI\b|\bCDD\b|\bint[ée]rim|\balternance\b|\bapprenti|\bcontrat\b|"
        r"\bdur[ée]e (?:in)?d[ée]termin[ée]e|\btemps (?:plein|partiel)|\bt[ée]l[ée]travail|"
        r"\bpermanent\b|\bfreelance\b",
        re.IGNORECASE,
    ),
    # Place.
    re.compile(
        r"\b[Ll]ieu de travail\s*:|\b[Pp]oste (?:bas[ée]|à pourvoir)\s*:|\b[Ll]ocalisation|"
        r"\b[Vv]ous travaillerez à|\(\d[\dAB]\d?\)|\b\d+\s*km\b|\b[Bb]ased in\b"
    ),
)
_LISTED = len(_KINDS)  # short lines without a full stop: how a CV lists skills, an offer its tasks
_OTHER = _LISTED + 1
_BOILERPLATE = _OTHER + 1
_TELLS_NOTHING = re.compile(
    r"\bR[ée]f\b|\boffre n°|\bcandidature|\bdonn[ée]es\b.*\btrait|\br[ée]ponse sous|\bpostulez|"
    r"\b(?:cr[ée]{2,3}|lanc[ée]+|fond[ée]+) en\b|\brenseignements\b|\bwww\.|@|\bhandicap|"
    r"\bmutuelle|\bintelligence artificielle|\bIA g[ée]n[ée]rative",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[\s\-–—•·*.]+|[\s;]+$")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÀ-ÖØ-Þ\d\-])")
# The end of a period: "2019 - 2025", "03/2021 à aujourd'hui", "since May 2020".
_PERIOD_END = re.compile(
    r"(?:\b(?:19|20)\d\d\b(?!\s*(?:€|euros))|[-–à]\s*(?:aujourd.hui|present|ce jour))"
    r"(?:\s*\([^)]{1,30}\))?",
    re.IGNORECASE,
)


def decisive_text(item: Query | Document, *, max_words: int = MAX_WORDS) -> str:
    """Returns the title and the parts of the text that decide, as one line.

    Parts of the different kinds take turns (skills twice a round, experience, contract, place,
    short lines), so that a long list of one kind does not push out the others; what room is left
    goes to the other parts, and to what every offer says last. The text's own order is kept in the
    result. Of an experience the headline counts (position, employer, period), its tasks only where
    there is room.

    Args:
        item: A query or document of either side.
        max_words: Words kept of the text, >= 1; the title comes on top.

    Raises:
        InputError: ``max_words`` is below 1.

    Example:
        >>> offer = Document("1", "Soudeur", "Leader de son marché. Nous recrutons. Poste en CDI.")
        >>> decisive_text(offer, max_words=3)
        'Soudeur. Poste en CDI.'
    """
    if max_words < 1:
        raise InputError(f"max_words is {max_words}; expected a number >= 1", field="max_words")
    title = " ".join(item.title.split())
    parts = [part for part in _parts(item.text) if part.casefold() != title.casefold()]
    room = max_words
    chosen: dict[int, str] = {}
    for place in _by_importance(parts):
        words = parts[place].split()[: min(room, _LONGEST_PART_WORDS)]
        if words:
            chosen[place] = " ".join(words)
            room -= len(words)
    return join_views(title, " ".join(chosen[place] for place in sorted(chosen)), separator=". ")


def _parts(text: str) -> list[str]:
    """Cuts a text into lines, lines into sentences, experiences into headline and tasks."""
    found: list[str] = []
    for line in text.splitlines():
        for sentence in _SENTENCE_END.split(line):
            part = _BULLET.sub("", sentence)
            found += [piece for piece in _headline_and_tasks(part) if piece]
    return list(dict.fromkeys(found))


def _headline_and_tasks(part: str) -> tuple[str, str]:
    ends = [
        match.end()
        for match in _PERIOD_END.finditer(part)
        if len(part[: match.end()].split()) <= _HEADLINE_WORDS
    ]
    end = ends[-1] if ends else len(part)
    return part[:end].strip(), part[end:].strip()


def _by_importance(parts: list[str]) -> list[int]:
    """Returns the places of the parts, the most telling first."""
    seen: Counter[int] = Counter()
    keys: list[tuple[int, int, int]] = []
    for place, part in enumerate(parts):
        kind = _kind(part)
        # Parts of the last two kinds come after all others.
        turn = {0: seen[0] // 2, _OTHER: len(parts), _BOILERPLATE: len(parts)}.get(kind, seen[kind])
        seen[kind] += 1
        keys.append((turn, kind, place))
    return [place for *_, place in sorted(keys)]


def _kind(part: str) -> int:
    if _TELLS_NOTHING.search(part):
        return _BOILERPLATE
    for number, pattern in enumerate(_KINDS):
        if pattern.search(part):
            return number
    is_short = len(part.split()) <= _SHORT_LINE_WORDS
    is_listed = is_short and not part.isupper() and not part.endswith((".", "!", "?", ":"))
    return _LISTED if is_listed else _OTHER
