"""Numbers and dates of a text against those that the candidate told, or that follow from them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache

from jobmatch_ml.assistant.claims_dates import DatePoint
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import stem
from jobmatch_ml.assistant.claims_words import load_words, same_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, EvidenceText, Found
from jobmatch_ml.assistant.truth_lock_topics import counted_noun, is_off_topic
from jobmatch_ml.assistant.words import grammar

_UP = frozenset(stem(word) for word in grammar("more"))
_DOWN = frozenset(stem(word) for word in grammar("less"))
_MONTHS = {"year": 12.0, "semester": 6.0, "quarter": 3.0, "month": 1.0, "week": 0.23}
# "un contrat pour trois ans", "il nous restait six mois": nobody's career.
_NO_CAREER = frozenset({"pour", "dans", "sous", "reste", "restait", "restaient", "faut", "fallait"})
NEARLY = 0.95  # "près de neuf ans" are eight and ten months
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
    found = [place for place in found if not is_off_topic(number, place, evidence)]
    noun = counted_noun(number)
    told = [place for place in found if _counts(place, noun, evidence)]
    # Who told of 20 files and 60 contracts has not told of 60 files.
    if noun and not told and noun in evidence.counted:
        found = []
    # "en trois mois" tells how fast something went, not how long a position lasted.
    if (
        not found
        and number.unit in _MONTHS
        and number.lead not in _NO_CAREER
        and not _often(number)
    ):
        soon = number.lead in ("en", "sur")
        found = _stages(number, evidence) if soon else find_duration(number, evidence)
    if not found and _often(number):
        found = _regularly(number, evidence)
    if not found:
        found = _worked_out(number, evidence)
    if not found:
        found = _counted(number, evidence) or _added_up(number, evidence)
    if not found and number.unit == "job":
        jobs = [index for index, line in enumerate(evidence.lines) if line.kind == "experience"]
        found = [(jobs[0], evidence.lines[jobs[0]].span())] if 0 < number.value <= len(jobs) else []
    return found


def _often(number: Quantity) -> bool:
    """Tells "tous les trois mois" from a length of time."""
    return number.lead == "les" and bool({"tou", "tout", "tous"} & set(number.before[:1]))


_REGULAR = {(3, "month"): "trimestr", (6, "month"): "semestr", (15, "day"): "quinzaine"}


def _regularly(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "tous les trois mois" by "chaque trimestre"."""
    word = _REGULAR.get((int(number.value), number.unit))
    lines = enumerate(evidence.lines)
    return [(at, line.span()) for at, line in lines if word and word in line.text.lower()]


def _counts(place: Found, noun: str, evidence: Evidence) -> bool:
    position, span = place
    told = evidence.lines[position].quantities
    # Who told of 5 classes and 130 pupils has no 130 classes, however near the two words are.
    exact = any(noun in other.after[:1] for other in told)
    return any(
        other.start == span.start
        and (noun in _told_of(other) if exact else same_words(noun, _told_of(other)))
        for other in told
    )


def _told_of(number: Quantity) -> set[str]:
    """Returns the stems of what a number counts: in "tickets passés de 160 à 45" it came before."""
    after = {word for word in number.after[:2] if not word.isdigit()}
    return after or set(number.before)


_SHARE_OFF = 0.005
_HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.5,
          "quarter": 2191.5, "semester": 4383.0, "year": 8766.0}  # fmt: skip
_ROUNDED = 0.05  # four weeks for a month, never five


def _same_unit(claimed: Quantity, known: Quantity) -> Quantity:
    """Returns a length of time in the other's unit: 48 hours are two days."""
    told = {claimed.unit, known.unit} <= _HOURS.keys() and (
        claimed.lead not in ("en", "sur") or claimed.lead == known.lead
    )
    if claimed.unit == known.unit or not told:
        return claimed
    value = claimed.value * _HOURS[claimed.unit] / _HOURS[known.unit]
    # "deux semaines" are 14 days, and 15 as people count them.
    weeks = "week" in (claimed.unit, known.unit)
    loose = 0.09 if weeks and (claimed.unit == "day" or claimed.value % 1) else _ROUNDED
    near = abs(value - known.value) <= loose * known.value
    return replace(claimed, value=known.value if near else value, unit=known.unit)


