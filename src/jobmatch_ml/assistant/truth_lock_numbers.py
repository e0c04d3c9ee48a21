"""Numbers and dates of a text against those that the candidate told, or that follow from them."""

from __future__ import annotations

import itertools

from jobmatch_ml.assistant.claims_quantities import DatePoint, Quantity
from jobmatch_ml.assistant.claims_text import stem
from jobmatch_ml.assistant.claims_words import same_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, EvidenceText, Found
from jobmatch_ml.assistant.words import grammar

_UP = frozenset(stem(word) for word in grammar("more"))
_DOWN = frozenset(stem(word) for word in grammar("less"))
_MONTHS = {"year": 12.0, "month": 1.0, "week": 0.23}
_GRACE = 1.0  # months: "cinq ans" from 01/2019 to 12/2023


def find_date(point: DatePoint, evidence: Evidence) -> list[Found]:
    """Returns where the candidate told this year, with the same month if one is named."""
    return [
        (position, line.span(date.start, date.end))
        for position, line in enumerate(evidence.lines)
        for date in line.dates
        if date.year == point.year and point.month in (None, date.month)
    ]


def find_quantity(number: Quantity, evidence: Evidence) -> list[Found]:
    """Returns where the candidate told this number of these things, or what it follows from."""
    found = [
        (position, line.span(other.start, other.end))
        for position, line in enumerate(evidence.lines)
        for other in line.quantities
        if _same_quantity(number, other) and not _opposite(number, line)
    ]
    # "en trois mois" tells how fast something went, not how long a position lasted.
    if not found and number.unit in _MONTHS and number.lead not in ("en", "sur"):
        found = find_duration(number, evidence)
    if not found:
        found = _worked_out(number, evidence)
    if not found and number.unit == "job":
        jobs = [index for index, line in enumerate(evidence.lines) if line.kind == "experience"]
        found = [(jobs[0], evidence.lines[jobs[0]].span())] if 0 < number.value <= len(jobs) else []
    return found


def _same_quantity(claimed: Quantity, known: Quantity) -> bool:
    value = claimed.value == known.value
    more = claimed.at_least and claimed.value <= known.value <= 2 * claimed.value
    almost = claimed.nearly and 0.9 * claimed.value <= known.value <= 1.1 * claimed.value
    if not (value or more or almost):
        return False
    if claimed.unit == "people" and not known.unit and _LEADING & set(known.before):
        return True  # "Encadrement de 22 femmes et valets": people by another name
    if claimed.unit or known.unit:
        return claimed.unit == known.unit
    mine = set(claimed.after) | set(claimed.before)
    theirs = set(known.after) | set(known.before)
    if not mine:
        return not theirs or not claimed.after
    return any(same_words(word, theirs) for word in mine)


_LEADING = frozenset(stem(word) for word in ("encadrement", "equipe", "management", "direction"))
_DIFFERENCE = _UP | _DOWN | {stem(word) for word in ("plus", "perdu", "point", "descendu")}
_RATIO = frozenset(stem(word) for word in ("divise", "divisee", "multiplie", "multipliee"))
_OFF = 0.12  # "presque doublé", "plus que divisé par deux"


def _worked_out(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out what two numbers of the candidate say together: their difference or their ratio.

    They stand on one line, or on two lines of one success, and count the same.
    """
    around = set(number.after) | set(number.before)
    ratio = number.unit == "times" or bool(_RATIO & around)
    if not ratio and not _DIFFERENCE & around:
        return []
    for position, line in enumerate(evidence.lines):
        others = [*line.quantities, *evidence.beside(position)]
        for first, second in itertools.product(line.quantities, others):
            if first.unit != second.unit or not second.value or first.value <= second.value:
                continue
            share = first.value / second.value
            fits = (
                abs(share - number.value) <= _OFF * number.value
                or number.value <= share <= 1.5 * number.value
                or (number.unit == "times" and number.value < 1 and abs(1 / share - 0.5) <= 0.06)
                if ratio
                else round(first.value - second.value, 3) == number.value
            )
            if fits and (ratio or number.unit in ("", first.unit)):
                return [(position, line.span(first.start, first.end))]
    return []


def _opposite(number: Quantity, line: EvidenceText) -> bool:
    """Tells whether the text says "more" where the candidate said "less"."""
    around = set(number.after) | set(number.before)
    up, down = bool(_UP & around), bool(_DOWN & around)
    if up == down:
        return False
    ups, downs = bool(_UP & line.stems), bool(_DOWN & line.stems)
    return (up and downs and not ups) or (down and ups and not downs)


def find_duration(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "cinq ans" by periods: one position, or all of them together."""
    asked = number.value * _MONTHS[number.unit] - _GRACE
    found = [
        (position, line.span())
        for position, line in enumerate(evidence.lines)
        if line.kind == "experience" and evidence.months_of([position]) >= asked > 0
    ]
    if not found and not number.held and evidence.career_months >= asked > 0:
        dated = [
            i for i, line in enumerate(evidence.lines) if line.kind == "experience" and line.period
        ]
        found = [(i, evidence.lines[i].span()) for i in dated]
    return found
