"""What a sentence says together must stand together: title, employer and dates of one position.

"Chef de rayon chez B" is invented when the candidate was chef de rayon at A and vendeur at B,
although each word has its place in the CV.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from jobmatch_ml.assistant.claims_dates import DatePoint
from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.assistant.claims_words import load_words, same_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, Found
from jobmatch_ml.assistant.truth_lock_numbers import NEARLY
from jobmatch_ml.assistant.truth_lock_same import tell_apart

_MOST_CLAIMS = 60
_NEAR = 60  # characters around a number that may say what it counts
_FAR = 70  # characters between a title and the employer that it is said of
_KINDS_OF_LINES = frozenset({"experience", "education", "success", "certification"})


def agree(
    text: str,
    claims: Sequence[Claim],
    sources: Sequence[list[Found]],
    evidence: Evidence,
    previous: Sequence[Found],
) -> tuple[list[list[Found]], list[Found]]:
    """Keeps of each claim's places those that agree with its neighbours.

    Args:
        text: The whole text.
        claims: One sentence's claims, in order.
        sources: Where each is borne out, taken alone.
        evidence: The candidate's lines.
        previous: Anchors of the line before: a line of dates belongs to the head above it.

    Returns:
        The places, and the anchors for the next line.
    """
    kept = [list(places) for places in sources]
    _from_neighbours(text, claims, kept, evidence)
    employers = [
        i
        for i, c in enumerate(claims)
        if c.kind == "employer" and any(_is_post(place, evidence) for place in kept[i])
    ]
    for index, claim in enumerate(claims):
        if claim.kind == "title" and kept[index]:
            employer = _nearest(text, claims, index, employers)
            if employer is not None:
                kept[index] = _common(kept[index], kept[employer], evidence)
    anchors = [
        i
        for i, c in enumerate(claims)
        if (c.kind in ("employer", "degree") and kept[i])
        or (_says_where(text, c) and _of_positions(kept[i], evidence))
    ]
    if sum(claim.kind == "place" for claim in claims) > 1:
        anchors = [i for i in anchors if claims[i].kind != "place"]  # "de Cluses à Besançon"
    anchors = anchors or [
        i for i, c in enumerate(claims) if c.kind == "title" and _of_positions(kept[i], evidence)
    ]
    _times(text, claims, kept, evidence, anchors=anchors, previous=previous)
    _earned(text, claims, kept, evidence)
    _pair_dates(text, claims, kept)
    lines = [place for index in anchors for place in kept[index]]
    return kept, lines


def _times(
    text: str,
    claims: Sequence[Claim],
    kept: list[list[Found]],
    evidence: Evidence,
    *,
    anchors: Sequence[int],
    previous: Sequence[Found],
) -> None:
    """Keeps of dates and lengths of time what their title, employer or line of dates bears out."""
    for index, claim in enumerate(claims):
        if not kept[index] or not (claim.kind == "date" or _is_duration(claim)):
            continue
        # Years of experience are not said of a degree that is told beside them.
        among = [i for i in anchors if claim.kind == "date" or claims[i].kind != "degree"]
        anchor = _nearest(text, claims, index, among)
        if anchor is not None:
            kept[index] = _common(kept[index], kept[anchor], evidence)
            # A title may have been held in several positions, an employer is one.
            whole = claims[anchor].kind == "title" and _lasted(
                claim, [place[0] for place in kept[anchor]], evidence
            )
            if _is_duration(claim) and not whole:
                kept[index] = [p for p in kept[index] if _lasted(claim, [p[0]], evidence)]
        elif _is_duration(claim):
            if not _spent_there(text, claims, kept, evidence, index):
                kept[index] = []
        elif previous and _only_dates(text, claims):
            kept[index] = _common(kept[index], list(previous), evidence)


def _says_where(text: str, claim: Claim) -> bool:
    """Tells whether a place is said of what stands before it: "à Lyon", not "autour de Lyon"."""
    return claim.kind == "place" and text[max(0, claim.start - 3) : claim.start] == " à "


def _told_around(text: str, claim: Claim, evidence: Evidence) -> set[int]:
    """Returns the lines that share a telling word with what stands around a number."""
    words = load_words()
    before = re.split(r"[.!?]\s|\n", text[max(0, claim.start - _NEAR) : claim.start])[-1]
    after = re.split(r"[.!?]\s|\n", text[claim.end : claim.end + _NEAR])[0]
    return {
        position
        for token in tokenize(f"{before} {after}")
        if token.fold not in words.generic and token.fold.isalpha() and len(token.fold) > 3
        for stem in (token.stem, *words.same.get(token.stem, ()))
        for position, _ in evidence.by_stem.get(stem, ())
    }


def _from_neighbours(
    text: str, claims: Sequence[Claim], kept: list[list[Found]], evidence: Evidence
) -> None:
    """Bears out a bare number by a line that the same sentence draws on anyway.

    "De 160 tickets, nous sommes descendus à 45": what the second number counts is not said again.
    """
    if len(claims) > _MOST_CLAIMS:
        return  # a table of numbers, no sentence
    counted = {
        (noun, other.value)
        for line in evidence.lines
        for other in line.quantities
        for noun in other.after[:2]
    }
    drawn_on = {place[0] for places in kept for place in places}
    for index, claim in enumerate(claims):
        detail = claim.detail
        if kept[index] or claim.kind != "number" or not isinstance(detail, Quantity):
            continue
        if detail.share and _SHARE_OF.match(text, claim.end):
            continue  # "neuf sur dix" are no nine of something else
        # "30 vendeurs" is not borne out by 30 clients where the candidate told of 4 vendeurs.
        dull = load_words().generic_stems
        noun = next(
            (w for w in detail.after[:1] if w.isalpha() and len(w) > 3 and w not in dull), ""
        )
        told = {value for stem, value in counted if stem == noun}
        if detail.unit or (told and detail.value not in told):
            continue
        lines = sorted(drawn_on | _told_around(text, claim, evidence))
        kept[index] = [
            (position, evidence.lines[position].span(other.start, other.end))
            for position in lines
            for other in (*evidence.lines[position].quantities, *evidence.beside(position))
            if other.value == detail.value
            and not other.unit
            and not tell_apart(detail, other)
            and (not noun or _is_near(noun, evidence.told_near(position)))
        ]


_SHARE_OF = re.compile(r"(?: \w+)? sur ")


def _only_dates(text: str, claims: Sequence[Claim]) -> bool:
    """Tells a line of dates, which belongs to the head above it, from "Pont roulant (2019)"."""
    if any(other.kind != "date" for other in claims):
        return False
    line = text[text.rfind("\n", 0, claims[0].start) + 1 : claims[0].start]
    sentence = re.split(r"[.!?]\s", line)[-1]
    return not [t for t in tokenize(sentence) if t.capital and t.fold not in load_words().generic]


def _is_near(noun: str, stems: frozenset[str]) -> bool:
    root = noun[:_LEAST_ROOT]
    alike = len(root) == _LEAST_ROOT and any(other.startswith(root) for other in stems)
    return alike or same_words(noun, stems)


_LEAST_ROOT = 5


def _is_duration(claim: Claim) -> bool:
    return isinstance(claim.detail, Quantity) and claim.detail.unit in ("year", "month")


_SPENT = frozenset({"employer", "place", "title", "skill", "tool"})


def _spent_there(
    text: str,
    claims: Sequence[Claim],
    kept: Sequence[list[Found]],
    evidence: Evidence,
    index: int,
) -> bool:
    """Tells whether the positions that a length of time is said of lasted as long together.

    "Pendant onze ans, j'ai monté des tableaux de bord chez Peugeot" speaks of Peugeot alone.
    """
    claim = claims[index]
    start, end = _breath(text, claim)
    jobs = {i for i, line in enumerate(evidence.lines) if line.kind == "experience"}
    told = [
        {place[0] for place in kept[i]} & jobs
        for i, other in enumerate(claims)
        if i != index and other.kind in _SPENT and start <= other.start < end
    ]
    # What several positions bear out narrows nothing down further than all of them.
    spoken_of = set().union(*told)
    if not spoken_of or spoken_of == jobs:
        return True
    return _lasted(claim, sorted(spoken_of), evidence)


def _breath(text: str, claim: Claim) -> tuple[int, int]:
    """Returns the part between commas that a number stands in, or the sentence of "pendant"."""
    detail = claim.detail
    held = isinstance(detail, Quantity) and detail.held
    held = held or bool(re.match(r"\s+durant\b", text[claim.end : claim.end + 10]))
    ends = r"[.;!?\n]" if held else r"[,.;:!?\n]"
    first = max(0, claim.start - _LONGEST_BREATH)
    last = min(len(text), claim.end + _LONGEST_BREATH)
    before = [found.end() for found in re.finditer(ends, text[first : claim.start])]
    after = re.search(ends, text[claim.end : last])
    return (first + before[-1] if before else first), (claim.end + after.start() if after else last)


_LONGEST_BREATH = 300  # characters


def _lasted(claim: Claim, positions: Sequence[int], evidence: Evidence) -> bool:
    """Tells whether positions lasted that long: a whole career says nothing of one employer."""
    detail = claim.detail
    lines = [evidence.lines[position] for position in positions]
    if not isinstance(detail, Quantity) or any(line.kind != "experience" for line in lines):
        return True
    told = [other for line in lines for other in line.quantities]
    if any(other.unit == detail.unit and other.value == detail.value for other in told):
        return True
    months = detail.value * (12 if detail.unit == "year" else 1)
    months *= NEARLY if detail.nearly else 1
    return evidence.months_of(positions) >= months - 1


_NEXT_BREATH = re.compile(
    r"[;.]\s| puis |,? dont | avant | apr[eè]s |, (?:je |j['\u2019]|il |elle )"
)


def _nearest(text: str, claims: Sequence[Claim], index: int, among: Sequence[int]) -> int | None:
    """Returns the nearest of some claims, within reach and in the same breath."""
    best, least = None, _FAR
    # "PRINCE2 (2019), Master (2020)": a date in brackets is said of what stands right before it.
    bracketed = (
        claims[index].kind == "date" and text[claims[index].end : claims[index].end + 1] == ")"
    )
    for other in among:
        first, second = sorted((claims[index], claims[other]), key=lambda claim: claim.start)
        between = text[first.end : second.start]
        if bracketed and (claims[other].start > claims[index].start or re.search("[,)]", between)):
            continue
        if re.search(
            r"[;.]\s| puis |,? dont | avant | apr[eè]s |, (?:je |j['’]|il |elle )", between
        ):
            continue
        # What stands before is what a date is said of; what follows belongs to the next thing.
        distance = len(between) + (0 if claims[other].start < claims[index].start else 15)
        if distance < least:
            best, least = other, distance
    return best


def _common(mine: list[Found], theirs: list[Found], evidence: Evidence) -> list[Found]:
    """Returns the places on lines that bear out the other claim too, or on lines beside it."""
    lines = {position for position, _ in theirs}
    if not any(evidence.lines[position].kind in _KINDS_OF_LINES for position in lines):
        return mine  # a name that is only told of, not a position
    return [place for place in mine if place[0] in lines]


def _is_post(place: Found, evidence: Evidence) -> bool:
    """Tells a place where somebody worked or learned from a name that a certificate bears."""
    return evidence.lines[place[0]].kind in ("experience", "education", "success")


def _of_positions(places: Sequence[Found], evidence: Evidence) -> bool:
    return any(evidence.lines[position].kind == "experience" for position, _ in places)


_EARNED = re.compile(
    r"\b(?:dipl[ôo]m[ée]\w*|obtenue?s?|d[ée]croch[ée]\w*|valid[ée]\w*|titulaire)\b"
    r"[^.;:,\n]{0,60}\b(?:en|depuis|de|d[èe]s)\s$",
    re.IGNORECASE,
)


def _earned(
    text: str, claims: Sequence[Claim], kept: list[list[Found]], evidence: Evidence
) -> None:
    """Demands the last year of a degree where the text says when it was earned, not begun."""
    for index, claim in enumerate(claims):
        if claim.kind != "date" or not isinstance(claim.detail, DatePoint):
            continue
        if not _EARNED.search(text, max(0, claim.start - _REACH), claim.start):
            continue
        year = claim.detail.year
        kept[index] = [
            place
            for place in kept[index]
            if (line := evidence.lines[place[0]]).kind != "education"
            or not line.dates
            or year == max(date.year for date in line.dates)
        ]


_REACH = 90  # characters


def _pair_dates(text: str, claims: Sequence[Claim], kept: list[list[Found]]) -> None:
    """Demands that both ends of a period stand on one line, where one line has them."""
    dates = [i for i, claim in enumerate(claims) if claim.kind == "date"]
    for first, second in itertools.pairwise(dates):
        between = text[claims[first].end : claims[second].start]
        if len(between) > 12 or not re.fullmatch(
            r"\s*(?:[-–—→]|à|a|au|jusqu[’']en|et)\s*\w*\s*", between
        ):
            continue
        lines = {position for position, _ in kept[first]}
        both = [place for place in kept[second] if place[0] in lines]
        if kept[first] and kept[second]:
            kept[second] = both
