"""Click rates by hand, and why they mislead: a ranker's are steeper than the propensities."""

from __future__ import annotations

import pytest

from jobmatch_ml.interactions.propensity_rates import click_rates
from tests.click_logs import replace_column, simulate_clicks, true_curve

LOG = simulate_clicks(3_000, seed=12, explore=0.5)


def test_rates_by_hand() -> None:
    table = LOG.table.slice(0, 20)  # two slates
    clicks = [True, False, True, *[False] * 17]
    rows = click_rates(replace_column(table, "viewed", clicks))
    assert sum(row["shown"] for row in rows) == 20
    assert sum(row["rate"] * row["shown"] for row in rows) == pytest.approx(2)
    third = next(row for row in rows if row["position"] == 3 and row["rate"] > 0)
    assert third["relative"] == pytest.approx(1)


def test_merit_makes_a_rankers_rates_steeper_than_those_of_random_slates() -> None:
    tenth = {
        row["policy"]: row["relative"]
        for row in click_rates(LOG.table)
        if row["surface"] == "top_offers" and row["position"] == 10
    }
    assert tenth["explore"] == pytest.approx(true_curve("top_offers")[9], rel=0.3)
    assert tenth["platform"] < 0.7 * tenth["explore"]


def test_without_a_click_at_the_first_position_nothing_is_relative() -> None:
    rows = click_rates(replace_column(LOG.table, "viewed", [False] * len(LOG.table)))
    assert {row["relative"] for row in rows} == {None}
