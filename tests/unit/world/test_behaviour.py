"""Propensities, slates and the funnel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from jobmatch_ml.world.behaviour import draw_requests, propensity, propensity_rows
from jobmatch_ml.world.config import BehaviourConfig, PolicyMixture, WorldConfig
from jobmatch_ml.world.funnel import Outcome, simulate_outcome
from jobmatch_ml.world.policies import (
    Ranking,
    explored_slate,
    popular_slate,
    ranked_slate,
)

START = datetime(2025, 9, 1, tzinfo=UTC)
SURE = (1.0,) * 5
NEVER = (0.0,) * 5
EAGER = BehaviourConfig(view=SURE, save=SURE, apply=SURE, interview=SURE, hire=SURE)


def play(config: BehaviourConfig, *, days: float, examined: bool = True, seed: int = 0) -> Outcome:
    return simulate_outcome(
        np.random.default_rng(seed),
        config,
        grade=4,
        examined=examined,
        shown_at=START,
        log_end=START + timedelta(days=days),
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


def test_what_is_not_examined_is_not_opened() -> None:
    assert not play(EAGER, days=200, examined=False).viewed


def test_with_all_rates_at_one_and_time_enough_everything_happens_in_order() -> None:
    outcome = play(EAGER, days=200)
    assert outcome.got_hired is True
    assert outcome.closed_at is None
    times = [
        START,
        outcome.viewed_at,
        outcome.saved_at,
        outcome.applied_at,
        outcome.interview_at,
        outcome.hired_at,
    ]
    assert None not in times
    assert times == sorted(moment for moment in times if moment)


def test_a_refusal_closes_the_later_stages() -> None:
    refused = play(EAGER.model_copy(update={"interview": NEVER}), days=200)
    assert (refused.got_interview, refused.got_hired) == (False, False)
    assert refused.closed_at is not None
    assert refused.interview_at is None


def test_an_answer_after_the_end_of_the_log_is_not_known() -> None:
    slow = EAGER.model_copy(update={"interview_delay_days": 60.0, "apply_delay_days": 0.01})
    outcomes = [play(slow, days=2, seed=seed) for seed in range(20)]
    unknown = [item for item in outcomes if item.applied and item.got_interview is None]
    assert unknown
    assert all(item.got_hired is None and item.closed_at is None for item in unknown)


def test_without_an_application_the_outcome_is_open_for_the_window_and_then_no() -> None:
    passive = BehaviourConfig(apply=NEVER, apply_window_days=14)
    assert play(passive, days=13).got_interview is None
    assert play(passive, days=14).got_interview is False


def test_a_ranked_slate_keeps_the_order_and_skips_what_is_not_allowed() -> None:
    ranking = Ranking(offers=np.array([3, 1, 0, 2]), scores=np.array([9.0, 5.0, 4.0, 1.0]))
    slate = ranked_slate(ranking, np.array([True, False, True, True]), 2)
    assert slate.offers == (3, 0)
    assert slate.scores == (9.0, 4.0)


def test_a_popular_slate_puts_the_most_wanted_first_and_the_newest_among_equals() -> None:
    counts = np.array([1.0, 5.0, 1.0, 9.0])
    slate = popular_slate(counts, np.array([True, True, True, False]), 3)
    assert slate.offers == (1, 2, 0)


def test_an_explored_slate_has_no_scores_and_no_doubles() -> None:
    allowed = np.array([True] * 30 + [False] * 10)
    slate = explored_slate(
        np.random.default_rng(1),
        PolicyMixture(),
        allowed,
        in_domain=np.arange(40) % 4 == 0,
        size=20,
    )
    assert len(set(slate.offers)) == 20
    assert max(slate.offers) < 30
    assert set(slate.scores) == {None}


def test_requests_lie_in_the_log_in_the_order_of_time() -> None:
    config = WorldConfig(n_candidates=200, days=30, activity_days=20, requests_per_candidate=5)
    requests = draw_requests(config)
    assert [item.at for item in requests] == sorted(item.at for item in requests)
    assert requests[0].at.date() >= config.start_date
    assert requests[-1].at.date() < config.start_date + timedelta(days=30)
    # Mean 5 of 200 candidates: 1,000, standard deviation 28.
    assert 880 < len(requests) < 1120
