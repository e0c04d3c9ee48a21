"""An offer as France Travail's "Offres d'emploi v2" JSON, with the gaps of the real thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from jobmatch_ml.reference import Place, Skill
from jobmatch_ml.world.config import OfferConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.offer_text import OfferText
from jobmatch_ml.world.phrases import load_phrases
from jobmatch_ml.world.randomness import chance, pick, pick_some

CONTRACTS = {
    "CDI": "CDI",
    "CDD": "Contrat à durée déterminée",
    "MIS": "Mission intérimaire",
    "SAI": "Contrat travail saisonnier",
    "LIB": "Profession libérale",
}
_LEVELS = {
    1: "Manoeuvre",
    3: "Ouvrier qualifié (P1,P2)",
    4: "Ouvrier qualifié (P3,P4,OHQ)",
    5: "Employé non qualifié",
    6: "Employé qualifié",
    7: "Technicien",
    9: "Cadre",
}
_HOURS = ("35H Travail en journée", "35H Autre", "35H Horaires variables", "39H Travail en journée")

Record = dict[str, Any]


def offer_record(
    rng: np.random.Generator,
    offer: OfferFacts,
    text: OfferText,
    config: OfferConfig,
    *,
    skills: Mapping[str, Skill],
) -> Record:
    """Returns the offer as the API would send it; shares of absent fields follow real offers."""
    occupation = offer.occupation
    experience, label = _experience(rng, offer.years)
    record: Record = {
        "id": offer.offer_id,
        "intitule": text.title,
        "description": text.description,
        "dateCreation": _stamp(offer.created_at),
        "dateActualisation": _stamp(offer.created_at),
        "lieuTravail": _place(rng, offer.place),
        "romeCode": occupation.code,
        "romeLibelle": occupation.label,
        "appellationlibelle": pick(rng, (occupation.label, *occupation.offer_titles)),
        "entreprise": _company(rng, text),
        "typeContrat": offer.contract,
        "natureContrat": "Emploi non salarié" if offer.contract == "LIB" else "Contrat travail",
        "experienceExige": experience,
        "experienceLibelle": label,
    }
    if chance(rng, 0.81):
        record |= {
            "typeContratLibelle": CONTRACTS[offer.contract],
            "alternance": False,
            "nombrePostes": 1 if chance(rng, 0.9) else int(rng.integers(2, 6)),
            "accessibleTH": chance(rng, 0.1),
        }
    record |= _work(rng, offer) | _demands(rng, offer, config, skills)
    if chance(rng, config.salary_share):
        record["salaire"] = _salary(rng, offer)
    if text.style.name == "small_firm" and chance(rng, 0.2):
        record["contact"] = {
            "nom": f"{text.company} - Recrutement",
            "courriel": f"emploi{int(rng.integers(100, 999))}@example.org",
        }
    record["origineOffre"] = {"origine": "1" if chance(rng, 0.7) else "2"}
    return record


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _experience(rng: np.random.Generator, years: int) -> tuple[str, str]:
    if years == 0:
        return "D", "Débutant accepté"
    return "E", pick(rng, (f"{years} An(s)", f"Expérience exigée de {years} An(s)"))


def _place(rng: np.random.Generator, place: Place) -> Record:
    name = place.name.upper() if chance(rng, 0.4) else place.name
    record: Record = {"libelle": f"{place.department} - {name}"}
    if chance(rng, 0.84):
        record |= {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "codePostal": place.postal_code,
            "commune": place.commune,
        }
    return record


def _company(rng: np.random.Generator, text: OfferText) -> Record:
    record: Record = {"entrepriseAdaptee": False}
    if chance(rng, 0.6):
        record["nom"] = text.company
    return record


def _work(rng: np.random.Generator, offer: OfferFacts) -> Record:
    record: Record = {}
    occupation = offer.occupation
    if chance(rng, 0.39):
        hours = pick(rng, _HOURS)
        record["dureeTravailLibelle"] = hours
        record["dureeTravailLibelleConverti"] = "Temps plein"
        record["contexteTravail"] = {"horaires": [hours]}
    if chance(rng, 0.27):
        record["qualificationCode"] = str(occupation.level)
        record["qualificationLibelle"] = _LEVELS[occupation.level]
    if chance(rng, 0.45):
        record["codeNAF"] = occupation.sector.naf
        record["secteurActivite"] = occupation.sector.naf[:2]
        record["secteurActiviteLibelle"] = occupation.sector.label
    if chance(rng, 0.2):
        record["offresManqueCandidats"] = chance(rng, 0.5)
    return record


def _demands(
    rng: np.random.Generator, offer: OfferFacts, config: OfferConfig, skills: Mapping[str, Skill]
) -> Record:
    record: Record = {}
    if chance(rng, config.competences_share):
        asked = [("E", skill) for skill in offer.required] + [("S", s) for s in offer.wished]
        record["competences"] = [
            {"code": skill_code(skill), "libelle": skills[skill].offer, "exigence": demand}
            for demand, skill in asked
        ]
    if chance(rng, 0.12):
        chosen = pick_some(rng, load_phrases().qualities, 3)
        record["qualitesProfessionnelles"] = [{"libelle": label} for label, _ in chosen]
    if chance(rng, 0.07):
        record["formations"] = [
            {
                "domaineLibelle": offer.occupation.sector.label,
                "niveauLibelle": "Bac ou équivalent",
                "commentaire": pick(rng, offer.occupation.qualifications),
                "exigence": pick(rng, ("E", "S")),
            }
        ]
    if "driving_licence" in (*offer.required, *offer.wished) and chance(rng, 0.5):
        record["permis"] = [{"libelle": "B - Véhicule léger", "exigence": "E"}]
    if "business_english" in (*offer.required, *offer.wished) and chance(rng, 0.5):
        record["langues"] = [{"libelle": "Anglais", "exigence": "S"}]
    return record


def skill_code(skill_id: str) -> str:
    """Returns a stable six-digit code for a skill, in the form of the official ones."""
    number = 0
    for character in skill_id:
        number = (number * 31 + ord(character)) % 900_000
    return str(100_000 + number)


def _salary(rng: np.random.Generator, offer: OfferFacts) -> Record:
    low, high = offer.occupation.salary
    base = low + (high - low) * min(1.0, 0.1 * offer.years + 0.4 * rng.random())
    top = base * (1 + 0.15 * rng.random())
    form = int(rng.integers(4))
    if form == 0:
        return {"libelle": f"Horaire de {base / 1820:.2f} Euros"}
    if form == 1:
        low_month, high_month = round(base / 12, -1), round(top / 12, -1)
        return {"libelle": f"Mensuel de {low_month:.2f} Euros à {high_month:.2f} Euros"}
    if form == 2:
        return {"commentaire": "Selon profil et expérience"}
    low_year, high_year = round(base, -3), round(top, -3)
    return {
        "libelle": f"Annuel de {low_year:.1f} Euros à {high_year:.1f} Euros sur 12.0 mois",
        "complement1": "Primes",
    }
