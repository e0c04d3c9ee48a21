"""What an offer's field ``salaire`` says, in the patterns of the API and of its partners."""

from __future__ import annotations

from typing import Any

from jobmatch_ml.world.phrases_grammar import Draw, pick_by_weight, pick_one

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
_COMMENTS = (
    "Selon profil", "selon profil", "selon profil/exp", "selon expérience", "A négocier",
    "A définir", "Selon profil et expérience", "à négocier selon profil", "SMIC", "Primes",
    "selon convention collective", "SELON EXPERIENCE", "Selon grille", "+ primes", "+ mutuelle",
    "selon diplôme", "négociable", "fixe + variable", "13e mois", "paniers + trajets", ".",
    "selon compétences", "grille indiciaire", "Rémunération selon profil", "+ RIFSEEP",
)  # fmt: skip
_RANGE = 0.62
"""Share of salaries that name two bounds."""


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
    low, high = (_rounded(draw, bound, per) for bound in salary)
    bounds = [_number(low, per, partner=partner)]
    if high > low and draw() < (0.86 if partner else _RANGE):
        bounds.append(_number(high, per, partner=partner))
    amount = " à ".join(f"{bound} Euros" for bound in bounds)
    months = ""
    if not partner and not (per == "Horaire" and draw() < 0.4):
        months = f" sur {pick_by_weight(draw, _MONTHS)} mois"
    return f"{per} de {amount}{months}"


def _rounded(draw: Draw, yearly: int, per: str) -> float:
    if per == "Horaire":
        return round(yearly / HOURS_A_YEAR, 2 if draw() < 0.7 else 0)
    if per == "Mensuel":
        # The same for both bounds in most cases; a minimum wage is told to the cent.
        return round(yearly / 12, -2 if draw() < 0.75 else -1 if draw() < 0.7 else 2)
    return round(yearly, -3 if draw() < 0.85 else -2)


def _number(value: float, per: str, *, partner: bool) -> str:
    if partner:
        return f"{value:.2f}".replace(".", ",")
    return str(round(float(value), 2))


def salary_comment(draw: Draw, salary: tuple[int, int]) -> str:
    """Returns a recruiter's remark on a salary; one in ten names an amount."""
    if draw() < 0.1:
        low, high = round(salary[0] / 1000), round(salary[1] / 1000)
        return f"{low} - {high} k€ brut annuel" if draw() < 0.6 else f"à partir de {low}K€"
    return pick_one(draw, _COMMENTS)


def complements(draw: Draw, record: dict[str, Any], *, first: bool, second: bool) -> None:
    """Adds the extras of a salary to the field: one, or two."""
    if first:
        record["complement1"] = pick_by_weight(draw, _COMPLEMENTS)
    if second:
        record["complement2"] = pick_by_weight(draw, _SECOND)