def _same_quantity(claimed: Quantity, known: Quantity) -> bool:
    if tell_apart(claimed, known):
        return False
    shares = _same_share(claimed, known)
    if shares is not None:
        return shares
    if _same_ratio(claimed, known):
        return True
    claimed = _same_unit(claimed, known)
    return _same_value(claimed, known) and _same_things(claimed, known)


def tell_apart(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether two numbers say different things, whatever their values.

    Ninety calls a day are not ninety a week; where a change ends is not where it began.
    """
    if claimed.rate and known.rate and claimed.rate != known.rate:
        return True
    if "one_in" in (claimed.role, known.role):
        return claimed.role != known.role and known.unit != "percent"
    return bool(claimed.role and known.role) and claimed.role != known.role


def _same_share(claimed: Quantity, known: Quantity) -> bool | None:
    """Compares "huit sur dix" and "80 %"; ``None`` where one of them is no share."""
    first, second = (
        number.share or (number.value / 100 if number.unit == "percent" else 0.0)
        for number in (claimed, known)
    )
    if claimed.share and not second:
        return False  # "douze des quatorze": not the twelve of something else
    if not (first and second) or not (claimed.share or known.share):
        return None
    both = claimed.share and known.share
    return abs(first - second) <= (_SHARE_OFF if both else 2 * _SHARE_OFF)


def _same_ratio(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether "moitié moins" and "divisé par deux" say the same."""
    first, second = (
        number.value if number.unit == "times" or _RATIO & set(number.before[:2]) else 0.0
        for number in (claimed, known)
    )
    return bool(first and second) and (
        first * second == 1 or (claimed.unit == "times" and first == second)
    )


def _same_value(claimed: Quantity, known: Quantity) -> bool:
    value = claimed.value
    return (
        value == known.value
        or (claimed.at_least and value <= known.value <= 2 * value)
        or (claimed.nearly and 0.9 * value <= known.value <= 1.15 * value)
        or (claimed.at_most and value / 2 <= known.value <= value)
    )


def _same_things(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether both count the same, whatever their values."""
    if claimed.unit == "people" and not known.unit and _LEADING & set(known.before):
        return True  # "Encadrement de 22 femmes et valets": people by another name
    if {claimed.unit, known.unit} == {"", "people"}:
        # "recruter 80 personnes" and "80 recrutements": the deed counts the people.
        deed = known.after[:1] if claimed.unit == "people" else claimed.after[:1]
        acted = claimed.before if claimed.unit == "people" else known.before
        return (_people(claimed) and _people(known)) or bool(set(deed) & set(acted))
    if claimed.unit != known.unit:
        # "64 hectares de vergers, j'en ai passé 22 en bio": the unit is said once.
        said = not claimed.unit and not claimed.after and known.unit in _MEASURES
        return said and bool(set(claimed.before) & {*known.before, *known.after})
    if claimed.unit:
        return True
    if claimed.value == known.value and not claimed.after and claimed.value % 1:
        return True  # "nous avions 4,5": hardly by chance
    mine = set(claimed.after) | set(claimed.before)
    theirs = set(known.after) | set(known.before)
    if not mine:
        return not theirs or not claimed.after
    return any(same_words(word, theirs) for word in mine)


def _people(number: Quantity) -> bool:
    """Tells whether people are counted, under whatever name: "2 stagiaires", "deux personnes"."""
    return number.unit == "people" or bool(number.after and number.after[0] in _person_stems())


@cache
def _person_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in (*load_words().roles, *_PERSONS))


def _added_up(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "34 personnes" by "4 permanents et 30 saisonniers" on one line."""
    things = not number.unit and bool(number.after) and number.after[0] not in evidence.counted
    if number.unit != "people" and not things:
        return []
    return [
        (position, line.span(first.start, second.end))
        for position, line in enumerate(evidence.lines)
        for first, second in itertools.pairwise(line.quantities)
        if first.value + second.value == number.value
        and ((_people(first) and _people(second)) or (things and not first.unit + second.unit))
        and _LISTS.fullmatch(line.text[first.end : second.start])
    ]


# Between two numbers that may be added up: "25 chaudières et 15 pompes", never "de 10 à 4".
_LISTS = re.compile(r"[^.;\d]{0,60}?(?:,| et | puis )[^.;\d]{0,12}")


_MEASURES = frozenset({"ha", "km", "kg", "m2", "money", "percent"})
_PERSONS = ("saisonnier", "permanent", "compagnon", "doctorant", "interimaire", "benevole")
_LEADING = frozenset(stem(word) for word in ("encadrement", "equipe", "management", "direction"))
_DIFFERENCE = (
    _UP
    | _DOWN
    | {
        stem(word)
        for word in ("plus", "perdu", "point", "descendu", "tot", "tard", "avance", "ecart")
    }
)
_RATIO = frozenset(stem(word) for word in ("divise", "divisee", "multiplie", "multipliee"))
_OFF = 0.12  # "presque doublé", "plus que divisé par deux"


def _worked_out(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out what two numbers of the candidate say together: their difference or their ratio.

    They stand on one line, or on two lines of one success, and count the same.
    """
    around = set(number.after) | set(number.before)
    ratio = number.unit == "times" or (not number.unit and bool(_RATIO & around))
    if not ratio and not _DIFFERENCE & around:
        return []
    for position, line in enumerate(evidence.lines):
        others = [*line.quantities, *evidence.beside(position)]
        for first, second in itertools.product(line.quantities, others):
            if not _comparable(first, second):
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


def _comparable(first: Quantity, second: Quantity) -> bool:
    """Tells whether two numbers count the same, so that their difference says something."""
    if first.unit != second.unit or not second.value or first.value <= second.value:
        return False
    if {first.role, second.role} == {"from", "to"}:
        return True
    mine = {word for word in (*first.after, *first.before) if not word.isdigit()}
    return bool(first.unit) or bool(mine & {*second.after, *second.before})


_LISTED = {stem("diplome"): "education", stem("langue"): "language",
           stem("certification"): "certification"}  # fmt: skip
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEK = re.compile(rf"\bdu ({'|'.join(_DAYS)}) au ({'|'.join(_DAYS)})\b", re.IGNORECASE)


def _counted(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "deux diplômes" or "trois langues" by the lines that hold as many."""
    if number.unit == "day":
        return _of_week(number, evidence)
    if not number.after:
        return []
    if number.after[0] not in _LISTED:
        named = [
            (index, line.span())
            for index, line in enumerate(evidence.lines)
            if line.kind in ("certification", "education") and number.after[0] in line.stems
        ]
        return named if len(named) == number.value else []
    kind = _LISTED[number.after[0]]
    lines = [index for index, line in enumerate(evidence.lines) if line.kind == kind]
    return [(lines[0], evidence.lines[lines[0]].span())] if number.value == len(lines) > 0 else []


def _of_week(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "six jours par semaine" by "du lundi au samedi"."""
    return [
        (position, line.span(match.start(), match.end()))
        for position, line in enumerate(evidence.lines)
        for match in _WEEK.finditer(line.text)
        if _DAYS.index(match[2].lower()) - _DAYS.index(match[1].lower()) + 1 == number.value
    ]


def _opposite(number: Quantity, line: EvidenceText) -> bool:
    """Tells whether the text says "more" where the candidate said "less"."""
    around = set(number.after) | set(number.before)
    up, down = bool(_UP & around), bool(_DOWN & around)
    if up == down:
        return False
    ups, downs = bool(_UP & line.stems), bool(_DOWN & line.stems)
    return (up and downs and not ups) or (down and ups and not downs)


def _stages(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "superviseure en quatre ans" by a position that lasted as long, about."""
    asked = number.value * _MONTHS[number.unit]
    return [
        (position, line.span())
        for position, line in enumerate(evidence.lines)
        if line.kind == "experience" and number.unit == "year" and line.period
        and line.period[1] is not None and abs(evidence.months_of([position]) - asked) <= _ABOUT
    ]  # fmt: skip


_ABOUT = 3  # months


def find_duration(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "cinq ans" by periods: one position, or all of them together."""
    asked = number.value * _MONTHS[number.unit] * (NEARLY if number.nearly else 1) - _GRACE
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
