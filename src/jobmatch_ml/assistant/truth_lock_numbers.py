"""Numbers and dates of a text against those that the candidate told, or that follow from them."""

from __future__ import annotations

import itertools
import re

from jobmatch_ml.assistant.claims_dates import DatePoint
from jobmatch_ml.assistant.claims_number_words import TIMES_LONG
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import stem
from jobmatch_ml.assistant.claims_words import same_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, EvidenceText, Found
from jobmatch_ml.assistant.truth_lock_same import MEASURES, RATIO, people, same_quantity
from jobmatch_ml.assistant.truth_lock_topics import counted_noun, is_off_topic, topics_of
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
    if not number.value:
        return _none_left(number, evidence)
    found = [
        (position, line.span(other.start, other.end))
        for position, line in enumerate(evidence.lines)
        for other in line.quantities
        if same_quantity(number, other) and not _opposite(number, line)
    ]
    found = [place for place in found if not is_off_topic(number, place, evidence)]
    noun = counted_noun(number)
    told = [place for place in found if _counts(place, noun, evidence)]
    # Who told of 20 files and 60 contracts has not told of 60 files.
    if noun and not told and noun in evidence.counted and not number.share:
        found = []
    if not found and _told_otherwise(number, evidence):
        return []
    # "en trois mois" tells how fast something went, not how long a position lasted.
    if (
        not found
        and number.unit in _MONTHS
        and number.lead not in _NO_CAREER
        and not _often(number)
    ):
        soon = number.lead in ("en", "sur")
        found = find_duration(number, evidence) if not soon else []
        found = found or _stages(number, evidence) if soon else found
        found = found or _between_dates(number, evidence)
    if not found and _often(number):
        found = _regularly(number, evidence)
    if not found:
        found = _worked_out(number, evidence)
    if not found and number.unit == "percent" and number.nearly:
        found = _part_of(number, evidence)
    if not found:
        found = _counted(number, evidence) or _added_up(number, evidence)
    if not found and number.unit == "job":
        jobs = [index for index, line in enumerate(evidence.lines) if line.kind == "experience"]
        found = [(jobs[0], evidence.lines[jobs[0]].span())] if 0 < number.value <= len(jobs) else []
    return found


def _told_otherwise(number: Quantity, evidence: Evidence) -> bool:
    """Tells whether a length of time is said of a thing of which the candidate told another.

    "Deux mois de retard" is no tenure: the candidate told of two weeks.
    """
    topics = [word for word in number.after[:2] if word in topics_of(number)]
    return number.unit in TIMES_LONG and any(
        other.unit in TIMES_LONG and other.unit != number.unit and word in other.after[:2]
        for line in evidence.lines
        for other in line.quantities
        for word in topics
    )


_NONE = frozenset({"zero", "aucun", "aucune", "sans", "disparu", "nul", "nulle"})


