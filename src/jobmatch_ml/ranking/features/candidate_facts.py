"""What a CV says of its owner's work and wishes: facts that features are made of.

The CV's lines (``cv/``) are the only source; what they do not say is ``None`` and becomes NaN. Who
the person is (name, age, address line, gender) is not read: of the contact lines the town alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jobmatch_ml.cv.dates import find_period
from jobmatch_ml.cv.reading import ContentType, CvReading, ExtractedLine
from jobmatch_ml.offers.flat_text import flatten, fold_term
from jobmatch_ml.ranking.features.reference_space import ReferenceSpace, towns

_NO_JOB = (
    ContentType.CONTACT, ContentType.PERSONAL_INFO, ContentType.SOCIAL_LINK, ContentType.INTEREST,
)  # fmt: skip
_POSTAL = re.compile(r"\b(\d{5})\b")
_RADIUS = re.compile(r"\b(\d{1,3})\s?km\b")
_ANYWHERE = re.compile(
    r"mobilite nationale|mobile (?:sur|dans) toute la france|toute la france|france entiere|"
    r"partout en france|anywhere in france|willing to relocate"
)
_PAY = re.compile(
    r"(?:(\d{2,3})[ .,\u202f]?(\d{3})|(\d{2,3}(?:[.,]\d)?)\s?k)\s?(?:€|euros?|eur\b)?",
    re.IGNORECASE,
)
_PAY_WORDS = re.compile(r"salaire|remuneration|pretention|brut|salary|gross|€|euros?\b|\bk€")
_CONTRACTS = (
    ("CDI", re.compile(r"\bcdi\b|duree indeterminee|permanent contract|permanent position")),
    ("CDD", re.compile(r"\bcdd\b|duree determinee|fixed[- ]term")),
    ("MIS", re.compile(r"\binterim|mission temporaire|temporary work|temp(?:ing)? work")),
    ("SAI", re.compile(r"saisonni|seasonal")),
    ("LIB", re.compile(r"freelance|independant|liberal|self-employed")),
)
_REMOTE_FULL = re.compile(
    r"100 ?% (?:en )?(?:teletravail|remote)|full[- ]remote|entierement a distance"
)
_REMOTE = re.compile(r"teletravail|remote|travail a distance|home ?office|work(?:ing)? from home")
_SHIFT = re.compile(
    r"\b[235]x8\b|horaires? (?:decales?|postes?|de nuit)|travail (?:poste|de nuit)|nuits?\b|"
    r"week-?ends?|shifts?\b"
)
_LICENCE = re.compile(r"\bpermis (?:b\b|de conduire)|\bvehicul|driving licen[cs]e|\bpermis vl\b")
_YEARS = re.compile(r"\b(\d{1,2}) (?:ans?|annees?|years?)\b(?! et (?:demi|plus) de)")


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What is known of one profile of a person.

    Args:
        candidate_id: Pseudonymous id; profiles of one person have an id of their own each.
        wished: ROME codes that the title looked for may mean.
        held: ROME codes of the positions held, the latest first.
        skills: Skill ids that the CV names.
        years: Years of experience, by dated positions; ``None``: none is dated.
        years_related: Of these, in occupations wished for or one mobility step from them.
        latitude: Of the town told; ``None``: none is known.
        longitude: Likewise.
        radius_km: How far the person goes; ``None``: not said.
        salary_min: Euros gross a year asked for.
        contracts: Contract types asked for; empty: not said.
        remote: Work from home asked for: 0 no, 1 some days, 2 always; ``None``: not said.
        has_licence: A driving licence is named.
        takes_shifts: Shift, night or week-end work is offered.
        language: ``fr``, ``en`` or ``unknown``.
        n_lines: Lines that the CV has to rank by.
    """

    candidate_id: str
    wished: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    years: float | None = None
    years_related: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    salary_min: float | None = None
    contracts: tuple[str, ...] = ()
    remote: int | None = None
    has_licence: bool = False
    takes_shifts: bool = False
    language: str = "unknown"
    n_lines: int = 0


