"""Fields of an offer on contract, experience, hours and licences, in the API's patterns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.phrases_grammar import Draw, pick_by_weight, pick_one

Record = dict[str, Any]

_LONG = {
    "CDI": "Contrat à durée indéterminée",
    "CDD": "Contrat à durée déterminée",
    "MIS": "Mission intérimaire",
    "SAI": "Contrat travail saisonnier",
    "LIB": "Profession libérale",
}
_SHORT = {
    "CDI": "CDI",
    "CDD": "CDD",
    "MIS": "Intérim",
    "SAI": "Saisonnier",
    "LIB": "Profession libérale",
}
_MONTHS = {
    "CDD": (
        (12, 0.36), (6, 0.25), (24, 0.07), (3, 0.09), (9, 0.06),
        (1, 0.05), (18, 0.05), (2, 0.04), (36, 0.03),
    ),
    "MIS": (
        (1, 0.24), (3, 0.23), (6, 0.22), (4, 0.07), (12, 0.07),
        (18, 0.07), (2, 0.05), (5, 0.03), (9, 0.02),
    ),
    "SAI": ((3, 0.4), (2, 0.2), (6, 0.2), (4, 0.2)),
}  # fmt: skip
_REMARKS = (
    "sur poste similaire", "Sur un poste similaire", "sur le poste", "dans le métier",
    "SUR POSTE SIMILAIRE", "poste équivalent", "dans le domaine", "ou diplôme", "hors stages",
    "souhaitée", "ou formation", "avec références",
)  # fmt: skip
_DAY = (
    ("{h}\nTravail en journée", 0.42),
    ("{h} Autre", 0.33),
    ("{h} Travail en journée", 0.15),
    ("{h}", 0.06),
    ("{h} Horaires variables", 0.02),
    ("\nTravail en journée", 0.02),
)
_SHIFT = (
    "{h}\nTravail en horaires décalés", "{h}\nTravail posté (2x8, 3x8, 5x8, etc.)",
    "{h}\nTravail de nuit", "{h}\nTravail le week-end", "{h} Travail le samedi",
    "{h}\nTravail dimanche et jours fériés", "{h}\nTravail en horaires fractionnés",
)  # fmt: skip
_PART = (
    ("temps partiel - {p} Autre", 0.5),
    ("temps partiel\nTravail en journée", 0.3),
    ("temps partiel - {p} Travail en journée", 0.2),
)
_LICENCES = (
    ("B - Véhicule léger", 0.9),
    ("C - Poids lourd", 0.06),
    ("BE - Véhicule léger + remorque", 0.02),
    ("D - Transport de personnes", 0.02),
)


def contract_label(draw: Draw, contract: str, *, partner: bool) -> str:
    """Returns ``typeContratLibelle``: long words from partners, short ones else, and a length."""
    long = draw() < (0.995 if partner else 0.05)
    label = (_LONG if long else _SHORT).get(contract, contract)
    if contract not in _MONTHS:
        return label
    if draw() < (0.14 if partner and contract == "MIS" else 0.05):
        return f"{label} - {1 + int(draw() * 27)} Jour(s)"
    return f"{label} - {pick_by_weight(draw, _MONTHS[contract])} Mois"


def experience(draw: Draw, years: int, *, partner: bool, comment: bool) -> Record:
    """Returns the fields on experience; partners often keep the number to themselves."""
    remark = pick_one(draw, _REMARKS) if comment else ""
    if years == 0:
        label = "Débutant accepté"
        demand = "D"
    elif partner:
        kind = draw()
        demand = "S" if kind < 0.14 else "E"
        label = "Expérience souhaitée" if kind < 0.14 else "Expérience exigée"
        if kind < 0.035 or 0.14 <= kind < 0.695:
            label += f" de {years} An(s)"
        if remark:
            label += f" ({remark})"
    else:
        demand = "E" if draw() < 0.99 else "S"
        label = _length(draw, years)
    if remark and not (partner and years):
        label += f" - {remark}"
    fields: Record = {"experienceExige": demand, "experienceLibelle": label}
    if remark:
        fields["experienceCommentaire"] = remark
    return fields


def _length(draw: Draw, years: int) -> str:
    kind = draw()
    if kind < (0.3 if years == 1 else 0.02):
        return (
            f"{12 * years if years > 1 or draw() < 0.5 else 6} Mois"
            if years <= 3
            else f"{years} An(s)"
        )
    if kind < 0.17:
        return f"{years} an" if years == 1 else f"{years} ans"
    return f"{years} An(s)"


def part_time_week(offer: OfferFacts) -> int:
    """Returns the weekly hours of an offer if it is part time, 15 to 30: text and fields agree.

    Repeated offers, which have the same facts, have the same hours.
    """
    return 15 + (offer.salary[0] // 100 + 7 * offer.years) % 16


def hours_fields(
    draw: Draw, hours: str, *, week: int, partner: bool, has: Callable[[str], bool]
) -> Record:
    """Returns the fields on working time that are there.

    Args:
        draw: Source of randomness.
        hours: ``day``, ``shift`` or ``part_time``.
        week: Weekly hours of a part-time job.
        partner: Whether the offer came from a partner's site.
        has: Draws whether an optional field is there.
    """
    record: Record = {}
    if has("dureeTravailLibelle"):
        write = _partner_hours if partner else _direct_hours
        label = write(draw, hours, week)
        record["dureeTravailLibelle"] = label
        if partner and label.startswith("Temps"):
            record["complementExercice"] = label
        else:
            record["dureeTravailLibelleConverti"] = _kind(hours)
        if has("contexteTravail"):
            record["contexteTravail"] = {"horaires": [label], "conditionsExercice": ["Autre"]}
    if has("complementExercice"):
        record["complementExercice"] = _kind(hours)
    return record


def _kind(hours: str) -> str:
    return "Temps partiel" if hours == "part_time" else "Temps plein"


def _direct_hours(draw: Draw, hours: str, part_time: int) -> str:
    week = pick_by_weight(draw, (("35H", 0.72), ("39H", 0.14), ("37H", 0.04), ("38H", 0.03),
                                 ("37H30", 0.02), ("40H", 0.03)))  # fmt: skip
    if hours == "part_time":
        return pick_by_weight(draw, _PART).format(p=f"{part_time}H")
    if hours == "shift":
        return pick_one(draw, _SHIFT).format(h=week)
    return pick_by_weight(draw, _DAY).format(h=week)


def _partner_hours(draw: Draw, hours: str, part_time: int) -> str:
    if draw() < 0.41:
        return _kind(hours)
    week = part_time if hours == "part_time" else 35
    if draw() < 0.2:
        return f"{week} H"
    return f"{week} H  Travail en {'horaires fractionnés' if hours == 'shift' else 'journée'}"


def licences(draw: Draw, *, required: bool, has: Callable[[str], bool]) -> Record:
    """Returns the field ``permis``: told where required in most cases, wished for now and then."""
    if required:
        if has("qualificationCode") and draw() < 0.75:
            return {"permis": [{"libelle": "B - Véhicule léger", "exigence": "E"}]}
        return {}
    if has("permis") and draw() < 0.35:
        return {"permis": [{"libelle": pick_by_weight(draw, _LICENCES), "exigence": "S"}]}
    return {}
