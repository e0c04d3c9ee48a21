"""An offer as France Travail's "Offres d'emploi v2" JSON, with the gaps of the real thing.

Two very different kinds come through the API: offers posted at France Travail itself have nearly
every field; those of its partners little more than title, text, place and contract.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from jobmatch_ml.offers.places import DEPARTMENTS
from jobmatch_ml.reference import Place, Skill
from jobmatch_ml.world.config import OfferConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.offer_conditions import (
    contract_label,
    experience,
    hours_fields,
    licences,
    part_time_week,
)
from jobmatch_ml.world.offer_salaries import complements, salary_comment, salary_field
from jobmatch_ml.world.offer_text import OfferText, OfferWriter
from jobmatch_ml.world.phrases_companies import Company
from jobmatch_ml.world.phrases_grammar import Draw, pick_by_weight, pick_many, pick_one
from jobmatch_ml.world.phrases_names import Values, shout
from jobmatch_ml.world.phrases_offers import load_offer_phrases
from jobmatch_ml.world.randomness import Stage, fast_stream

Record = dict[str, Any]

_SITE = "https://candidat.francetravail.fr/offres/recherche/detail"
_LEVELS = {
    1: "Manœuvre",
    2: "Ouvrier spécialisé",
    3: "Ouvrier qualifié (P1,P2)",
    4: "Ouvrier qualifié (P3,P4,OHQ)",
    5: "Employé non qualifié",
    6: "Employé qualifié",
    7: "Technicien",
    8: "Agent de maîtrise",
    9: "Cadre",
}
_QUALITIES = (
    ("Faire preuve de rigueur et de précision", "Suivre règles et consignes avec exactitude."),
    ("Faire preuve d'autonomie", "Mener son travail sans être encadré en continu."),
    ("Travailler en équipe", "Se coordonner avec les autres pour atteindre un but commun."),
    ("Organiser son travail selon les priorités et les objectifs", "Planifier et anticiper."),
    ("Prendre des initiatives et être force de proposition", "Imaginer des améliorations."),
    ("Être à l'écoute, faire preuve d'empathie", "Écouter, recevoir un message avec ouverture."),
    ("Avoir le sens du service", "Reconnaître le besoin d'un usager et y répondre."),
    ("Faire preuve de réactivité", "Réagir vite aux imprévus, par ordre d'urgence."),
    ("S'adapter aux changements", "Ajuster sa façon de faire à une situation nouvelle."),
    ("Respecter ses engagements, assumer ses responsabilités", "Tenir parole, alerter à temps."),
    ("Faire preuve de curiosité", "Chercher à comprendre au-delà de ce qui est demandé."),
    ("Gérer son stress", "Garder son calme sous la pression."),
)
_TRAVEL = (
    ("1", "Jamais", 0.48),
    ("2", "Ponctuels Zone départementale", 0.12),
    ("4", "Quotidiens Zone départementale", 0.11),
    ("3", "Fréquents Zone départementale", 0.09),
    ("2", "Ponctuels Zone régionale", 0.07),
    ("2", "Ponctuels Zone nationale", 0.05),
    ("3", "Fréquents Zone régionale", 0.03),
    ("4", "Quotidiens Zone régionale", 0.03),
    ("3", "Fréquents Zone nationale", 0.02),
)
_DIPLOMAS = (
    (("cap", "bep", "titre"), "CAP, BEP et équivalents"),
    (("bts", "dut", "deust", "bac+2"), "Bac+2 ou équivalents"),
    (("licence", "but ", "bachelor", "diplôme d'état", "de "), "Bac+3, Bac+4 ou équivalents"),
    (("master", "ingénieur", "doctorat", "école", "bac+5"), "Bac+5 et plus ou équivalents"),
    (("bac", "bp "), "Bac ou équivalent"),
)
_REGION_OF = {code: region for region, codes in DEPARTMENTS.items() for code in codes}
# A copy is written by its original's stream; its fields are filled in by one of its own.
_FIELDS = 1 << 48
# Number of districts, and the INSEE code before the first.
_DISTRICTS = {"Paris": (20, 75100), "Lyon": (9, 69380), "Marseille": (16, 13200)}
_TOGETHER = frozenset({"entreprise.nom", "qualificationCode", "dureeTravailLibelle"})


class WrittenOffer(NamedTuple):
    """An offer as the API has it, and what a reader of it can know.

    ``told`` holds ids of skills, and of ``occupation``, ``place``, ``contract``, ``years``,
    ``salary``, ``remote``, ``hours`` and ``licence`` those that title, description or another field
    says.
    """

    record: Record
    told: frozenset[str]


def write_offer(writer: OfferWriter, index: int, offer: OfferFacts) -> WrittenOffer:
    """Writes the offer at a position of the world; a pure function of seed, position and facts."""
    original = index if offer.copy_of is None else offer.copy_of
    text = writer.write(fast_stream(writer.seed, Stage.OFFER_TEXT, original), offer)
    rng = fast_stream(writer.seed, Stage.OFFER_TEXT, index + _FIELDS)
    record = offer_record(rng, offer, text, writer.config, skills=writer.skills)
    if offer.copy_of is not None:
        _retouch(rng.random, record)
    return WrittenOffer(record, text.told | _told_by(record, offer))


def offer_record(
    rng: random.Random,
    offer: OfferFacts,
    text: OfferText,
    config: OfferConfig,
    *,
    skills: Mapping[str, Skill],
) -> Record:
    """Returns the offer as the API would send it; shares of absent fields follow the settings."""
    draw, partner = rng.random, text.partner
    has = _Presence(draw, config, partner=partner)
    occupation = offer.occupation
    titles = (occupation.label, *occupation.offer_titles)
    record: Record = {
        "id": offer.offer_id,
        "intitule": text.title,
        "description": text.description,
        "dateCreation": _stamp(offer.created_at),
        "dateActualisation": _stamp(offer.created_at + _later(draw, partner=partner)),
    }
    if has("lieuTravail"):
        record["lieuTravail"] = _place(draw, offer.place, has, partner=partner)
    record |= {
        "romeCode": occupation.code,
        "romeLibelle": occupation.label,
        "appellationlibelle": occupation.label if draw() < 0.3 else pick_one(draw, titles),
        "entreprise": _company(text.company, has),
        "typeContrat": offer.contract,
    }
    if has("typeContratLibelle"):
        record["typeContratLibelle"] = contract_label(draw, offer.contract, partner=partner)
    record["natureContrat"] = "Emploi non salarié" if offer.contract == "LIB" else "Contrat travail"
    record |= experience(draw, offer.years, partner=partner, comment=has("experienceCommentaire"))
    record |= _skills(draw, offer, has, skills)
    if has("salaire"):
        in_town = "latitude" in record.get("lieuTravail", {})
        record["salaire"] = _salary(draw, offer, has, partner=partner, in_town=in_town)
    record |= hours_fields(draw, offer.hours, week=part_time_week(offer), partner=partner, has=has)
    record |= {
        "alternance": False,
        "nombrePostes": 1 if draw() < 0.982 else 2 + int(draw() ** 3 * 9),
        "accessibleTH": draw() < 0.002,
    }
    record |= _about_work(draw, offer, text.company, has)
    if has("contact"):
        record["contact"] = _contact(draw, text.company, offer.place)
    record["origineOffre"] = _origin(draw, offer.offer_id, partner=partner)
    return record


class _Presence:
    """Draws whether an optional field is there.

    A partner that sends one of some fields sends the others too, so that these share one draw.
    """

    def __init__(self, draw: Draw, config: OfferConfig, *, partner: bool) -> None:
        self._draw = draw
        self._shares = config.present
        self._which = int(partner)
        self._mark = draw() if partner else None

    def __call__(self, name: str) -> bool:
        mark = self._draw() if self._mark is None or name not in _TOGETHER else self._mark
        return mark < self._shares[name][self._which]

    def given(self, name: str, *parents: str) -> bool:
        """Draws for an offer that has the parents, so that the share holds over all offers."""
        share = self._shares[name][self._which]
        for parent in parents:
            share /= max(self._shares[parent][self._which], 1e-9)
        return self._draw() < share


def _stamp(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"


def _later(draw: Draw, *, partner: bool) -> timedelta:
    """How long after publication an offer was last touched."""
    if draw() < (0.4 if partner else 0.06):
        return timedelta(0)
    return timedelta(milliseconds=int(6e7 * draw() ** 3) + 60_000)


def _place(draw: Draw, place: Place, has: _Presence, *, partner: bool) -> Record:
    if not has("lieuTravail.libelle (town)"):
        region = _REGION_OF.get(place.department, "France")
        return {"libelle": "France" if draw() < (0.88 if partner else 0.1) else region}
    postal_code, commune, district = place.postal_code, place.commune, 0
    if place.name in _DISTRICTS:
        # Offers name the district of these three; which one is not part of the facts.
        count, first = _DISTRICTS[place.name]
        district = 1 + int(draw() * count)
        postal_code = f"{place.department}{district:03}"
        commune = str(first + district)
    town = _town(draw, place, district, partner=partner)
    record: Record = {"libelle": f"{place.department} - {town}"}
    if has("lieuTravail.latitude"):
        record |= {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "codePostal": postal_code,
            "commune": commune,
        }
    return record


def _town(draw: Draw, place: Place, district: int, *, partner: bool) -> str:
    if draw() < (0.04 if partner else 0.24):
        if not district:
            return place.name
        return f"{place.name} {district}{'er' if district == 1 else 'e'} Arrondissement"
    name = shout(place.name).replace("-", " ").replace("SAINT ", "ST ").replace("SAINTE ", "STE ")
    return f"{name} {district:02}" if district and draw() < 0.8 else name


def _company(company: Company, has: _Presence) -> Record:
    record: Record = {}
    if has("entreprise.nom"):
        record["nom"] = company.field_name
    if has("entreprise.description"):
        record["description"] = company.field_about
    record["entrepriseAdaptee"] = False
    return record


def _skills(draw: Draw, offer: OfferFacts, has: _Presence, skills: Mapping[str, Skill]) -> Record:
    record: Record = {}
    asked = [("E", skill) for skill in offer.required] + [("S", skill) for skill in offer.wished]
    if has("competences") and asked:
        record["competences"] = [
            # Most employers tick "wished" whatever they need.
            {
                "code": skill_code(skill),
                "libelle": skills[skill].offer,
                "exigence": demand if draw() < 0.4 else "S",
            }
            for demand, skill in asked
        ]
    if has("qualitesProfessionnelles"):
        count = 3 if draw() < 0.88 else 1 + int(draw() * 2)
        record["qualitesProfessionnelles"] = [
            {"libelle": label, "description": meaning}
            for label, meaning in pick_many(draw, _QUALITIES[: 5 + int(draw() * 8)], count)
        ]
    if has("formations") and offer.occupation.diplomas:
        record["formations"] = [_training(draw, offer)]
    record |= licences(draw, required=offer.licence, has=has)
    wanted = any("nglais" in skills[skill].offer for _, skill in asked)
    if has("langues"):
        spoken = "Anglais" if wanted or draw() < 0.69 else "Français"
        record["langues"] = [
            {"libelle": spoken, "exigence": pick_one(draw, "EES" if wanted else "ES")}
        ]
    return record


def _training(draw: Draw, offer: OfferFacts) -> Record:
    diploma = pick_one(draw, offer.occupation.diplomas)
    small = f"{diploma.lower()} "
    level = next((name for marks, name in _DIPLOMAS if small.startswith(marks)), _DIPLOMAS[0][1])
    record: Record = {}
    if draw() < 0.6:
        record["codeFormation"] = skill_code(offer.occupation.sector.label)[:5]
        record["domaineLibelle"] = offer.occupation.sector.label.lower()
    record["niveauLibelle"] = level
    if draw() < 0.28:
        record["commentaire"] = diploma
    record["exigence"] = "E" if draw() < 0.45 else "S"
    return record


def skill_code(skill_id: str) -> str:
    """Returns a stable six-digit code for a skill, in the form of the official ones."""
    number = 0
    for character in skill_id:
        number = (number * 31 + ord(character)) % 900_000
    return str(100_000 + number)


def _salary(
    draw: Draw, offer: OfferFacts, has: _Presence, *, partner: bool, in_town: bool
) -> Record:
    salary = offer.salary if offer.salary[1] > 0 else offer.occupation.salary
    record: Record = {}
    # Partners that do not know where the job is do not know what it pays.
    parents = ("salaire", "lieuTravail.libelle (town)") if partner else ("salaire",)
    if (in_town or not partner) and has.given("salaire.libelle", *parents):
        record["libelle"] = salary_field(draw, salary, partner=partner)
    if has.given("salaire.commentaire", "salaire"):
        record["commentaire"] = salary_comment(draw, salary)
    if has("salaire.complement1"):
        second = has.given("salaire.complement2", "salaire.complement1")
        complements(draw, record, second=second)
    return record


def _about_work(draw: Draw, offer: OfferFacts, company: Company, has: _Presence) -> Record:
    record: Record = {}
    if has("deplacementCode"):
        code, label = pick_by_weight(
            draw, [((code, label), share) for code, label, share in _TRAVEL]
        )
        record["deplacementCode"], record["deplacementLibelle"] = code, label
    if has("qualificationCode"):
        level = offer.occupation.level if draw() < 0.85 else 5 + int(draw() * 3)
        record["qualificationCode"], record["qualificationLibelle"] = str(level), _LEVELS[level]
    if has("codeNAF"):
        naf, label = company.naf
        record["codeNAF"], record["secteurActivite"] = naf, naf[:2]
        record["secteurActiviteLibelle"] = label
    if has("offresManqueCandidats"):
        record["offresManqueCandidats"] = draw() < 0.11
    return record


def _contact(draw: Draw, company: Company, place: Place) -> Record:
    values = Values(draw, (place,))
    record: Record = {"nom": f"{company.field_name} - {values['person']}"}
    if draw() < 0.5:
        record["coordonnees1"] = f"{1 + int(draw() * 90)} rue {values['word']}"
        record["coordonnees2"] = f"{place.postal_code} {shout(place.name)}"
    if draw() < 0.6:
        record["courriel"] = f"emploi{100 + int(draw() * 900)}@example.org"
    if draw() < 0.2:
        record["telephone"] = values["phone"]
    return record


def _origin(draw: Draw, offer_id: str, *, partner: bool) -> Record:
    record: Record = {"origine": "2" if partner else "1", "urlOrigine": f"{_SITE}/{offer_id}"}
    if partner:
        name = pick_one(draw, load_offer_phrases().names["partners"])
        site = name.lower().replace(" ", "-")
        record["partenaires"] = [
            {
                "nom": name,
                "url": f"https://{site}.example.org/offre/{int(draw() * 9e6)}",
                "logo": f"https://{site}.example.org/logo.png",
            }
        ]
    return record


def _retouch(draw: Draw, record: Record) -> None:
    """Posts an offer again as recruiters do: another case, another mark, a sentence more."""
    if draw() < 0.3:
        record["intitule"] = record["intitule"].upper()
    if draw() < 0.3 and "nom" in record["entreprise"]:
        record["entreprise"]["nom"] = shout(record["entreprise"]["nom"])
    if draw() < 0.25:
        record["description"] += f"\nAnnonce publiée le {record['dateCreation'][:10]}."


def _told_by(record: Record, offer: OfferFacts) -> set[str]:
    """What the fields say, apart from title and description."""
    told = {"contract"}
    listed = {item["code"] for item in record.get("competences", ())}
    told.update(skill for skill in (*offer.required, *offer.wished) if skill_code(skill) in listed)
    if " - " in record.get("lieuTravail", {}).get("libelle", ""):
        told.add("place")
    if any(character.isdigit() for character in record["experienceLibelle"]) or not offer.years:
        told.add("years")
    if any(character.isdigit() for character in record.get("salaire", {}).get("libelle", "")):
        told.add("salary")
    if "dureeTravailLibelleConverti" in record:
        told.add("hours")
    if any(item["exigence"] == "E" for item in record.get("permis", ())):
        told.add("licence")
    return told
