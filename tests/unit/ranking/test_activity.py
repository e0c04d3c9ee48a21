"""Counts before a moment, by offer; clocks that run backwards."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.features.activity import Activity, rate
from tests.log_factory import day, make_log

LOG = make_log(
    {"offer_external_id": "a", "shown_at": day(1), "viewed": True, "viewed_at": day(1.1)},
    {"offer_external_id": "a", "shown_at": day(20), "applied": True, "applied_at": day(21)},
    {"offer_external_id": "b", "shown_at": day(2)},
    {"offer_external_id": "unknown", "shown_at": day(2)},
)
ACTIVITY = Activity.of_log(LOG, ["a", "b", "c"])
ROWS = np.array([0, 1, 2])


def count(event: str, moment: float, days: float | None = None) -> list[float]:
    at = np.full(3, day(moment).timestamp())
    return ACTIVITY.count(event, ROWS, at, days=days).tolist()


def test_events_count_from_their_own_time_on() -> None:
    assert count("shown", 0) == [0, 0, 0]
    assert count("shown", 1) == [0, 0, 0]  # strictly before
    assert count("shown", 30) == [2, 1, 0]
    assert count("viewed", 1.05) == [0, 0, 0]
    assert count("viewed", 1.2) == [1, 0, 0]
    assert count("applied", 20.5) == [0, 0, 0]
    assert count("applied", 22) == [1, 0, 0]


def test_a_window_leaves_out_what_is_older() -> None:
    assert count("shown", 22, days=5) == [1, 0, 0]


def test_rates_are_drawn_towards_the_overall_rate() -> None:
    assert rate(np.array([0.0]), np.array([0.0]), overall=0.08).tolist() == [0.08]


def test_clocks_out_of_order_are_refused() -> None:
    broken = make_log({"shown_at": day(5), "viewed": True, "viewed_at": day(4)})
    with pytest.raises(InputError, match=r"viewed before they were shown.*i1.*clocks"):
        Activity.of_log(broken, ["o1"])


def test_moments_stay_exact_however_many_offers_there_are() -> None:
    offers = [f"o{row}" for row in range(300_001)]
    moment = day(3).timestamp()
    log = make_log({"offer_external_id": offers[-1], "shown_at": day(3)})
    last, before = np.array([len(offers) - 1]), Activity.of_log(log, offers)
    # The event is of the moment itself; 0.4 s later it is known, and in no window that begins then.
    assert before.count("shown", last, np.array([moment])).tolist() == [0]
    assert before.count("shown", last, np.array([moment + 0.4])).tolist() == [1]
    assert before.count("shown", last, np.array([moment + 86_400.4]), days=1).tolist() == [0]
    assert before.count("shown", last - 1, np.array([moment + 0.4])).tolist() == [0]
