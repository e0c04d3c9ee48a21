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
from jobmatch_ml.assistant.truth_lock_same import (
    HOURS,
    same_quantity,
    same_value,
    tell_apart,
)
from jobmatch_ml.assistant.truth_lock_sums import (
    DOWN,
    UP,
    added_up,
    part_of,
    share_of_two,
    worked_out,
)
from jobmatch_ml.assistant.truth_lock_topics import counted_noun, is_off_topic, topics_of

_MONTHS = {"year": 12.0, "semester": 6.0, "quarter": 3.0, "month": 1.0, "week": 0.23}
# "un contrat pour trois ans", "il nous restait six mois": nobody's career.
_NO_CAREER = frozenset({"pour", "dans", "sous", "restait", "restaient", "faut", "fallait"})
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
        and not _NO_TENURE & set(number.after[1:3])
        and not _often(number)
    ):
        soon = number.lead in ("en", "sur")
        found = find_duration(number, evidence) if not soon else []
        found = found or _stages(number, evidence) if soon else found
        found = found or _between_dates(number, evidence)
    if not found and (_often(number) or number.rate):
        found = _regularly(number, evidence)
    if not found:
        found = worked_out(number, evidence) or share_of_two(number, evidence)
    if not found and number.unit == "percent" and number.nearly:
        found = part_of(number, evidence)
    if not found:
        ways = (_counted, added_up, _renamed)
        found = next(filter(None, (way(number, evidence) for way in ways)), [])
    if not found and number.unit == "job":
        jobs = [index for index, line in enumerate(evidence.lines) if line.kind == "experience"]
        found = [(jobs[0], evidence.lines[jobs[0]].span())] if 0 < number.value <= len(jobs) else []
    return found


_RARE_VALUE = 10  # a larger number is hardly told of two things by chance


def _renamed(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out a large number of things that the candidate calls otherwise: "trente modes"."""
    noun = counted_noun(number)
    told = not noun or noun in evidence.counted or noun in evidence.counted_beside
    if told or number.unit or number.share or number.role or number.value < _RARE_VALUE:
        return []
    return [
        (position, line.span(other.start, other.end))
        for position, line in enumerate(evidence.lines)
        for other in line.quantities
        if other.unit in ("", "people")
        and same_value(number, other)
        and not tell_apart(number, other)
    ]


def _told_otherwise(number: Quantity, evidence: Evidence) -> bool:
    """Tells whether a length of time is said of a thing of which the candidate told another.

    "Deux mois de retard" is no tenure: the candidate told of two weeks, or of five months.
    """
    topics = [word for word in number.after[:2] if word in topics_of(number)]
    return number.unit in TIMES_LONG and any(
        other.unit in TIMES_LONG and word in other.after[:2]
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
    if number.rate and number.after[:1] == (_TIMES,):
        # "trois fois par heure" is every twenty minutes.
        asked = HOURS[number.rate] / number.value
        return [
            (at, line.span(other.start, other.end))
            for at, line in enumerate(evidence.lines)
            for other in line.quantities
            if other.unit in HOURS and _often(other) and other.value * HOURS[other.unit] == asked
        ]
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


_LISTED = {stem("diplome"): "education", stem("langue"): "language",
           stem("certification"): "certification"}  # fmt: skip
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEK = re.compile(rf"\bdu ({'|'.join(_DAYS)}) au ({'|'.join(_DAYS)})\b", re.IGNORECASE)


def _counted(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "deux diplômes" or "trois langues" by the lines that hold as many."""
    if number.unit == "day" or (number.rate == "week" and number.after[:1] == (_TIMES,)):
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
    ] or [
        # "du mercredi et du samedi": twice a week.
        (position, line.span())
        for position, line in enumerate(evidence.lines)
        if number.unit != "day" and not _WEEK.search(line.text)
        and len({token.fold for token in line.tokens} & set(_DAYS)) == number.value
    ]  # fmt: skip


_TIMES = stem("fois")


def _opposite(number: Quantity, line: EvidenceText) -> bool:
    """Tells whether the text says "more" where the candidate said "less"."""
    around = set(number.after) | set(number.before)
    up, down = bool(UP & around), bool(DOWN & around)
    if up == down:
        return False
    ups, downs = bool(UP & line.stems), bool(DOWN & line.stems)
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
    named += [word for word in number.before[:2] if word in _LEARNING]
    told = {
        i for i in jobs for word in named
        if any(word[:_ALIKE] == token.stem[:_ALIKE]
               for title in evidence.lines[i].titles for token in title)
    }  # fmt: skip
    return told or jobs


def _shorter(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "en moins de deux ans" by a position of a year and a half."""
    most = number.value * _MONTHS[number.unit]
    return [
        (position, line.span())
        for position, line in enumerate(evidence.lines)
        if line.kind == "experience" and most / 2 <= evidence.months_of([position]) <= most
    ]


_ALIKE = 5  # letters: "apprentissage", "apprenti"
_LEARNING = frozenset(stem(word) for word in ("stage", "alternance", "apprentissage"))
# "malgré deux mois perdus", "trois mois après": no tenure.
_NO_TENURE = frozenset(
    stem(word)
    for word in ("perdus", "retard", "avance", "attente", "delai", "apres", "tard", "conge")
)


def find_duration(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "cinq ans" by periods: one position, or all of them together."""
    if number.at_most:
        return _shorter(number, evidence)
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
