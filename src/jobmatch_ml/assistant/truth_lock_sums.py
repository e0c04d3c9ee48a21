"""Numbers that follow from two others of the candidate: sums, differences, ratios, shares."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from jobmatch_ml.assistant.claims_number_words import TIMES_LONG
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import stem
from jobmatch_ml.assistant.claims_words import same_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, Found
from jobmatch_ml.assistant.truth_lock_same import MEASURES, RATIO, people
from jobmatch_ml.assistant.truth_lock_topics import topics_of
from jobmatch_ml.assistant.words import grammar

UP = frozenset(stem(word) for word in grammar("more"))
DOWN = frozenset(stem(word) for word in grammar("less"))


def added_up(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "34 personnes" by "4 permanents et 30 saisonniers" on one line."""
    things = not number.unit and bool(number.after) and number.after[0] not in evidence.counted
    if number.unit != "people" and not things:
        return []
    # "un doctorant et 2 stagiaires": one more than the number.
    one_more = [
        (position, line.span(other.start, other.end))
        for position, line in enumerate(evidence.lines)
        for other in line.quantities
        if other.value + 1 == number.value and people(other)
        and _ONE_AND.search(line.text[: other.start])
    ]  # fmt: skip
    return one_more or [
        (position, line.span(first.start, second.end))
        for position, line in enumerate(evidence.lines)
        for first, second in itertools.pairwise(line.quantities)
        if first.value + second.value == number.value
        and ((people(first) and people(second)) or (things and not first.unit + second.unit))
        and _LISTS.fullmatch(line.text[first.end : second.start])
    ]


_ONE_AND = re.compile(r"\b(?:une? |d['\u2019]une? )[^\W\d]+(?: [^\W\d]+)? et (?:de |d['\u2019])?$")
# Between two numbers that may be added up: "25 chaudières et 15 pompes", never "de 10 à 4".
_LISTS = re.compile(r"[^.;\d]{0,60}?(?:,| et | puis )[^.;\d]{0,12}")


_DIFFERENCE = (
    UP
    | DOWN
    | {
        stem(word)
        for word in (
            "plus",
            "perdu",
            "point",
            "descendu",
            "tot",
            "tard",
            "avance",
            "ecart",
            "sauve",
            "epargne",
            "evite",
            "restait",
            "reste",
            "restaient",
        )
    }
)
_OFF = 0.13  # "presque doublé", "plus que divisé par deux"


def worked_out(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out what two numbers of the candidate say together: their difference or their ratio.

    They stand on one line, or on two lines of one success, and count the same.
    """
    around = set(number.after) | set(number.before)
    ratio = number.unit == "times" or (not number.unit and bool(RATIO & around))
    ratio = ratio or (
        number.after[:1] == (_TIMES,)
        and ((number.role == "by" and not number.rate) or bool(_COMPARED & around))
    )
    if not ratio and number.role != "by" and not _DIFFERENCE & around:
        return []
    percent = number.unit == "percent"
    topics = topics_of(number) - RATIO - UP - DOWN
    for position, line in enumerate(evidence.lines):
        near = evidence.told_near(position)
        # An amount of money that follows exactly is told by itself.
        off = (
            bool(topics)
            and number.unit != "money"
            and not any(_alike(word, near) for word in topics)
        )
        here = [_in_percent(other) for other in line.quantities]
        others = [*here, *map(_in_percent, evidence.beside(position))]
        for first, second in itertools.product(here, others):
            ends = {first.role, second.role} == {"from", "to"}
            if not _comparable(first, second) or (off and not ends):
                continue
            fits = _fits_ratio if ratio else _fits_percent if percent else _fits
            if fits(number, first, second):
                return [(position, line.span(first.start, first.end))]
    return []


def _alike(word: str, stems: frozenset[str]) -> bool:
    """Tells whether one of the stems says the same or begins alike: "exclusif", "exclusivité"."""
    root = word[:_LEAST_ROOT]
    return same_words(word, stems) or (
        len(root) == _LEAST_ROOT and any(other.startswith(root) for other in stems)
    )


_LEAST_ROOT = 6


def _in_percent(number: Quantity) -> Quantity:
    """Returns "un mandat sur cinq" as 20 %, so that it compares with percentages."""
    if number.role != "one_in":
        return number
    return replace(number, value=100 / number.value, unit="percent", role="")


def part_of(number: Quantity, evidence: Evidence) -> list[Found]:
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
    fell = number.at_least and number.value < 1
    less = fell and number.value / _AT_MOST_MORE <= 1 / share <= number.value
    return abs(share - number.value) <= _OFF * number.value or more or half or less


def _fits_percent(number: Quantity, first: Quantity, second: Quantity) -> bool:
    """Tells "baissé de plus d'un tiers" of 40 and 25; of percentages their points are told too."""
    if first.unit == "percent" and _fits(number, first, second):
        return True
    turned = set(number.before) | set(number.after)
    whole = second.value if UP & turned and not DOWN & turned else first.value
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


_NO_NOUN = frozenset(
    stem(word) for word in ("depuis", "auparavant", "avant", "ensuite", "apres", "maintenant")
)
_COMPARED = frozenset(
    stem(word)
    for word in (
        "moins",
        "plus",
        "rare",
        "court",
        "frequent",
        "vite",
        "rapide",
        "nombreux",
        "rapidement",
        "longtemps",
    )
)
_HALF_OFF = 0.06
_AT_MOST_MORE = 1.5
_TIMES = stem("fois")


def _comparable(first: Quantity, second: Quantity) -> bool:
    """Tells whether two numbers count the same, so that their difference says something."""
    units = {first.unit, second.unit}
    # "onze jours", then "cinq depuis 2022": the unit is said once.
    once = len(units) == 2 and "" in units and units - {""} <= TIMES_LONG
    noun = (first if not first.unit else second).after[:1]
    bare = once and (not noun or noun[0] in _NO_NOUN or noun[0].isdigit())
    if not (len(units) == 1 or bare) or not second.value or first.value <= second.value:
        return False
    if "by" in (first.role, second.role):
        return False  # the size of a change is none of its ends
    if {first.role, second.role} == {"from", "to"}:
        return True
    mine = {word for word in (*first.after, *first.before) if not word.isdigit()}
    return bool(first.unit) or bool(mine & {*second.after, *second.before})


def share_of_two(number: Quantity, evidence: Evidence) -> list[Found]:
    """Bears out "six successions sur sept" by "36 des 42", told in one success or on one line."""
    if not number.share or not number.after:
        return []
    return [
        (position, line.span(first.start, first.end))
        for position, line in enumerate(evidence.lines)
        for first in line.quantities
        for second in (*line.quantities, *evidence.beside(position))
        if first.unit == second.unit == ""
        and first.value < second.value
        and abs(first.value / second.value - number.share) <= _SHARE_OFF
        and any(same_words(word, evidence.told_near(position)) for word in topics_of(number))
    ]


_SHARE_OFF = 0.005
