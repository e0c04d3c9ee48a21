"""Pay: euros gross a year from what offers write, in the API's field or in the description.

The field speaks in a few patterns ("Mensuel de 1801.80 Euros à 2000.00 Euros sur 13.0 mois"), the
description in any. Figures that cannot belong to their period are read as a person would (28,000 a
month is 28,000 a year). The conventions are those of ``docs/offers_gold.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from jobmatch_ml.offers.flat_text import flatten

Period = Literal["year", "month", "day", "hour"]
Source = Literal["field", "description"]

FULL_TIME_HOURS = 35.0
WEEKS = 52
MONTHS = 12.0
WORKED_DAYS = 218
"""Days a year of a post paid by the day (the usual number of a "forfait jours")."""
NET_TO_GROSS = 1 / 0.78
"""Employee contributions are about 22 % of gross pay in the private sector."""
PLAUSIBLE = (2_000.0, 500_000.0)
"""Euros a year; anything outside is taken for something else than pay."""
_MAX_SPREAD = 6.0


@dataclass(frozen=True, slots=True)
class Pay:
    """What a post pays.

    Args:
        low: Euros gross a year; ``None`` when only an upper bound is stated.
        high: Upper bound; ``None`` for "from ...".
        period: What the offer's figures speak of.
        is_net: The figures were net; `low` and `high` are gross all the same.
        months: Payments a year for a monthly figure.
        source: Where it was found.
    """

    low: float | None
    high: float | None
    period: Period
    is_net: bool
    months: float
    source: Source


_NUMBER = r"\d{1,3}(?:[ .']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,6}(?:[.,]\d{1,4})?"
_UNIT = r"(?:k ?(?:€|euros?|eur|e\b)?|€|euros?\b|eur\b|e(?= brut| net|/))"
_MONEY = re.compile(
    rf"(?<![\w.,])(?P<low>{_NUMBER}) ?(?P<low_unit>{_UNIT})?(?: ?(?:bruts?|nets?))?"
    rf"(?: ?(?:-|/|a|et|>|jusqu'a) ?(?P<high>{_NUMBER}))? ?(?P<unit>{_UNIT})?(?![\w%])"
)
_PERIODS: tuple[tuple[Period, re.Pattern[str]], ...] = (
    ("hour", re.compile(r"horaire|/ ?h(?:eure)?\b|par heure|de l'heure|l'heure|brut h\b")),
    ("day", re.compile(r"\btjm\b|/ ?j(?:our)?\b|par jour|journalier|la journee")),
    ("month", re.compile(r"mensuel|/ ?mois|par mois|\bmois\b|brut mois")),
    ("year", re.compile(r"annuel|/ ?ans?\b|par an\b|l'annee|\ban\b|annee")),
)
_SUR_MOIS = re.compile(r"(?:sur|x|\*) ?(1[2-6](?:[.,]\d+)?) ?mois")
_FIELD = re.compile(
    rf"^\W*(?P<period>annuel|mensuel|horaire|journalier|autre)? ?de (?P<low>{_NUMBER}) ?euros?"
    rf"(?: a (?P<high>{_NUMBER}) ?euros?)?"
)
_FIELD_PERIODS: dict[str, Period] = {
    "annuel": "year", "mensuel": "month", "horaire": "hour", "journalier": "day",
}  # fmt: skip
_BARE = re.compile(rf"^\W*({_NUMBER})(?: ?(?:-|a|/) ?({_NUMBER}))?\W*$")
_CUE = re.compile(
    r"salaire|remuner|retribu|taux horaire|\btaux\b|fixe\b|package|brut|\bnets?\b|"
    r"coefficient|pour combien|grille|\btjm\b|\bsmic\b"
)
# Money that is not pay: what stands before it, on its own side of a full stop.
_OTHER = re.compile(
    r"prime|ticket|panier|indemnit|chiffre d'affaires|\bca\b|budget|cheque|titres? resto|"
    r"titres?[ -]restaurant|repas|segur|bonus|cooptation|capital|levee|milli|participation|forfait|"
    r"allocation|abonde|remboursement|\bvaleur\b|lots?\b|casse croute|variable|astreinte|parrain"
)
_FROM = re.compile(r"(?:a partir de|des|minimum|mini|au moins|a compter de|>)\W*$")
_UP_TO = re.compile(r"(?:jusqu'a|maximum|max|au plus)\W*$")
_NET = re.compile(r"^.{0,14}\bnets?\b(?! a payer avant)")
_HOURS = re.compile(r"(\d{1,2})\s?h(?:eures?)?\s?(\d{2})?(?!\d)")
_HOURS_A_WEEK = re.compile(
    r"(\d{1,2})(?:[.,](\d))?\s?h(?:eures?|rs?)?\s?(\d{2})?\s?(?:/|par|hebdo)\s?(?:semaine|sem|hebdo)?"
)


def weekly_hours(working_time: str | None, description: str = "") -> float | None:
    """Returns the hours of a week that an offer states, its field first; ``None`` if none.

    Args:
        working_time: The field (``37H15/semaine``, ``temps partiel - 24H Autre``).
        description: Flat text, searched where the field has no figure.

    Example:
        >>> weekly_hours("37H15/semaine"), weekly_hours("temps partiel", "poste de 10h par semaine")
        (37.25, 10.0)
    """
    found = _HOURS.search(flatten(working_time))
    if found:
        hours = int(found[1]) + int(found[2] or 0) / 60
    else:
        found = _HOURS_A_WEEK.search(description)
        if not found:
            return None
        hours = int(found[1]) + int(found[2] or 0) / 10 + int(found[3] or 0) / 60
    return hours if 1 <= hours <= 60 else None


def read_pay(field: str | None, description: str = "", *, hours: float | None = None) -> Pay | None:
    """Returns what an offer pays: the field's figures, else the description's, else nothing.

    Args:
        field: The API's ``salaire`` (its label or comment).
        description: Flat text (:func:`~jobmatch_ml.offers.flat_text.flatten`).
        hours: Hours a week for hourly pay; 35 when not known.

    Example:
        >>> read_pay("Mensuel de 1801.80 Euros sur 13.0 mois").low
        23423.4
        >>> read_pay(None, "remuneration : 35-40 k€ brut").high
        40000.0
    """
    text = flatten(field)
    return (
        _from_field(text, hours)
        or _from_prose(text, hours, "field")
        or (_from_prose(description, hours, "description"))
    )


def _from_field(text: str, hours: float | None) -> Pay | None:
    found = _FIELD.match(text)
    period = _FIELD_PERIODS.get(found["period"] or "") if found else None
    if not found:
        found = _BARE.match(text)
        if not found:
            return None
        low, high = _number(found[1]), _number(found[2])
    else:
        low, high = _number(found["low"]), _number(found["high"])
    if not low and not high:
        return None
    low, high = low or high or 0.0, high or low or 0.0
    if high < low:
        low, high = high, low
    is_net = bool(_NET.match(text[found.end() :]))
    return _yearly((low, high), period, (_months(text), hours), is_net, "field")


def _from_prose(text: str, hours: float | None, source: Source) -> Pay | None:
    """Finds the first sum that speaks of pay, by the words around it."""
    for found in _MONEY.finditer(text):
        unit = found["unit"] or found["low_unit"] or ""
        if not unit:
            continue
        before = re.split(r"[\n!?]|\. ", text[max(0, found.start() - 70) : found.start()])[-1]
        after = re.split(r"[\n!?;]|\. ", text[found.end() : found.end() + 45])[0]
        if _OTHER.search(before[-40:]) or _OTHER.match(after.strip(" +(/de'")):
            continue
        period = _period(after, before)
        heading = text[max(0, found.start() - 70) : found.start()]
        if not (_CUE.search(heading) or _CUE.search(found[0] + after) or (period and "k" in unit)):
            continue
        pay = _sum_of(found, before, (period, text[found.start() : found.end() + 80]), hours)
        if pay:
            return replace(pay, source=source)
    return None


def _sum_of(
    found: re.Match[str], before: str, said: tuple[Period | None, str], hours: float | None
) -> Pay | None:
    low, high = _number(found["low"]), _number(found["high"])
    thousands = "k" in (found["unit"] or "") or "k" in (found["low_unit"] or "")
    if low is None:
        return None
    high = low if high is None else high
    low, high = (value * 1000 if thousands and value < 1000 else value for value in (low, high))
    if high < low:
        return None
    is_net = "net" in found[0] or bool(_NET.match(said[1][len(found[0]) :]))
    pay = _yearly((low, high), said[0], (_months(said[1]), hours), is_net, "description")
    if pay and found["high"] is None:
        if _FROM.search(before):
            pay = replace(pay, high=None)
        elif _UP_TO.search(before):
            pay = replace(pay, low=None)
    return pay


def _period(after: str, before: str) -> Period | None:
    """Returns the period named nearest: right behind the sum, else in front of it."""
    for text in (after, before):
        hits = [
            (found.start() if text is after else -found.end(), period)
            for period, pattern in _PERIODS
            for found in pattern.finditer(text)
        ]
        if hits:
            return min(hits)[1]
    return None


def _yearly(
    bounds: tuple[float, float],
    period: Period | None,
    pace: tuple[float, float | None],
    is_net: bool,
    source: Source,
) -> Pay | None:
    months, hours = pace
    low, high = bounds
    period, scale = _plausible(high, period)
    times: dict[Period, float] = {
        "year": 1.0, "month": months, "day": WORKED_DAYS,
        "hour": (hours or FULL_TIME_HOURS) * WEEKS,
    }  # fmt: skip
    if high > _MAX_SPREAD * low:  # A digit too many: the lower figure alone is believed.
        high = low
    factor = times[period] * scale * (NET_TO_GROSS if is_net else 1.0)
    low, high = round(low * factor, 2), round(high * factor, 2)
    if not PLAUSIBLE[0] <= high <= PLAUSIBLE[1]:
        return None
    return Pay(low, high, period, is_net, months, source)


def _plausible(value: float, period: Period | None) -> tuple[Period, float]:
    """Returns the period that a figure can belong to, and what it must be multiplied by."""
    if value >= 9_000:
        return "year", 1.0
    if period == "year" and 15 <= value < 300:
        return "year", 1_000.0
    if value >= 900 or (period == "month" and value >= 100):
        return ("year", 1.0) if period == "year" and value >= 6_000 else ("month", 1.0)
    if value >= 90:
        return ("month", 1.0) if period == "month" else ("day", 1.0)
    return "hour", 1.0


def _months(text: str) -> float:
    found = _SUR_MOIS.search(text)
    return float(found[1].replace(",", ".")) if found else MONTHS


def _number(text: str | None) -> float | None:
    """Reads ``1 801.80``, ``35.000``, ``61 997,00`` and ``12,5``."""
    if not text:
        return None
    plain = re.sub(r"[ .'](?=\d{3}(?:\D|$))", "", text).replace(" ", "").replace("'", "")
    return float(plain.replace(",", "."))
