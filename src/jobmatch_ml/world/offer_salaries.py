"""What an offer's field ``salaire`` says, in the patterns of the API and of its partners."""

from __future__ import annotations

from typing import Any

from jobmatch_ml.world.phrases_grammar import (
    Draw,
    compile_template,
    expand,
    pick_by_weight,
    pick_one,
)

HOURS_A_YEAR = 1820  # 35 hours a week

_DIRECT = (("Annuel", 0.42), ("Mensuel", 0.36), ("Horaire", 0.22))
_PARTNER = (("Annuel", 0.74), ("Mensuel", 0.21), ("Horaire", 0.02), ("Autre", 0.03))
_MONTHS = (
    ("12.0", 0.83),
    ("13.0", 0.09),
    ("12", 0.045),
    ("14.0", 0.015),
    ("12.5", 0.01),
    ("13", 0.01),
)
_COMPLEMENTS = (
    ("Autre", 0.45), ("Primes", 0.22), ("Mutuelle", 0.08), ("Chèque repas", 0.063),
    ("Restauration", 0.044), ("CE", 0.04), ("Pc portable", 0.033), ("Véhicule", 0.03),
    ("Participation/action", 0.017), ("Mobile", 0.008), ("CSE", 0.005), ("Hébergement", 0.005),
)  # fmt: skip
_SECOND = (
    ("Chèque repas", 0.24), ("Mutuelle", 0.21), ("CE", 0.16), ("Autre", 0.11),
    ("Restauration", 0.06), ("Participation/action", 0.055), ("Pc portable", 0.055),
    ("Primes", 0.045), ("Véhicule", 0.04), ("Mobile", 0.01), ("CSE", 0.01),
)  # fmt: skip
_COMMENTS = tuple(
    compile_template(text)
    for text in (
        "[Selon|selon|selon|Selon|à définir selon|A définir selon|à négocier selon]"
        " [profil|profil|le profil|expérience|profil et expérience|profil/exp|compétences|diplôme]",
        "[A négocier|à négocier|A définir|A DEFINIR|à définir|négociable|à discuter]",
        "[Selon|selon|Salaire selon] [convention collective|CCN|CCN {#51-66}|grille|la convention]",
        "[SELON|selon] [PROFIL|EXPERIENCE|GRILLE|GRILLE ET EXPERIENCE|CONVENTION]",
        "[SMIC|smic horaire|Smic + primes|.|/|CONVENTION COLLECTIVE|grille indiciaire|+ RIFSEEP]",
        "[+ |- |dont |]{extra}[| + {extra}|, {extra}]",
        "[{low} - {high} k€ brut annuel|{low}-{high}K€|à partir de {low}k€ brut|{low}/{high} K€]",
    )
)
_EXTRAS = (
    "13e mois", "primes", "mutuelle", "Mutuelle", "tickets restaurant", "avantages", "variable",
    "panier repas", "paniers + trajets", "participation", "véhicule", "CSE", "heures sup",
    "intéressement", "prime annuelle", "indemnités km", "logement", "pourboires", "RTT",
)  # fmt: skip
_COMMENT_SHARES = tuple(enumerate((0.38, 0.13, 0.09, 0.05, 0.13, 0.14, 0.08)))
_RANGE = {"Annuel": 0.84, "Mensuel": 0.64, "Horaire": 0.4, "Autre": 0.9}
"""Share of salaries that name two bounds; partners' more often."""
_MINIMUM_HOURLY = 11.88
_MINIMUM_YEARLY = 22_300


def salary_field(draw: Draw, salary: tuple[int, int], *, partner: bool) -> str:
    """Returns the ``libelle`` of a salary.

    Args:
        draw: Source of randomness.
        salary: Gross per year, lowest and highest, euros.
        partner: Partners' salaries have a decimal comma and no number of months.
    """
    if partner and draw() < 0.02:
        return "Annuel de"
    per = pick_by_weight(draw, _PARTNER if partner else _DIRECT)
    rounding = draw(), draw()
    low, high = (_rounded(bound, per, rounding, partner=partner) for bound in salary)
    bounds = [_number(low, partner=partner)]
    if high > low and draw() < _RANGE[per] + (0.06 if partner else 0):
        bounds.append(_number(high, partner=partner))
    amount = " à ".join(f"{bound} Euros" for bound in bounds)
    months = ""
    if not partner and not (per == "Horaire" and draw() < 0.4):
        months = f" sur {pick_by_weight(draw, _MONTHS)} mois"
    return f"{per} de {amount}{months}"


def _rounded(yearly: int, per: str, rounding: tuple[float, float], *, partner: bool) -> float:
    """Rounds as people do, both bounds alike: to thousands, hundreds, or to the minimum wage."""
    first, second = rounding
    minimum = yearly < _MINIMUM_YEARLY and first < 0.6
    if per in ("Horaire", "Autre"):
        if minimum:
            return _MINIMUM_HOURLY
        return round(yearly / HOURS_A_YEAR, 0 if first < (0.6 if partner else 0.45) else 2)
    if per == "Mensuel":
        if minimum:
            return round(_MINIMUM_HOURLY * HOURS_A_YEAR / 12, 2 if second < 0.4 else 0)
        return round(yearly / 12, -2 if first < 0.55 else -1 if second < 0.3 else 0)
    if yearly > 28_000 and first < 0.5:
        return round(yearly / 5000) * 5000
    return round(yearly, -3 if second < 0.93 else -2)


def _number(value: float, *, partner: bool) -> str:
    return f"{value:.2f}".replace(".", ",") if partner else str(round(float(value), 2))


def salary_comment(draw: Draw, salary: tuple[int, int]) -> str:
    """Returns a recruiter's remark on a salary; some name an amount."""
    words = {
        "low": str(round(salary[0] / 1000)),
        "high": str(round(salary[1] / 1000)),
        "extra": pick_one(draw, _EXTRAS),
    }
    kind = pick_by_weight(draw, _COMMENT_SHARES)
    return expand(_COMMENTS[kind], draw, words)


def complements(draw: Draw, record: dict[str, Any], *, second: bool) -> None:
    """Adds the extras of a salary to the field: one, or two."""
    record["complement1"] = pick_by_weight(draw, _COMPLEMENTS)
    if second:
        record["complement2"] = pick_by_weight(draw, _SECOND)