def read_candidate_facts(
    reading: CvReading, space: ReferenceSpace, *, candidate_id: str, title: str = "", today: date
) -> CandidateFacts:
    """Reads the facts of a CV.

    Args:
        reading: The CV's lines.
        space: Occupations and skills to recognise.
        candidate_id: Id of the profile.
        title: The occupation looked for; empty: the CV's headline.
        today: The day on which positions that last are counted to.
    """
    lines = [line for line in reading.lines if line.content_type not in _NO_JOB]
    positions = [line for line in lines if line.content_type is ContentType.EXPERIENCE]
    wishes = flatten(
        "\n".join(line.content for line in lines if line.content_type is ContentType.SUMMARY)
    )
    told = "\n".join(line.content for line in lines)
    place = _place(reading.lines, wishes)
    held = _held(positions, space)
    # A title that names no occupation ("Candidature spontanée") leaves what was done last.
    wished = space.occupations_of(title or _headline(lines)) or held[:1]
    related = [line for line in positions if _is_related(line, wished, space)]
    return CandidateFacts(
        candidate_id=candidate_id,
        wished=wished,
        held=held,
        skills=tuple(sorted(space.skills_in(told))),
        years=_years(positions, wishes, today),
        years_related=_years(related, "", today) if related else 0.0 if positions else None,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        radius_km=_radius(wishes),
        salary_min=_salary(wishes),
        contracts=tuple(name for name, pattern in _CONTRACTS if pattern.search(wishes)),
        remote=_remote(wishes),
        has_licence=bool(_LICENCE.search(flatten(told))),
        takes_shifts=bool(_SHIFT.search(wishes)),
        language=reading.language,
        n_lines=len(lines),
    )


def _headline(lines: list[ExtractedLine]) -> str:
    return next((line.position for line in lines if line.position), "") or ""


def _held(positions: list[ExtractedLine], space: ReferenceSpace) -> tuple[str, ...]:
    codes = [code for line in positions for code in space.occupations_of(line.position or "")]
    return tuple(dict.fromkeys(codes))


def _is_related(line: ExtractedLine, wished: tuple[str, ...], space: ReferenceSpace) -> bool:
    rows = space.code_row
    return any(
        space.steps[rows[code], rows[wish]] <= 1
        for code in space.occupations_of(line.position or "")
        for wish in wished
    )


def _years(positions: list[ExtractedLine], wishes: str, today: date) -> float | None:
    """Returns the years covered by dated positions, overlaps counted once."""
    now = today.year * 12 + today.month - 1
    spans = []
    for line in positions:
        period = find_period(line.dates or line.content)
        if period is None:
            continue
        start = period.start[0] * 12 + (period.start[1] or 1) - 1
        # The first month and the last are worked.
        end = now + 1 if period.end is None else period.end[0] * 12 + (period.end[1] or 12)
        spans.append((start, max(start, min(end, now + 1))))
    if not spans:
        said = _YEARS.search(wishes)
        return float(said[1]) if said else None
    months, reached = 0, -1
    for start, end in sorted(spans):
        months += max(0, end - max(start, reached))
        reached = max(reached, end)
    return months / 12


def _place(lines: Iterable[ExtractedLine], wishes: str) -> tuple[float, float] | None:
    known = towns()
    for line in lines:
        if line.content_type not in (ContentType.CONTACT, ContentType.PERSONAL_INFO):
            continue
        text = line.location or line.content
        code = _POSTAL.search(text)
        names = [fold_term(part) for part in re.split(r"[,\d|]+", text)]
        for key in (code[1] if code else "", *names, code[1][:2] if code else ""):
            if key and key in known and (code or key in names):
                return known[key]
    return _named_town(wishes)


def _named_town(text: str) -> tuple[float, float] | None:
    """Returns the first known town that a sentence names."""
    known = towns()
    words = re.findall(r"[a-z']+(?:-[a-z']+)*", text)
    for place in range(len(words)):
        for length in (3, 2, 1):
            name = " ".join(words[place : place + length])
            if len(name) > 3 and name in known:
                return known[name]
    return None


def _radius(wishes: str) -> float | None:
    if _ANYWHERE.search(wishes):
        return 2000.0
    found = _RADIUS.search(wishes)
    return float(found[1]) if found else None


def _salary(wishes: str) -> float | None:
    for found in _PAY.finditer(wishes):
        if not _PAY_WORDS.search(wishes[max(0, found.start() - 40) : found.end() + 20]):
            continue
        value = (
            float(found[1]) * 1000 + float(found[2])
            if found[1]
            else float(found[3].replace(",", ".")) * 1000
        )
        if 10_000 <= value <= 300_000:
            return value
    return None


def _remote(wishes: str) -> int | None:
    if _REMOTE_FULL.search(wishes):
        return 2
    return 1 if _REMOTE.search(wishes) else None
