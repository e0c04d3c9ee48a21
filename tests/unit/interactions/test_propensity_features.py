"""Features of the regression: bins by quantile, click rates of the days before and no later."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jobmatch_ml.interactions.propensity_features import (
    feature_codes,
    past_rate_bins,
    quantile_bins,
)
from jobmatch_ml.interactions.propensity_log import read_shown
from tests.click_logs import DAY_US, replace_column, simulate_clicks

LOG = simulate_clicks(500, seed=5).table


def offers(*rows: tuple[str, int, bool]) -> tuple[pa.Table, np.ndarray]:
    names, days, clicks = zip(*rows, strict=True)
    shown_at = pa.array(np.array(days) * DAY_US).cast(pa.timestamp("us", tz="UTC"))
    return pa.table({"offer_external_id": list(names), "shown_at": shown_at}), np.array(clicks)


def test_equal_values_share_a_bin() -> None:
    assert quantile_bins(np.array([1.0, 1, 1, 1, 5]), 4).tolist() == [0, 0, 0, 0, 1]
    assert quantile_bins(np.zeros(0), 4).tolist() == []


def test_an_offers_first_day_knows_no_rate() -> None:
    table, clicks = offers(("a", 1, True), ("a", 1, True), ("b", 3, False))
    assert past_rate_bins(table, clicks).tolist() == [0, 0, 0]


def test_a_rate_counts_the_days_before_only() -> None:
    table, clicks = offers(
        ("a", 1, True), ("b", 1, False), ("a", 2, False), ("b", 2, True), ("b", 2, True)
    )
    bins = past_rate_bins(table, clicks)
    assert bins[2] > bins[3] == bins[4] > 0
    later = clicks.copy()
    later[2:] = ~later[2:]
    assert (past_rate_bins(table, later)[:2] == bins[:2]).all()
    assert past_rate_bins(table, later)[2] > past_rate_bins(table, later)[3]


def test_no_feature_knows_the_position_or_this_click() -> None:
    log = read_shown(LOG)
    codes = feature_codes(LOG, log)
    last_day = LOG["shown_at"].cast(pa.int64()).to_numpy() // DAY_US == 20_059
    other = np.where(last_day, ~log.click, log.click)
    positions = [11 - value for value in LOG["position"].to_pylist()]
    moved = replace_column(replace_column(LOG, "viewed", other), "position", positions)
    same_day_rates = feature_codes(moved, read_shown(moved))
    for before, after in zip(codes[:2], same_day_rates[:2], strict=True):
        assert (before == after).all()
