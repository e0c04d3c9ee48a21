"""The log as a whole: who comes when, the position-based model, and no knowledge of the future."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from jobmatch_ml.world.behaviour import (
    propensity,
    propensity_rows,
    recruiter_factors,
    simulate_log,
    stream_log,
)
from jobmatch_ml.world.config import BehaviourConfig, PolicyMixture, WorldConfig
from jobmatch_ml.world.log import EXPLORE, PLATFORM, POPULARITY, SURFACES, LogColumns, join_logs
from jobmatch_ml.world.market import make_market
from jobmatch_ml.world.relevance import Market, grade_pairs
from jobmatch_ml.world.sessions import DAY_S, draw_requests

CONFIG = WorldConfig(
    n_offers=1500, n_candidates=400, days=40, activity_days=20, requests_per_candidate=8
)


@pytest.fixture(scope="module")
def market() -> Market:
    return make_market(CONFIG)


@pytest.fixture(scope="module")
def log(market: Market) -> LogColumns:
    return simulate_log(market, CONFIG)


def same(one: LogColumns, two: LogColumns) -> bool:
    names = [item.name for item in fields(LogColumns)]
    return all(
        np.array_equal(getattr(one, name), getattr(two, name), equal_nan=name == "score")
        for name in names
    )


def test_the_propensity_is_a_power_of_the_position() -> None:
    # 4 ** -0.5 = 1/2; 9 ** -0.5 = 1/3.
    assert [propensity(p, 0.5) for p in (1, 4, 9)] == pytest.approx([1, 1 / 2, 1 / 3])


def test_each_surface_has_one_falling_propensity_per_position() -> None:
    rows = propensity_rows(BehaviourConfig(), slate_size=10)
    assert len(rows) == 20
    for surface in ("search", "top_offers"):
        curve = [value for name, _, value in rows if name == surface]
        assert curve[0] == 1
        assert all(first > second > 0 for first, second in pairwise(curve))


def test_people_come_in_sessions_within_their_weeks_and_return() -> None:
    requests = draw_requests(CONFIG, n_candidates=400, seed=3)
    assert (np.diff(requests.at_s) >= 0).all()
    assert len(requests) == pytest.approx(8 * 400, rel=0.06)
    assert (requests.at_s % DAY_S < 86_001).all()
    assert (requests.at_s % DAY_S >= 23_400).all()
    per_day = np.bincount(requests.at_s // DAY_S, minlength=40)
    assert per_day.min() > 0.4 * per_day.mean()
    mine = np.sort(requests.at_s[requests.candidate == 0])
    assert len(set((mine // DAY_S).tolist())) > 1
    gaps = np.concatenate(
        [np.diff(np.sort(requests.at_s[requests.candidate == row])) for row in range(400)]
    )
    # 1.6 requests a session: 1 - 1/1.6 of the later requests follow within minutes.
    assert (gaps < 1800).mean() == pytest.approx(0.375, abs=0.06)
    assert (requests.page[requests.policy == EXPLORE] == 0).all()
    assert requests.page.max() >= 1


def test_the_same_seed_gives_the_same_log_and_another_does_not(
    market: Market, log: LogColumns
) -> None:
    assert same(simulate_log(market, CONFIG, seed=CONFIG.seed), log)
    assert not same(simulate_log(market, CONFIG, seed=99), log)


def test_rows_are_in_the_order_of_time_and_position(log: LogColumns) -> None:
    assert (np.diff(log.request) >= 0).all()
    assert (np.diff(log.shown_s) >= 0).all()
    same_slate = np.diff(log.request) == 0
    assert (np.diff(log.position.astype(int))[same_slate] == 1).all()
    assert (log.position[1:][~same_slate] == 1).all()
    lengths = np.bincount(log.request)
    assert (log.slate_size == lengths[log.request]).all()


def test_the_funnel_only_narrows_and_the_grades_are_the_true_ones(
    market: Market, log: LogColumns
) -> None:
    assert not (log.viewed & ~log.examined).any()
    assert not ((log.saved | log.applied) & ~log.viewed).any()
    assert not ((log.interview == 1) & ~log.applied).any()
    assert not ((log.hired == 1) & (log.interview != 1)).any()
    assert (log.grade == grade_pairs(market, log.candidate, log.offer)).all()


def test_views_follow_the_position_based_model(market: Market) -> None:
    """P(view | position, surface) = propensity x attraction, whatever else is so."""
    config = CONFIG.model_copy(update={"n_candidates": 400, "requests_per_candidate": 40.0})
    log = simulate_log(market, config, seed=11)
    exponents = config.behaviour.examination
    for number, surface in enumerate(SURFACES):
        for position in range(1, 11):
            rows = (log.surface == number) & (log.position == position)
            chance = position ** -exponents[surface] * log.attraction[rows]
            spread = 4.5 * np.sqrt((chance * (1 - chance)).sum())
            assert abs(log.viewed[rows].sum() - chance.sum()) < spread, (surface, position)
    for grade in range(5):
        rows = log.grade == grade
        looked = np.array([[p ** -exponents[s] for p in range(1, 11)] for s in SURFACES])[
            log.surface[rows], log.position[rows] - 1
        ]
        chance = looked * log.attraction[rows]
        spread = 4.5 * np.sqrt((chance * (1 - chance)).sum())
        assert abs(log.viewed[rows].sum() - chance.sum()) < spread, grade


def test_what_was_taken_by_the_evening_before_is_not_shown_again(log: LogColumns) -> None:
    positive = log.saved | log.applied
    when = np.where(log.saved, log.saved_s, log.applied_s)
    taken: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(positive):
        pair = (int(log.candidate[row]), int(log.offer[row]))
        taken[pair] = min(taken.get(pair, 10**9), int(when[row]) // DAY_S)
    for row in range(len(log)):
        pair = (int(log.candidate[row]), int(log.offer[row]))
        assert taken.get(pair, 10**9) >= int(log.shown_s[row]) // DAY_S


def test_nothing_that_happens_later_changes_what_was_shown_before(market: Market) -> None:
    """Other behaviour from a day on: the slates up to that day are the same."""
    eager = CONFIG.model_copy(
        update={"behaviour": BehaviourConfig(save=(1.0,) * 5, apply=(1.0,) * 5)}
    )
    one, two = simulate_log(market, CONFIG), simulate_log(market, eager)
    first_day = one.shown_s < DAY_S
    assert (one.offer[first_day] == two.offer[two.shown_s < DAY_S]).all()
    assert not np.array_equal(one.offer, two.offer)


def test_popularity_shows_what_others_took_on_earlier_days(log: LogColumns) -> None:
    positive = log.saved | log.applied
    when = np.where(log.saved, log.saved_s, log.applied_s)
    checked = 0
    for row in np.flatnonzero((log.policy == POPULARITY) & (log.score > 0))[:200]:
        evening = int(log.shown_s[row]) // DAY_S * DAY_S
        known = positive & (log.offer == log.offer[row]) & (when < evening)
        assert int(known.sum()) == int(log.score[row])
        checked += 1
    assert checked > 50


def test_policies_are_used_as_often_as_configured_and_swaps_are_named(market: Market) -> None:
    mixture = PolicyMixture(platform=0.5, popularity=0.1, explore=0.4, swap_share=0.2)
    config = CONFIG.model_copy(update={"policy": mixture, "requests_per_candidate": 30.0})
    log = simulate_log(market, config)
    first = log.position == 1
    shares = np.bincount(log.policy[first], minlength=6) / first.sum()
    assert shares == pytest.approx([0.4, 0, 0.1, 0.4, 0.1, 0], abs=0.02)
    assert log.grade[log.policy == PLATFORM].mean() > 2 * log.grade[log.policy == EXPLORE].mean()


def test_bias_moves_interviews_of_those_it_is_against_and_no_grade(market: Market) -> None:
    people = market.candidates
    biased = CONFIG.model_copy(
        update={
            "requests_per_candidate": 40.0,
            "behaviour": BehaviourConfig(
                interview=(0.5,) * 5, recruiter_bias={"gender": {"woman": 0.5}}
            ),
        }
    )
    factors = recruiter_factors(biased.behaviour, people)
    assert set(factors[people.woman].tolist()) == {0.5}
    assert set(factors[~people.woman].tolist()) == {1.0}
    log = simulate_log(market, biased)
    known = log.interview >= 0
    women = people.woman[log.candidate]
    rates = [log.interview[known & log.applied & who].mean() for who in (women, ~women)]
    assert rates[0] == pytest.approx(0.25, abs=0.06)
    assert rates[1] == pytest.approx(0.5, abs=0.07)
    assert log.discriminated[women].any()
    assert not log.discriminated[~women].any()
    fair = simulate_log(market, biased.model_copy(update={"behaviour": BehaviourConfig()}))
    assert not fair.discriminated.any()


def test_identities_can_be_swapped_without_moving_grades_or_views(
    market: Market, log: LogColumns
) -> None:
    people = market.candidates
    other = replace(people, woman=~people.woman, origin=(people.origin + 1) % 5)
    assert same(simulate_log(replace(market, candidates=other), CONFIG), log)


def test_every_group_that_can_be_named_is_a_factor(market: Market) -> None:
    people = market.candidates
    config = BehaviourConfig(
        recruiter_bias={
            "age": {"under_30": 0.5, "55_and_over": 0.25},
            "disability": {"yes": 0.5},
            "address": {"priority_district": 0.5},
            "origin": {"asian": 2.0},
        }
    )
    factors = recruiter_factors(config, people)
    expected = np.where(people.age < 30, 0.5, np.where(people.age >= 55, 0.25, 1.0))
    expected = expected * np.where(people.disability, 0.5, 1) * np.where(people.address, 0.5, 1)
    expected = expected * np.where(people.origin == 4, 2, 1)
    assert factors == pytest.approx(expected)


def test_a_log_streams_in_blocks_that_join_to_the_whole(market: Market, log: LogColumns) -> None:
    blocks = list(stream_log(market, CONFIG))
    assert max(len(block) for block in blocks) <= 1024 * CONFIG.slate_size
    assert same(join_logs(blocks), log)
    assert len(log.where(log.viewed)) == log.viewed.sum()
