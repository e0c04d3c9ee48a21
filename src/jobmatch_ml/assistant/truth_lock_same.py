"""Whether two numbers say the same: their values, units, rates and what they count."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import stem
from jobmatch_ml.assistant.claims_words import load_words, same_words
from jobmatch_ml.assistant.words import grammar

_A_YEAR = {"week": 52.0, "month": 12.0, "quarter": 4.0, "year": 1.0}
_SHARE_OFF = 0.00501  # rounded
HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.5,
          "quarter": 2191.5, "semester": 4383.0, "year": 8766.0}  # fmt: skip
ROUNDED = 0.05  # four weeks for a month, never five
_WITHIN = ("sous", "dans", "de")
MEASURES = frozenset({"ha", "km", "kg", "m2", "money", "percent"})
_PERSONS = grammar("persons")
_LEADING = frozenset(stem(word) for word in ("encadrement", "equipe", "management", "direction"))
RATIO = frozenset(stem(word) for word in ("divise", "divisee", "multiplie", "multipliee"))


def _same_unit(claimed: Quantity, known: Quantity) -> Quantity:
    """Returns a length of time in the other's unit: 48 hours are two days."""
    told = {claimed.unit, known.unit} <= HOURS.keys() and (
        claimed.lead not in ("en", "sur") or known.lead in (claimed.lead, *_WITHIN)
    )
    if claimed.unit == known.unit or not told:
        return claimed
    value = claimed.value * HOURS[claimed.unit] / HOURS[known.unit]
    # "deux semaines" are 14 days, and 15 as people count them.
    weeks = "week" in (claimed.unit, known.unit)
    loose = 0.09 if weeks and (claimed.unit == "day" or claimed.value % 1) else ROUNDED
    near = abs(value - known.value) <= loose * known.value
    return replace(claimed, value=known.value if near else value, unit=known.unit)


