"""True relevance, by hand: the table of the module's docstring, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from jobmatch_ml.reference import load_occupations, load_places, load_skills
from jobmatch_ml.world.facts import CandidateFacts, OfferFacts, Position
from jobmatch_ml.world.relevance import grade_offers, grade_pairs, offer_arrays

OCCUPATIONS = {occupation.code: occupation for occupation in load_occupations()}
PLACES = {place.name: place for place in load_places()}
NURSE_AIDE = OCCUPATIONS["J1501"]

OFFER = OfferFacts(
    offer_id="180ABCD",
    occupation=NURSE_AIDE,
    place=PLACES["Lyon"],
    required=("hygiene_care", "transfer_aids", "transmissions"),
    wished=(),
    years=2,
    contract="CDI",
    created_at=datetime(2025, 9, 1, tzinfo=UTC),
)
CANDIDATE = CandidateFacts(
    candidate_id="c00001",
    occupation=NURSE_AIDE,
    career=(Position(NURSE_AIDE, 40, 0),),
    # 2 of 3 required skills: 67 %, enough.
    skills=frozenset({"hygiene_care", "transfer_aids"}),
    years=3,
    place=PLACES["Villeurbanne"],
    radius_km=20,
    woman=True,
)


def grade(candidate: CandidateFacts, offer: OfferFacts) -> int:
    return int(grade_offers(candidate, offer_arrays([offer], sorted(load_skills())))[0])


def test_the_wished_occupation_with_all_three_is_a_four() -> None:
    assert grade(CANDIDATE, OFFER) == 4


@pytest.mark.parametrize(
    "worse",
    [
        replace(CANDIDATE, skills=frozenset({"hygiene_care"})),  # 1 of 3: 33 %
        replace(CANDIDATE, place=PLACES["Paris"]),
        replace(CANDIDATE, years=1),
    ],
)
def test_each_of_skills_place_and_seniority_is_worth_one(worse: CandidateFacts) -> None:
    assert grade(worse, OFFER) == 3


def test_the_wished_occupation_is_never_below_one() -> None:
    hopeless = replace(CANDIDATE, skills=frozenset(), place=PLACES["Brest"], years=0)
    assert grade(hopeless, OFFER) == 1


def test_a_neighbouring_occupation_gets_two_at_best_and_zero_without_fit() -> None:
    neighbour = replace(OFFER, occupation=OCCUPATIONS["K1302"])
    assert grade(CANDIDATE, neighbour) == 2
    assert grade(replace(CANDIDATE, years=1), neighbour) == 1
    assert grade(replace(CANDIDATE, years=1, place=PLACES["Brest"]), neighbour) == 0


def test_an_occupation_held_earlier_counts_as_a_neighbour() -> None:
    accountant = replace(OFFER, occupation=OCCUPATIONS["M1203"])
    assert grade(CANDIDATE, accountant) == 0
    former = (*CANDIDATE.career, Position(OCCUPATIONS["M1203"], 80, 41))
    assert grade(replace(CANDIDATE, career=former), accountant) == 2


def test_grades_of_pairs_follow_the_table() -> None:
    kinship = np.array([2, 2, 1, 1, 0], dtype=np.int8)
    skilled = np.array([True, False, True, True, True])
    near = np.array([True, False, True, False, True])
    senior = np.array([True, False, True, False, True])
    grades = grade_pairs(kinship, skilled=skilled, near=near, senior=senior)
    assert grades.tolist() == [4, 1, 2, 0, 0]
