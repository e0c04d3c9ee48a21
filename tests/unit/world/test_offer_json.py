"""The API's JSON: exact keys and types, gaps as often as configured, copies that are found."""

from __future__ import annotations

import html
import random
import re
import time
from typing import Any

import orjson
import pytest

from jobmatch_ml.offers.duplicates import duplicate_groups
from jobmatch_ml.offers.silver import normalise_record
from jobmatch_ml.reference import load_places, load_skills
from jobmatch_ml.types import Offer
from jobmatch_ml.world.config import PRESENT, OfferConfig
from jobmatch_ml.world.offer_conditions import contract_label, experience, hours_fields
from jobmatch_ml.world.offer_json import Record, skill_code, write_offer
from jobmatch_ml.world.offer_salaries import salary_field
from tests.world_offers import facts, writer

TEXT, NUMBER = (str,), (float,)
SHAPES: dict[str, Any] = {
    "id": TEXT, "intitule": TEXT, "description": TEXT, "dateCreation": TEXT,
    "dateActualisation": TEXT, "romeCode": TEXT, "romeLibelle": TEXT, "appellationlibelle": TEXT,
    "typeContrat": TEXT, "typeContratLibelle": TEXT, "natureContrat": TEXT,
    "experienceExige": TEXT, "experienceLibelle": TEXT, "experienceCommentaire": TEXT,
    "dureeTravailLibelle": TEXT, "dureeTravailLibelleConverti": TEXT, "complementExercice": TEXT,
    "alternance": (bool,), "nombrePostes": (int,), "accessibleTH": (bool,),
    "deplacementCode": TEXT, "deplacementLibelle": TEXT, "qualificationCode": TEXT,
    "qualificationLibelle": TEXT, "codeNAF": TEXT, "secteurActivite": TEXT,
    "secteurActiviteLibelle": TEXT, "offresManqueCandidats": (bool,),
    "lieuTravail": {"libelle": TEXT, "latitude": NUMBER, "longitude": NUMBER, "codePostal": TEXT,
                    "commune": TEXT},
    "entreprise": {"nom": TEXT, "description": TEXT, "entrepriseAdaptee": (bool,)},
    "salaire": {"libelle": TEXT, "commentaire": TEXT, "complement1": TEXT, "complement2": TEXT},
    "contexteTravail": {"horaires": [TEXT], "conditionsExercice": [TEXT]},
    "competences": [{"code": TEXT, "libelle": TEXT, "exigence": TEXT}],
    "qualitesProfessionnelles": [{"libelle": TEXT, "description": TEXT}],
    "formations": [{"codeFormation": TEXT, "domaineLibelle": TEXT, "niveauLibelle": TEXT,
                    "commentaire": TEXT, "exigence": TEXT}],
    "permis": [{"libelle": TEXT, "exigence": TEXT}],
    "langues": [{"libelle": TEXT, "exigence": TEXT}],
    "contact": {"nom": TEXT, "coordonnees1": TEXT, "coordonnees2": TEXT, "courriel": TEXT,
                "telephone": TEXT},
    "origineOffre": {"origine": TEXT, "urlOrigine": TEXT,
                     "partenaires": [{"nom": TEXT, "url": TEXT, "logo": TEXT}]},
}  # fmt: skip
ALWAYS = {
    "id", "intitule", "description", "dateCreation", "dateActualisation", "romeCode",
    "romeLibelle", "appellationlibelle", "entreprise", "typeContrat", "natureContrat",
    "experienceExige", "experienceLibelle", "alternance", "nombrePostes", "accessibleTH",
    "origineOffre",
}  # fmt: skip


def problems(value: Any, shape: Any, where: str) -> list[str]:
    if isinstance(shape, tuple):
        return [] if type(value) in shape else [f"{where}: {type(value).__name__}"]
    if isinstance(shape, list):
        return [each for item in value for each in problems(item, shape[0], where)]
    unknown = [f"{where}.{key}" for key in value if key not in shape]
    known = [
        each
        for key, item in value.items()
        if key in shape
        for each in problems(item, shape[key], f"{where}.{key}")
    ]
    return unknown + known


def records(count: int, config: OfferConfig | None = None) -> list[Record]:
    writes = writer(config)
    return [write_offer(writes, index, facts(index)).record for index in range(count)]


def test_keys_and_types_are_those_of_the_api() -> None:
    for record in records(300):
        assert problems(record, SHAPES, "offer") == []
        assert set(record) >= ALWAYS
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["dateCreation"])
        assert record["dateActualisation"] >= record["dateCreation"]
        assert record["secteurActivite"] == record["codeNAF"][:2] if "codeNAF" in record else True
        normalise_record(record)  # what loads real offers takes these


def test_fields_are_there_as_often_as_configured() -> None:
    offers = records(1200, OfferConfig(partner_share=0.5))
    for name in ("competences", "qualificationCode", "codeNAF", "deplacementCode", "salaire",
                 "dureeTravailLibelle", "offresManqueCandidats", "contact"):  # fmt: skip
        for which, origin in enumerate("12"):
            group = [offer for offer in offers if offer["origineOffre"]["origine"] == origin]
            share = sum(name in offer for offer in group) / len(group)
            # About four standard deviations of 600 draws.
            assert share == pytest.approx(PRESENT[name][which], abs=0.08), (name, origin)
    named = sum("nom" in offer["entreprise"] for offer in offers) / len(offers)
    assert named == pytest.approx((0.943 + 0.42) / 2, abs=0.07)


