"""Predicted attraction: by hand, never from one's own clicks, and what it is worth to DR."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.attraction import predict_attraction
from jobmatch_ml.evaluation.counterfactual_slates import read_slates, true_value
from jobmatch_ml.evaluation.simulated_logs import reversed_scores, simulate_known_log
from tests.hidden_world import CONFIG, MARKET
from tests.log_factory import make_log


def test_a_prediction_by_hand() -> None:
    table = make_log(
        {"user": "a", "viewed": True},
        {"user": "b", "viewed": True},
        {"user": "b", "viewed": False},
    )
    found = predict_attraction(table, [1.0, 0.5, 0.5], n_bins=1, folds=2)
    # a from b: one click in exposure 1, base rate 1; b from a: one click in exposure 1.
    assert found == pytest.approx([1.0, 1.0, 1.0])
    none = predict_attraction(
        make_log({"user": "a", "viewed": True}, {"user": "b"}, {"user": "b"}, {"user": "b"}),
        [1.0, 1.0, 1.0, 1.0],
        n_bins=1,
        folds=2,
    )
    assert none[0] < 0.01  # b clicked nothing, so nothing is predicted for a
    assert none[1:] == pytest.approx(1.0)


def test_ones_own_clicks_do_not_count() -> None:
    rows = [{"user": f"u{k}", "viewed": k % 3 == 0} for k in range(30)]
    table = make_log(*rows)
    changed = make_log(*[{**row, "viewed": True} if row["user"] == "u1" else row for row in rows])
    before = predict_attraction(table, np.ones(30), n_bins=1, folds=30)
    after = predict_attraction(changed, np.ones(30), n_bins=1, folds=30)
    assert after[1] == before[1]
    assert (np.delete(after, 1) > np.delete(before, 1)).all()


def test_the_doubly_robust_value_holds_the_truth_and_the_naive_one_does_not() -> None:
    log = simulate_known_log(CONFIG, impressions=40_000, seed=5, market=MARKET)
    slates = read_slates(log.table)
    weights = slates.weights(reversed_scores(slates))
    exposures = slates.positions.exposures(log.propensities)
    predictions = predict_attraction(log.table, exposures)
    dr = slates.estimate(weights, log.propensities, estimator="dr", predictions=predictions)
    truth = true_value(log.attraction, weights, slates.requests)
    naive = slates.estimate(weights, log.propensities, estimator="naive")
    assert dr.covers(truth)
    assert abs(naive.value - truth) > 10 * naive.standard_error


def test_bad_input_is_refused() -> None:
    table = make_log({"user": "a"}, {"user": "b"})
    with pytest.raises(InputError, match="exposures"):
        predict_attraction(table, [0.0, 1.0], folds=2)
    with pytest.raises(InputError, match="people"):
        predict_attraction(table, [1.0, 1.0], folds=3)
