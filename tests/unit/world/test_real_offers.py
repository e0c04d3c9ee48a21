"""Real offers become offers of a world: what they say is kept, what they do not is drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.reference import load_places, load_table
from jobmatch_ml.world import build_world
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.real_mapping import OTHER, read_salary
from jobmatch_ml.world.real_offers import RealOffers, read_excluded_ids, read_real_offers

CONFIG = WorldConfig(seed=3)


def record(number: int, **changes: Any) -> dict[str, Any]:
    """An offer of our own making, in the form of the API."""
    return {
        "id": f"{number:07}",
        "intitule": f"Développeur web {number} (H/F)",
        "description": f"Notre équipe numéro {number} code en Python et en SQL, permis B exigé.",
        "dateCreation": f"2023-01-{28 - number % 28:02}T09:00:00.000Z",
        "dateActualisation": "2023-02-01T09:00:00.000Z",
        "romeCode": "M1805",
        "typeContrat": "CDI",
        "experienceExige": "E",
        "experienceLibelle": "3 An(s)",
        "entreprise": {"nom": f"Société {number}"},
        "lieuTravail": {"libelle": "69 - LYON 03", "codePostal": "69003"},
        "salaire": {"libelle": "Annuel de 32000.0 Euros à 38000.0 Euros sur 12.0 mois"},
        "_note": "of the collector",
    } | changes


def read(tmp_path: Path, *special: dict[str, Any], **options: Any) -> RealOffers:
    """Reads the special records among thirty ordinary ones."""
    records = [record(number) for number in range(100, 130)] + list(special)
    path = tmp_path / "offers.json"
    path.write_text(json.dumps({"resultats": records}), encoding="utf-8")
    return read_real_offers([path], CONFIG, table=load_table(), places=load_places(), **options)


def one(offers: RealOffers, offer_id: str) -> tuple[Any, frozenset[str]]:
    where = [facts.offer_id for facts in offers.facts].index(offer_id)
    return offers.facts[where], offers.told[where]


def test_what_an_offer_states_becomes_its_facts(tmp_path: Path) -> None:
    facts, told = one(read(tmp_path), "0000100")
    assert facts.occupation.code == "M1805"
    assert facts.place.name == "Lyon"
    assert (facts.years, facts.contract, facts.salary) == (3, "CDI", (32_000, 38_000))
    assert facts.licence
    assert {"occupation", "place", "years", "contract", "salary", "licence"} <= told


def test_skills_come_from_the_field_and_from_both_wordings_in_the_text(tmp_path: Path) -> None:
    table = load_table()
    occupation = table.by_code["M1805"]
    first, second = occupation.required[:2]
    special = record(
        7,
        description=f"Vous maîtrisez : {table.skills[first].cv[0].upper()} !",
        competences=[
            {"code": "1", "libelle": table.skills[second].offer, "exigence": "E"},
            {"code": "2", "libelle": "Tout à fait autre chose", "exigence": "S"},
        ],
    )
    offers = read(tmp_path, special)
    facts, told = one(offers, "0000007")
    assert {first, second} <= set(facts.required)
    assert {first, second} <= told
    assert offers.counts["competence: mapped"] == offers.counts["competence: unknown"] == 1


def test_what_is_not_said_is_drawn_and_not_told(tmp_path: Path) -> None:
    silent = record(8, salaire={}, lieuTravail={"libelle": "France"}, typeContrat="???",
                    experienceLibelle="Expérience exigée", description="Venez !")  # fmt: skip
    offers = read(tmp_path, silent)
    facts, told = one(offers, "0000008")
    assert told == {"occupation"}
    assert facts.required
    assert facts.salary[0] >= facts.occupation.salary[0]
    assert facts.contract in facts.occupation.contracts
    again, _ = one(read(tmp_path, silent), "0000008")
    assert again == facts, "drawn from the seed, not anew"


def test_older_and_sibling_codes_go_to_the_nearest_and_unknown_ones_to_no_occupation(
    tmp_path: Path,
) -> None:
    sibling, unknown = record(9, romeCode="M1899"), record(10, romeCode="Q9999")
    offers = read(tmp_path, sibling, unknown)
    nearest = max(code for code in load_table().by_code if code.startswith("M18"))
    assert one(offers, "0000009")[0].occupation.code == nearest
    facts, told = one(offers, "0000010")
    assert facts.occupation.code == OTHER
    assert "occupation" not in told
    assert OTHER in offers.table.by_code
    assert OTHER not in offers.occupations, "nobody wishes for it"
    assert offers.counts["occupation: unknown"] == 1
    resolved = read(tmp_path, unknown, resolve={"Q9999": "N1103"}.get)
    assert one(resolved, "0000010")[0].occupation.code == "N1103"


def test_places_are_found_by_name_coordinates_or_department(tmp_path: Path) -> None:
    named = record(11, lieuTravail={"libelle": "33 - BORDEAUX"})
    far = record(
        12, lieuTravail={"libelle": "29 - OUESSANT", "latitude": 48.45, "longitude": -5.09}
    )
    near = record(13, lieuTravail={"libelle": "69 - BRON", "latitude": 45.73, "longitude": 4.91})
    dept = record(14, lieuTravail={"libelle": "13 - Bouches-du-Rhône (Dept.)"})
    offers = read(tmp_path, named, far, near, dept)
    names = [one(offers, f"00000{number}")[0].place.name for number in (11, 12, 13, 14)]
    assert names[0] == "Bordeaux"
    assert names[1] == "Ouessant"
    assert 0 < one(offers, "0000012")[0].place.weight < 1e-6, "nobody lives there"
    assert names[3] == "Marseille"
    assert one(offers, "0000013")[0].place.department in {"69", "38"}


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"description": "Télétravail deux jours par semaine"}, "remote", 1),
        ({"description": "Poste en full remote"}, "remote", 2),
        ({"description": "Pas de télétravail"}, "remote", 0),
        ({"dureeTravailLibelle": "24H", "dureeTravailLibelleConverti": "Temps partiel"},
         "hours", "part_time"),
        ({"description": "Travail en 3x8"}, "hours", "shift"),
        ({"permis": [{"libelle": "B - Véhicule léger", "exigence": "S"}],
          "description": "Venez !"}, "licence", False),
        ({"experienceExige": "D", "experienceLibelle": "Débutant accepté"}, "years", 0),
        ({"experienceLibelle": "24 Mois"}, "years", 2),
        ({"typeContrat": "TTI"}, "contract", "MIS"),
    ],
)  # fmt: skip
def test_conditions_follow_simple_rules(
    tmp_path: Path, changes: dict[str, Any], field: str, value: object
) -> None:
    facts, _ = one(read(tmp_path, record(15, **changes)), "0000015")
    assert getattr(facts, field) == value


@pytest.mark.parametrize(
    ("label", "yearly"),
    [
        ("Annuel de 38000,00 Euros à 42000,00 Euros", (38_000, 42_000)),
        ("Mensuel de 2000.0 Euros sur 13.0 mois", (26_000, 26_000)),
        ("Horaire de 12.0 Euros sur 12.0 mois", (21_840, 21_840)),
        ("Mensuel de 30000.0 Euros à 35000.0 Euros", None),
        ("Annuel de", None),
        ("", None),
    ],
)
def test_salaries_are_read_in_all_patterns(label: str, yearly: tuple[int, int] | None) -> None:
    assert read_salary(label) == yearly


def test_offers_keep_their_order_on_the_calendar_of_the_world(tmp_path: Path) -> None:
    offers = read(tmp_path)
    created = [facts.created_at for facts in offers.facts]
    assert created == sorted(created)
    first = min(CONFIG.start_date.toordinal(), created[0].date().toordinal())
    assert first >= CONFIG.start_date.toordinal() - CONFIG.offers.lifetime_days
    # Number 111 carries the day 1 of the month, the earliest; records and facts agree.
    assert offers.facts[0].offer_id == offers.records[0]["id"] == "0000111"
    for kept, facts in zip(offers.records, offers.facts, strict=True):
        assert kept["dateCreation"][:19] == f"{facts.created_at:%Y-%m-%dT%H:%M:%S}"
        assert "_note" not in kept


def test_excluded_offers_and_what_repeats_them_are_never_used(tmp_path: Path) -> None:
    hidden = record(20)
    posted_again = record(21, intitule="DÉVELOPPEUR WEB 20 F/H", entreprise={"nom": "société 20"})
    same_text = record(22, description=hidden["description"].upper() + " ")
    listed = tmp_path / "ids.txt"
    listed.write_text("0000020\n\n", encoding="utf-8")
    offers = read(tmp_path, hidden, posted_again, same_text, exclude_ids=read_excluded_ids(listed))
    used = {facts.offer_id for facts in offers.facts}
    assert not used & {"0000020", "0000021", "0000022"}
    assert offers.counts["left out: excluded"] == 1
    assert offers.counts["left out: repeats an excluded offer"] == 2
    assert offers.counts["used"] == len(offers.records) == 30


def test_what_is_no_offer_is_counted_and_too_few_are_refused(tmp_path: Path) -> None:
    offers = read(tmp_path, {"id": "x"}, record(100))
    assert offers.counts["left out: not an offer"] == 1
    assert offers.counts["left out: id seen before"] == 1
    few = tmp_path / "few.jsonl"
    few.write_text(json.dumps(record(1)) + "\n{broken\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"1 usable offers.*at least 20"):
        read_real_offers([few], CONFIG, table=load_table(), places=load_places())
    with pytest.raises(MissingFileError, match="one a line"):
        read_excluded_ids(tmp_path / "nowhere.txt")


def test_ids_with_blanks_are_left_out_and_letters_with_accents_kept(tmp_path: Path) -> None:
    offers = read(tmp_path, record(1, id="1\t2"), record(2, id="a b"), record(3, id="été-3"))
    assert offers.counts["left out: id with blanks"] == 2
    assert "été-3" in {facts.offer_id for facts in offers.facts}
    world = build_world(
        WorldConfig(days=5, n_candidates=4, n_pdf=0, n_docx=0), tmp_path / "w", real_offers=offers
    )
    assert world.counts["offers"] == 31