def _none_left(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "tombés à zéro" by a line that tells of none of these things."""
    topics = topics_of(number)
    return [
        (position, line.span())
        for position, line in enumerate(evidence.lines)
        if _NONE & {token.fold for token in line.tokens}
        and any(same_words(word, line.stems) for word in topics)
    ]


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
        and ((people(first) and people(second)) or (things and not first.unit + second.unit))
        and _LISTS.fullmatch(line.text[first.end : second.start])
    ]


# Between two numbers that may be added up: "25 chaudières et 15 pompes", never "de 10 à 4".
_LISTS = re.compile(r"[^.;\d]{0,60}?(?:,| et | puis )[^.;\d]{0,12}")


_DIFFERENCE = (
    _UP
    | _DOWN
    | {
        stem(word)
        for word in ("plus", "perdu", "point", "descendu", "tot", "tard", "avance", "ecart")
    }
)
_OFF = 0.12  # "presque doublé", "plus que divisé par deux"


def _worked_out(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out what two numbers of the candidate say together: their difference or their ratio.

    They stand on one line, or on two lines of one success, and count the same.
    """
    around = set(number.after) | set(number.before)
    ratio = number.unit == "times" or (not number.unit and bool(RATIO & around))
    ratio = ratio or (
        number.after[:1] == (_TIMES,) and bool({"moin", "plu", "moins", "plus"} & around)
    )
    if not ratio and number.role != "by" and not _DIFFERENCE & around:
        return []
    percent = number.unit == "percent"
    topics = topics_of(number) - RATIO - _UP - _DOWN
    for position, line in enumerate(evidence.lines):
        near = evidence.told_near(position)
        off = bool(topics) and not any(same_words(word, near) for word in topics)
        others = [*line.quantities, *evidence.beside(position)]
        for first, second in itertools.product(line.quantities, others):
            ends = {first.role, second.role} == {"from", "to"}
            if not _comparable(first, second) or (off and not ends):
                continue
            fits = _fits_ratio if ratio else _fits_percent if percent else _fits
            if fits(number, first, second):
                return [(position, line.span(first.start, first.end))]
    return []


def _part_of(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "un tiers des vergers" by 22 hectares of 64."""
    return [
        (position, line.span(first.start, first.end))
        for position, line in enumerate(evidence.lines)
        for first, second in itertools.permutations(line.quantities, 2)
        if first.unit == second.unit in MEASURES and second.value > first.value
        and abs(100 * first.value / second.value - number.value) <= _PART_OFF * number.value
    ]  # fmt: skip


_PART_OFF = 0.08


def _fits_ratio(number: Quantity, first: Quantity, second: Quantity) -> bool:
    share = first.value / second.value
    if number.at_most:
        return (
            number.value / 2 <= share <= number.value
            or number.value / 2 <= 1 / share < number.value
        )
    more = number.at_least and number.value <= share <= _AT_MOST_MORE * number.value
    half = (
        number.unit == "times" and number.value < 1 and abs(1 / share - number.value) <= _HALF_OFF
    )
    return abs(share - number.value) <= _OFF * number.value or more or half


def _fits_percent(number: Quantity, first: Quantity, second: Quantity) -> bool:
    """Tells "baissé de plus d'un tiers" of 40 and 25; of percentages their points are told too."""
    if first.unit == "percent" and _fits(number, first, second):
        return True
    turned = set(number.before) | set(number.after)
    whole = second.value if _UP & turned and not _DOWN & turned else first.value
    share = 100 * (first.value - second.value) / whole
    if number.at_least:
        return number.value <= share <= _AT_MOST_MORE * number.value
    return abs(share - number.value) <= (_OFF * number.value if number.nearly else 1.0)


def _fits(number: Quantity, first: Quantity, second: Quantity) -> bool:
    if number.unit not in ("", first.unit):
        return False
    difference = round(first.value - second.value, 3)
    if number.at_least:
        return number.value <= difference <= _AT_MOST_MORE * number.value
    return difference == number.value


_HALF_OFF = 0.06
_AT_MOST_MORE = 1.5
_TIMES = stem("fois")


def _comparable(first: Quantity, second: Quantity) -> bool:
    """Tells whether two numbers count the same, so that their difference says something."""
    if first.unit != second.unit or not second.value or first.value <= second.value:
        return False
    if "by" in (first.role, second.role):
        return False  # the size of a change is none of its ends
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


def _between_dates(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "en trois ans" by "entre 2017 et 2020"."""
    return [
        (position, line.span(first.start, second.end))
        for position, line in enumerate(evidence.lines)
        for first, second in itertools.pairwise(line.dates)
        if number.unit == "year" and second.year - first.year == number.value
        and "entre" in line.text[max(0, first.start - 8) : first.start]
    ]  # fmt: skip


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


def _on_topic(number: Quantity, evidence: Evidence) -> set[int]:
    """Returns the positions whose titles name what the years were spent with; all where none does.

    "Dix ans de développement web" are no ten years of all sorts of jobs.
    """
    jobs = {i for i, line in enumerate(evidence.lines) if line.kind == "experience"}
    named = [word for word in number.after if len(word) > 3 and word in topics_of(number)]
    told = {
        i for i in jobs for word in named
        if any(word == token.stem for title in evidence.lines[i].titles for token in title)
    }  # fmt: skip
    return told or jobs


def find_duration(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "cinq ans" by periods: one position, or all of them together."""
    asked = number.value * _MONTHS[number.unit] * (NEARLY if number.nearly else 1) - _GRACE
    among = _on_topic(number, evidence)
    found = [
        (position, line.span())
        for position, line in enumerate(evidence.lines)
        if line.kind == "experience"
        and position in among
        and evidence.months_of([position]) >= asked > 0
    ]
    if not found and evidence.months_of(sorted(among)) < asked:
        return []
    if not found and not number.held and evidence.career_months >= asked > 0:
        dated = [
            i for i, line in enumerate(evidence.lines) if line.kind == "experience" and line.period
        ]
        found = [(i, evidence.lines[i].span()) for i in dated]
    return found