def same_quantity(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether a number of the text says what a number of the candidate says."""
    if claimed.rate in _A_YEAR and known.rate in _A_YEAR and claimed.rate != known.rate:
        yearly = claimed.value * _A_YEAR[claimed.rate], known.value * _A_YEAR[known.rate]
        return abs(yearly[0] - yearly[1]) <= ROUNDED * yearly[1] and _same_things(claimed, known)
    if tell_apart(claimed, known):
        return False
    if _of_a_year(claimed, known):
        return True
    shares = _same_share(claimed, known)
    if shares is not None:
        return shares
    if _same_ratio(claimed, known):
        return True
    claimed = _same_unit(claimed, known)
    return same_value(claimed, known) and _same_things(claimed, known)


def _of_a_year(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether "quatre tests par mois" are the 48 tests of a year."""
    monthly = claimed.rate == "month" and not known.rate and claimed.unit == known.unit
    return (
        monthly
        and 12 * claimed.value == known.value
        and claimed.after[:1] != ()
        and claimed.after[0] in known.after[:2]
    )


def tell_apart(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether two numbers say different things, whatever their values.

    Ninety calls a day are not ninety a week; where a change ends is not where it began.
    """
    if claimed.rate and known.rate and claimed.rate != known.rate:
        return True
    if "one_in" in (claimed.role, known.role):
        return claimed.role != known.role and "percent" not in (claimed.unit, known.unit)
    return bool(claimed.role and known.role) and claimed.role != known.role


def _same_share(claimed: Quantity, known: Quantity) -> bool | None:
    """Compares "huit sur dix" and "80 %"; ``None`` where one of them is no share."""
    first, second = (
        number.share or (number.value / 100 if number.unit == "percent" else 0.0)
        for number in (claimed, known)
    )
    if {claimed.role, known.role} & {"one_in"} and "percent" in (claimed.unit, known.unit):
        # "un film sur vingt" is five percent.
        first, second = (n.value / 100 if n.unit == "percent" else 1 / n.value
                         for n in (claimed, known))  # fmt: skip
        off = 4 * _SHARE_OFF if claimed.nearly or claimed.unit != "percent" else _SHARE_OFF
        return abs(first - second) <= off or (claimed.at_least and first <= second <= 1.5 * first)
    if claimed.unit == "times" and claimed.value < 1 and known.unit == "percent":
        return abs(claimed.value - second) <= (0.08 if claimed.nearly else _SHARE_OFF)
    if claimed.share and not second:
        return False  # "douze des quatorze": not the twelve of something else
    if not (first and second) or not (claimed.share or known.share):
        return None
    both = claimed.share and known.share
    loose = _SHARE_OFF if both else 4 * _SHARE_OFF
    return abs(first - second) <= (8 * _SHARE_OFF if claimed.nearly else loose)


def _same_ratio(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether "moitié moins" and "divisé par deux" say the same."""
    first, second = (
        number.value if number.unit == "times" or RATIO & set(number.before[:2]) else 0.0
        for number in (claimed, known)
    )
    return bool(first and second) and (
        first * second == 1 or (claimed.unit == "times" and first == second)
    )


def same_value(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether two values agree, as exactly as the text says them."""
    value = claimed.value
    if claimed.within:
        return claimed.within[0] <= known.value <= claimed.within[1]
    if claimed.role == "one_in" == known.role and "moin" in claimed.before:
        return known.value >= value  # less than one in fifty
    return (
        value == known.value
        or (claimed.at_least and value <= known.value <= 2 * value)
        or (claimed.nearly and 0.9 * value <= known.value <= 1.15 * value)
        or (claimed.at_most and value / 2 <= known.value <= value)
    )


def _same_things(claimed: Quantity, known: Quantity) -> bool:
    """Tells whether both count the same, whatever their values."""
    units = {claimed.unit, known.unit}
    # Six people a day, six appointments a day; "quarante camions, à six".
    often = claimed.rate and claimed.rate == known.rate and units <= {"", "people"}
    bare = known.unit == "people" and not claimed.unit and not claimed.after
    if often or bare:
        return True
    if claimed.unit == "people" and not known.unit and _LEADING & set(known.before):
        return True  # "Encadrement de 22 femmes et valets": people by another name
    if {claimed.unit, known.unit} == {"", "people"}:
        # "recruter 80 personnes" and "80 recrutements": the deed counts the people.
        deed = known.after[:1] if claimed.unit == "people" else claimed.after[:1]
        acted = claimed.before if claimed.unit == "people" else known.before
        team = bool((load_words().leading | _TEAM) & {*claimed.before, *known.before})
        same = people(claimed) and (people(known) or (_served(known) and not team))
        return same or bool(set(deed) & set(acted))
    if claimed.unit != known.unit:
        # "64 hectares de vergers, j'en ai passé 22 en bio": the unit is said once.
        said = not claimed.unit and not claimed.after and known.unit in MEASURES
        return said and bool(set(claimed.before) & {*known.before, *known.after})
    if claimed.unit:
        return True
    return _same_words_around(claimed, known)


def _same_words_around(claimed: Quantity, known: Quantity) -> bool:
    if claimed.value == known.value and not claimed.after and claimed.value % 1:
        return True  # "nous avions 4,5": hardly by chance
    mine = set(claimed.after) | set(claimed.before)
    theirs = set(known.after) | set(known.before)
    if not mine:
        return not theirs or not claimed.after
    return any(same_words(word, theirs) for word in mine)


def people(number: Quantity) -> bool:
    """Tells whether people are counted, under whatever name: "2 stagiaires", "deux personnes"."""
    return number.unit == "people" or bool(number.after and number.after[0] in _person_stems())


_TEAM = frozenset({stem("equipe"), stem("collegue")})


def _served(number: Quantity) -> bool:
    """Tells whether those whom the work is done for are counted: "16 patients par jour"."""
    return bool(number.after) and number.after[0] in {stem(word) for word in grammar("served")}


@cache
def _person_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in (*load_words().roles, *_PERSONS))
