"""Grades by hand: each rule, each wish, and what must never matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jobmatch_ml.world.columns import CandidateColumns
from jobmatch_ml.world.config import BehaviourConfig, WorldConfig
from jobmatch_ml.world.market import make_market
from jobmatch_ml.world.relevance import (
    Market,
    attraction_rows,
    grade_pairs,
    grade_rows,
    pair_facts,
    relevant_offers,
    skill_coverage,
)
from jobmatch_ml.world.tables import CONTRACTS, HOURS, NONE

CONFIG = WorldConfig(n_offers=60, n_candidates=12, n_pdf=0, n_docx=0)
PLACE = 0


@pytest.fixture
def market() -> Market:
    """A market whose offer 0 fits candidate 0 in every way; tests then spoil one thing."""
    made = make_market(CONFIG)
    people, offers, tables = made.candidates, made.offers, made.tables
    job = int(tables.present[0])
    far = int(np.argmax(tables.distance[PLACE]))
    people.occupation[0], people.second[0] = job, NONE
    people.career[0] = NONE
    people.skills[0] = [0, 1, 2, 3, *[NONE] * 16]
    people.levels[0] = [3, 2, 1, 1, *[0] * 16]
    people.years[0], people.place[0], people.radius[0] = 5, PLACE, 30
    people.salary_min[0], people.remote[0], people.licence[0] = 25_000, 0, False
    people.contracts[0] = 1 << CONTRACTS.index("CDI")
    people.hours[0] = 1 << HOURS.index("day")
    offers.occupation[0], offers.place[0], offers.years[0] = job, PLACE, 5
    offers.required[0] = [0, 1, *[NONE] * 6]
    offers.contract[0], offers.hours[0] = CONTRACTS.index("CDI"), HOURS.index("day")
    offers.salary[0], offers.remote[0], offers.licence[0] = (24_000, 25_000), 0, False
    assert tables.distance[PLACE, far] > 30
    return made


def grade(market: Market) -> int:
    return int(grade_pairs(market, np.array([0]), np.array([0]))[0])


def test_an_offer_that_fits_in_every_way_is_graded_four(market: Market) -> None:
    assert grade(market) == 4


def test_skills_place_and_experience_take_one_each(market: Market) -> None:
    market.offers.required[0] = [7, 8, *[NONE] * 6]
    assert grade(market) == 3
    market.offers.place[0] = int(np.argmax(market.tables.distance[PLACE]))
    assert grade(market) == 2
    market.offers.years[0] = 6
    assert grade(market) == 1


def test_work_that_is_done_from_home_is_near_wherever_it_is(market: Market) -> None:
    market.offers.place[0] = int(np.argmax(market.tables.distance[PLACE]))
    assert grade(market) == 3
    market.offers.remote[0] = 2
    assert grade(market) == 4


@pytest.mark.parametrize(
    ("required", "coverage"),
    [
        ([0, 1], 1.0),
        ([0, 2], 0.75),  # 1 + 1/2 of 2: some knowledge counts half
        ([2, 3], 0.5),
        ([0, 1, 2, 8, 9], 0.5),  # 2.5 of 5
        ([0, 1, 2, 3, 9], 0.6),  # 1 + 1 + 1/2 + 1/2 of 5: exactly enough
        ([], 1.0),
    ],
)
def test_skills_count_by_their_level(market: Market, required: list[int], coverage: float) -> None:
    market.offers.required[0] = required + [NONE] * (8 - len(required))
    pair = np.array([0]), np.array([0])
    assert float(skill_coverage(market, *pair)[0]) == pytest.approx(coverage)
    assert bool(pair_facts(market, *pair).skilled[0]) == (coverage >= 0.6)


def test_a_neighbour_and_a_job_held_earlier_are_worth_two_at_most(market: Market) -> None:
    people, tables = market.candidates, market.tables
    wish = int(people.occupation[0])
    neighbour = int(tables.neighbours[wish, 0])
    market.offers.occupation[0] = neighbour
    assert grade(market) == 2  # 3 of 3, minus 1
    unrelated = next(
        int(job) for job in tables.present if job != wish and not tables.kinship[wish, job]
    )
    market.offers.occupation[0] = unrelated
    assert grade(market) == 0
    people.career[0, 2] = unrelated
    assert grade(market) == 2
    market.offers.years[0] = 9
    market.offers.required[0] = [7, *[NONE] * 7]
    assert grade(market) == 0  # 1 of 3, minus 1


def test_the_second_profile_is_wished_for_like_the_first(market: Market) -> None:
    other = int(market.tables.present[-1])
    market.offers.occupation[0] = other
    assert grade(market) == 0
    market.candidates.second[0] = other
    assert grade(market) == 4


def test_each_hard_wish_that_is_violated_takes_one_away(market: Market) -> None:
    people, offers = market.candidates, market.offers
    steps = [
        lambda: people.salary_min.__setitem__(0, 25_001),
        lambda: offers.contract.__setitem__(0, CONTRACTS.index("MIS")),
        lambda: people.remote.__setitem__(0, 1),
        lambda: offers.hours.__setitem__(0, HOURS.index("shift")),
        lambda: offers.licence.__setitem__(0, True),
    ]
    grades = []
    for step in steps:
        step()
        grades.append(grade(market))
    assert grades == [3, 2, 1, 0, 0]
    assert int(pair_facts(market, np.array([0]), np.array([0])).violations[0]) == 5


def test_who_a_person_is_has_no_part_in_the_grades(market: Market) -> None:
    people = market.candidates
    rows = np.arange(len(people))
    before = grade_rows(market, rows)
    changed = {
        "woman": ~people.woman,
        "origin": (people.origin + 1) % 5,
        "age": (people.age + 20).astype(np.int8),
        "disability": ~people.disability,
        "address": 1 - people.address,
        "language": 1 - people.language,
    }
    swapped = replace(market, candidates=replace(people, **changed))
    assert isinstance(swapped.candidates, CandidateColumns)
    assert (grade_rows(swapped, rows) == before).all()
    assert before.any()


def test_whole_rows_and_pairs_agree(market: Market) -> None:
    people, offers = np.nonzero(np.ones((12, 60), dtype=np.bool_))
    by_pairs = grade_pairs(market, people, offers).reshape(12, 60)
    assert (grade_rows(market, np.arange(12)) == by_pairs).all()
    rows, grades = relevant_offers(market, 3)
    assert rows.tolist() == np.flatnonzero(by_pairs[3]).tolist()
    assert grades.tolist() == by_pairs[3, rows].tolist()


def test_attraction_is_the_rate_of_the_grade_times_the_appeal(market: Market) -> None:
    market.offers.appeal[0] = 0.5
    config = BehaviourConfig(view=(0.0, 0.1, 0.2, 0.3, 0.8))
    assert attraction_rows(market, config, np.array([0]))[0, 0] == pytest.approx(0.4)
    market.offers.appeal[0] = 3
    assert attraction_rows(market, config, np.array([0]))[0, 0] == 1
