"""Facts of offers and candidates: shares, seasons, careers, sizes, views, ids."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.reference import OccupationTable, distance_km, load_occupations, load_places
from jobmatch_ml.reference.occupations import load_table
from jobmatch_ml.world.columns import numbered, offer_columns, offer_ids
from jobmatch_ml.world.config import MarketConfig, WorldConfig
from jobmatch_ml.world.market import make_market
from jobmatch_ml.world.offers import DAY_MS, first_day, occupation_shares
from jobmatch_ml.world.relevance import Market
from jobmatch_ml.world.tables import CONTRACTS, NONE, market_tables

CONFIG = WorldConfig(n_offers=4000, n_candidates=3000)


@pytest.fixture(scope="module")
def market() -> Market:
    return make_market(CONFIG)


def test_tables_are_those_of_the_occupations_given(market: Market) -> None:
    tables = market.tables
    jobs = load_occupations()
    for row in (0, 17, len(jobs) - 1):
        job = jobs[row]
        kept = tables.neighbours[row][tables.neighbours[row] != NONE]
        assert [jobs[other].code for other in kept] == list(job.neighbours)[:8]
        usual = [tables.skills[skill] for skill in tables.required[row] if skill != NONE]
        assert usual == list(job.required)[:12]
        assert tables.kinship[row].sum() == len(kept)
    places = load_places()
    assert tables.distance[0, 5] == pytest.approx(distance_km(places[0], places[5]), abs=0.06)
    assert tables.place_shares.sum(axis=1) == pytest.approx(np.ones(len(jobs)))


def test_a_code_is_checked_against_the_table_that_is_given() -> None:
    table = load_table()
    with pytest.raises(InputError, match=r"unknown occupation 'J1510'\. Did you mean 'J1"):
        market_tables(table, load_places(), ["J1510"])
    two = [table.by_code["J1501"], table.by_code["J1506"]]
    small = OccupationTable(occupations=tuple(two), skills=table.skills)
    with pytest.raises(InputError, match="unknown occupation 'M1805'"):
        make_market(CONFIG.model_copy(update={"occupations": ("M1805",)}), table=small)
    made = make_market(CONFIG.model_copy(update={"occupations": ()}), table=small)
    assert set(made.offers.occupation.tolist()) == {0, 1}


def test_without_occupations_or_places_there_is_no_market() -> None:
    with pytest.raises(InputError, match="0 occupations"):
        market_tables(OccupationTable(occupations=(), skills={}), load_places())


def test_two_makings_are_equal_and_another_seed_is_not(market: Market) -> None:
    again = make_market(CONFIG)
    other = make_market(CONFIG.model_copy(update={"seed": 2}))
    for name in ("occupation", "required", "created_ms", "salary", "appeal"):
        mine = getattr(market.offers, name)
        assert (getattr(again.offers, name) == mine).all()
        assert (getattr(other.offers, name) != mine).any()
    assert (again.candidates.skills == market.candidates.skills).all()
    assert (other.candidates.skills != market.candidates.skills).any()


def test_only_the_occupations_named_are_offered_and_wished_for() -> None:
    codes = ("J1501", "J1506", "K1302")
    made = make_market(CONFIG.model_copy(update={"occupations": codes}))
    rows = {made.tables.row_of[code] for code in codes}
    assert set(made.offers.occupation.tolist()) == rows
    assert set(made.candidates.occupation.tolist()) == rows
    second = made.candidates.second
    assert set(second[second != NONE].tolist()) <= rows


def test_offers_are_in_the_order_of_publication_over_log_and_lifetime(market: Market) -> None:
    created = market.offers.created_ms
    start = first_day(CONFIG)
    assert (np.diff(created) >= 0).all()
    assert created[0] >= start - 30 * DAY_MS
    assert created[-1] < start + CONFIG.days * DAY_MS
    weekday = (CONFIG.start_date.weekday() + (created - start) // DAY_MS) % 7
    counts = np.bincount(weekday, minlength=7)
    assert counts[6] < 0.3 * counts[:5].mean()


def test_a_copy_repeats_an_original_but_not_its_time(market: Market) -> None:
    offers = market.offers
    copies = np.flatnonzero(offers.copy_of != NONE)
    share = CONFIG.offers.duplicate_share
    assert len(copies) / len(offers) == pytest.approx(share, abs=0.015)
    for row in copies:
        original = offers.copy_of[row]
        assert original < row
        assert offers.copy_of[original] == NONE
        assert offers.occupation[row] == offers.occupation[original]
        assert (offers.required[row] == offers.required[original]).all()


def test_shares_of_occupations_swing_with_the_season_and_drift() -> None:
    config = WorldConfig(days=365, market=MarketConfig(drift=0, season_amplitude=0.5))
    tables = market_tables(load_table(), load_places())
    shares = occupation_shares(config, tables)
    hotels = tables.domain == ord("G") - ord("A")
    swing = shares[:, hotels].sum(axis=1)
    assert swing.max() / swing.min() == pytest.approx(3, rel=0.01)  # 1.5 to 0.5
    flat = WorldConfig(days=365, market=MarketConfig(drift=0, season_amplitude=0))
    still = occupation_shares(flat, tables)
    assert still[0] == pytest.approx(still[-1])
    moving = WorldConfig(days=365, market=MarketConfig(drift=0.5, season_amplitude=0))
    ratio = np.log(occupation_shares(moving, tables)[-1] / occupation_shares(moving, tables)[30])
    assert np.std(ratio) == pytest.approx(0.5, rel=0.25)


def test_occupations_are_more_frequent_where_their_table_says(market: Market) -> None:
    tables = market.tables
    regions = [place.region for place in tables.places]
    job = next(
        item for item in tables.table.occupations if max(item.regions.values(), default=0) >= 2
    )
    region = max(job.regions, key=lambda name: job.regions[name])
    inside = np.array([name == region for name in regions])
    row = tables.row_of[job.code]
    others = tables.place_shares[:, inside].sum(axis=1).mean()
    assert tables.place_shares[row, inside].sum() > others


def test_what_offers_ask_for_is_usual_in_their_occupation(market: Market) -> None:
    offers, tables = market.offers, market.tables
    for row in range(0, 4000, 97):
        job = tables.table.occupations[offers.occupation[row]]
        facts = offers.view(row, tables)
        assert facts.required
        assert set(facts.required) <= {*job.required, *job.wished}
        assert len(set(facts.required)) == len(facts.required)
        assert not set(facts.required) & set(facts.wished)
        assert job.contracts.get(facts.contract, 0) > 0
        assert 0.99 * job.salary[0] <= facts.salary[0] <= facts.salary[1]
        assert facts.salary[1] <= 1.08 * 1.15 * job.salary[1] + 100
        assert facts.created_at.tzinfo is not None


def test_careers_walk_along_the_mobility_graph_back_in_time(market: Market) -> None:
    people, tables = market.candidates, market.tables
    for row in range(0, 3000, 83):
        facts = people.view(row, tables)
        held = [facts.occupation, *(position.occupation for position in facts.career)]
        for later, earlier in pairwise(held):
            assert earlier == later or earlier.code in later.neighbours[:8]
        ends = [position.end_months_ago for position in facts.career]
        starts = [position.start_months_ago for position in facts.career]
        assert all(start > end for start, end in zip(starts, ends, strict=True))
        assert all(end >= start for start, end in zip(starts, ends[1:], strict=False))
        assert facts.age * 12 >= 16 * 12 + starts[-1]
        assert set(facts.levels) == facts.skills
        assert set(facts.levels.values()) <= {1, 2, 3}
        months = sum(
            (p.start_months_ago - p.end_months_ago) * (2 if p.occupation == facts.occupation else 1)
            for p in facts.career
        )
        assert facts.years == months // 24


def test_wishes_are_met_often_but_not_always(market: Market) -> None:
    people = market.candidates
    accepted = np.array([bin(int(bits)).count("1") for bits in people.contracts])
    assert (people.contracts & 1 == 1).all()  # everyone accepts a permanent contract
    assert 1 < accepted.mean() < len(CONTRACTS)
    assert 0.2 < (people.salary_min == 0).mean() < 0.5
    assert people.salary_min[people.salary_min > 0].min() >= 21_622  # the minimum wage
    assert people.licence.mean() == pytest.approx(0.83, abs=0.05)
    assert (people.second != NONE).mean() == pytest.approx(0.2, abs=0.05)
    right = people.declared == people.occupation
    assert right.mean() == pytest.approx(0.85, abs=0.03)


def test_identity_is_drawn_apart_from_work(market: Market) -> None:
    people = market.candidates
    more = CONFIG.model_copy(
        update={
            "candidates": CONFIG.candidates.model_copy(
                update={"disability_share": 0.5, "english_share": 0.9}
            )
        }
    )
    other = make_market(more).candidates
    assert other.disability.mean() > 0.4
    for name in ("occupation", "skills", "place", "salary_min", "career"):
        assert (getattr(other, name) == getattr(people, name)).all()
    by_gender = [people.years[people.woman].mean(), people.years[~people.woman].mean()]
    assert by_gender[0] == pytest.approx(by_gender[1], abs=0.6)


def test_a_row_takes_at_most_two_hundred_bytes(market: Market) -> None:
    assert market.offers.nbytes / len(market.offers) <= 200
    assert market.candidates.nbytes / len(market.candidates) <= 200


def test_ids_are_computed_and_all_different() -> None:
    ids = offer_ids(7, np.arange(500_000))
    assert len(np.unique(ids)) == 500_000
    assert all(len(name) == 7 and name[:3].isdigit() for name in ids[:50])
    assert (offer_ids(7, np.array([123_456])) == ids[123_456:123_457]).all()
    assert (offer_ids(8, np.arange(50)) != ids[:50]).any()
    assert numbered("c", np.array([1, 1234]), width=5).tolist() == [b"c00001", b"c01234"]


def test_given_facts_become_columns_and_come_back(market: Market) -> None:
    facts = [market.offers.view(row, market.tables) for row in range(25)]
    columns = offer_columns(facts, market.tables)
    assert [columns.view(row, market.tables) for row in range(25)] == facts


def test_manual_work_is_not_done_from_home(market: Market) -> None:
    manual = market.tables.level[market.offers.occupation] <= 4
    assert manual.any()
    assert not market.offers.remote[manual].any()
    assert market.offers.remote[~manual].any()