def test_shares_can_be_changed_one_by_one() -> None:
    config = OfferConfig(partner_share=0, present={"competences": (1.0, 1.0), "contact": (0, 0)})
    offers = records(30, config)
    assert all("competences" in offer and "contact" not in offer for offer in offers)
    assert config.present["salaire"] == PRESENT["salaire"]


def test_partners_are_named_and_direct_offers_have_none() -> None:
    for record in records(100):
        origin = record["origineOffre"]
        assert ("partenaires" in origin) == (origin["origine"] == "2")
        assert record["id"] in origin["urlOrigine"]


def test_what_is_told_can_be_read_in_text_or_fields() -> None:
    writes, skills = writer(OfferConfig(partner_share=0.3)), load_skills()
    for index in range(200):
        offer = facts(index)
        record, told = write_offer(writes, index, offer)
        said = orjson.dumps(record).decode().casefold().replace("&#039;", "'").replace("&amp;", "&")
        for skill in told & {*offer.required, *offer.wished}:
            assert skills[skill].offer.casefold() in said
        if "place" in told:
            assert offer.place.department in said or offer.place.name.casefold() in said
        if "licence" in told:
            assert "permis" in said
        if "hours" in told and "dureeTravailLibelleConverti" in record:
            part_time = record["dureeTravailLibelleConverti"] == "Temps partiel"
            assert part_time == (offer.hours == "part_time")


def test_the_same_offer_is_written_the_same_in_any_order() -> None:
    writes = writer()
    forwards = [orjson.dumps(write_offer(writes, i, facts(i)).record) for i in range(20)]
    again = writer()
    backwards = [orjson.dumps(write_offer(again, i, facts(i)).record) for i in reversed(range(20))]
    assert forwards == backwards[::-1]


def test_near_duplicates_are_found_by_the_rule_for_everyone() -> None:
    writes = writer()
    elsewhere = load_places()[0]
    offers = []
    for index in range(60):
        original = facts(index, offer_id=f"a{index:02}")
        copy = facts(index, offer_id=f"b{index:02}", copy_of=index, place=elsewhere)
        offers.append(_offer(write_offer(writes, index, original).record))
        offers.append(_offer(write_offer(writes, 1000 + index, copy).record))
    groups = duplicate_groups(offers)
    found = sum(groups[f"a{index:02}"] == groups[f"b{index:02}"] for index in range(60))
    assert found >= 55  # in another town some sentences differ
    originals = [groups[f"a{index:02}"] for index in range(60)]
    assert len(set(originals)) >= 58


def _offer(record: Record) -> Offer:
    company = record["entreprise"].get("nom", "")
    text = html.unescape(record["description"])
    return Offer(record["id"], record["intitule"], text, company=company)


def test_salaries_say_what_is_paid_in_the_patterns_of_each_side() -> None:
    rng = random.Random(5)
    for _ in range(300):
        direct = salary_field(rng.random, (24_000, 30_000), partner=False)
        assert re.fullmatch(
            r"(Annuel|Mensuel|Horaire) de \d+\.\d+ Euros( à \d+\.\d+ Euros)?( sur [\d.]+ mois)?",
            direct,
        ), direct
        if direct.startswith("Annuel"):
            assert "24000.0" in direct
        partner = salary_field(rng.random, (24_000, 30_000), partner=True)
        assert partner == "Annuel de" or re.match(r"\w+ de \d+,\d\d Euros", partner)


def test_labels_follow_facts() -> None:
    rng = random.Random(6)
    for _ in range(100):
        label = contract_label(rng.random, "CDD", partner=True)
        assert re.match(r"(Contrat à durée déterminée|CDD) - \d+ (Mois|Jour)", label)
        assert contract_label(rng.random, "XYZ", partner=False) == "XYZ"
        asked = experience(rng.random, 3, partner=False, comment=False)
        assert asked["experienceLibelle"] in {"3 An(s)", "3 ans", "36 Mois"}
        hours = hours_fields(rng.random, "part_time", week=22, partner=False, has=lambda _: True)
        assert hours["dureeTravailLibelle"].startswith("temps partiel")
    assert experience(rng.random, 0, partner=True, comment=False) == {
        "experienceExige": "D",
        "experienceLibelle": "Débutant accepté",
    }


def test_codes_of_skills_are_six_digits_and_stable() -> None:
    assert skill_code("python") == skill_code("python") != skill_code("sql")
    assert all(re.fullmatch(r"\d{6}", skill_code(skill)) for skill in load_skills())


def test_offers_are_written_fast_enough_for_millions() -> None:
    writes = writer()
    offers = [facts(index) for index in range(400)]
    write_offer(writes, 0, offers[0])
    start = time.process_time()
    for index, offer in enumerate(offers):
        orjson.dumps(write_offer(writes, index, offer).record)
    # 2,500/s on one core where this was written; a loaded machine is given ten times as long.
    assert 400 / (time.process_time() - start) > 250
