"""From a log and scores to estimates: discounts by hand, runs, and uncertain propensities."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, UnknownNameError
from jobmatch_ml.evaluation.counterfactual_slates import (
    dcg_weights,
    evaluate_counterfactually,
    propensity_variance,
    scores_of_run,
    true_value,
)
from jobmatch_ml.interactions.propensity import (
    PropensityCurve,
    PropensityModel,
    known_propensities,
)
from jobmatch_ml.interactions.propensity_interventions import estimate_from_random
from tests.click_logs import replace_column, simulate_clicks, true_curve

LOG = simulate_clicks(6_000, seed=8, explore=0.4, swap=0.5)
KNOWN = known_propensities({name: true_curve(name) for name in ("search", "top_offers")})
# A ranker unlike the logger: by what the logger's score does not know, worst first.
SCORES = -LOG.attraction
REQUESTS = np.repeat(np.arange(6_000), 10)
TRUTH = true_value(LOG.attraction, dcg_weights(REQUESTS, SCORES), REQUESTS)


def test_discounts_by_hand() -> None:
    """Ranks 2, 1 and, in the other slate, 1, 3, 2: 1 / log2(2), log2(3), log2(4)."""
    weights = dcg_weights([7, 7, 5, 5, 5], [1, 2, 9, np.nan, 3])
    assert weights == pytest.approx([1 / np.log2(3), 1, 1, 0.5, 1 / np.log2(3)])


def test_ranks_beyond_k_count_nothing() -> None:
    assert dcg_weights([0] * 3, [3, 2, 1], k=2).tolist()[2] == 0


def test_ties_go_by_offer_id_whatever_the_order_of_rows() -> None:
    assert dcg_weights([0, 0], [1, 1], tie_break=["b", "a"])[1] == 1
    assert dcg_weights([0, 0], [1, 1])[0] == 1


def test_one_score_a_row_is_expected() -> None:
    with pytest.raises(InputError, match="2 scores for 3 rows"):
        dcg_weights([0, 0, 0], [1, 2])


def test_a_run_gives_its_scores_and_nothing_for_what_it_lacks() -> None:
    table = LOG.table.slice(0, 2)
    user, offer = table["user"][0].as_py(), table["offer_external_id"][0].as_py()
    scores = scores_of_run(table, {user: {offer: 0.7}})
    assert scores[0] == 0.7
    assert np.isnan(scores[1])


def test_the_true_value_by_hand() -> None:
    assert true_value([0.5, 0.2, 0.1], [1, 0.5, 1], ["a", "a", "b"]) == pytest.approx(0.35)


@pytest.mark.parametrize("name", ["ips", "snips", "dr"])
def test_a_ranker_unlike_the_logger_is_valued_within_the_interval(name: str) -> None:
    predictions = np.full(len(SCORES), 0.3)
    estimate = evaluate_counterfactually(
        LOG.table, SCORES, KNOWN, estimator=name, predictions=predictions
    )
    assert abs(estimate.value - TRUTH) < 3 * estimate.standard_error
    assert estimate.effective_sample_size > 100


def test_the_naive_value_is_far_off() -> None:
    estimate = evaluate_counterfactually(LOG.table, SCORES, KNOWN, estimator="naive")
    assert TRUTH - estimate.value > 10 * estimate.standard_error


@pytest.mark.parametrize("bug", ["position off by one", "surfaces exchanged", "swaps unseen"])
def test_a_wrong_log_or_curve_is_far_off(bug: str) -> None:
    table, model = LOG.table, KNOWN
    if bug == "position off by one":
        longer = {name: np.r_[1.0, true_curve(name)] for name in KNOWN.curves}
        later = np.asarray(table["position"].to_numpy()) + 1
        table, model = replace_column(table, "position", later), known_propensities(longer)
        table = replace_column(table, "slate_size", [11] * len(table))
    elif bug == "surfaces exchanged":
        curves = dict(
            zip(("top_offers", "search"), map(true_curve, ("search", "top_offers")), strict=True)
        )
        model = known_propensities(curves)
    else:
        policy = ["platform" if p != "explore" else p for p in table["policy"].to_pylist()]
        table = replace_column(table, "policy", policy)
    estimate = evaluate_counterfactually(table, SCORES, model, estimator="ips")
    if bug == "swaps unseen":  # still unbiased, by the positions themselves
        assert abs(estimate.value - TRUTH) < 3 * estimate.standard_error
    else:
        assert abs(estimate.value - TRUTH) > 3 * estimate.standard_error


def test_estimated_propensities_widen_the_interval() -> None:
    model = estimate_from_random(simulate_clicks(20_000, seed=9, explore=1).table)
    known = evaluate_counterfactually(LOG.table, SCORES, KNOWN)
    estimated = evaluate_counterfactually(LOG.table, SCORES, model)
    assert estimated.half_width > known.half_width
    assert abs(estimated.value - TRUTH) < 3 * estimated.standard_error


def test_the_variance_of_propensities_by_the_delta_method() -> None:
    """Value a * p2^-1: derivative by log p2 is minus the value, variance value^2 * 0.04."""
    curve = PropensityCurve((1, 0.5), (1, 0.4), (1, 0.6), ((0, 0), (0, 0.04)))
    model = PropensityModel("em", {"search": curve})
    variance = propensity_variance(lambda other: 3 / other.of("search", 2), model)
    assert variance == pytest.approx(36 * 0.04, rel=0.01)
    assert propensity_variance(lambda _: 1.0, KNOWN) == 0


def test_an_unknown_estimator_is_named() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'snips'"):
        evaluate_counterfactually(LOG.table, SCORES, KNOWN, estimator="snip")
