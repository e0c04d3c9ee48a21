"""Random slates and swaps: ratios by hand, known curves found again, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_interventions import (
    estimate_from_interventions,
    estimate_from_random,
    estimate_from_swaps,
    fit_position_curve,
)
from tests.click_logs import replace_column, simulate_clicks, true_curve

Estimate = Callable[[pa.Table], PropensityModel]
LOG = simulate_clicks(20_000, seed=1, explore=0.4, swap=0.6)


def deviations(model: PropensityModel) -> np.ndarray:
    """Returns errors of the log propensities in standard errors, position 1 left out."""
    parts = []
    for surface, curve in model.curves.items():
        error = np.log(np.array(curve.propensities) / true_curve(surface))
        parts.append((error / np.sqrt(np.maximum(np.diag(curve.log_covariance), 1e-12)))[1:])
    return np.concatenate(parts)


def test_one_group_is_the_ratio_of_click_rates() -> None:
    """Rates 30/100, 20/100, 12/120 = 0.3, 0.2, 0.1: relative to the first 1, 2/3, 1/3."""
    theta = fit_position_curve(np.array([[[100, 100, 120.0]]]), np.array([[[30, 20, 12.0]]]))
    assert np.exp(theta[0]) == pytest.approx([1, 2 / 3, 1 / 3])


def test_two_groups_whose_attractions_differ_share_one_curve() -> None:
    """Attraction 0.8 and 0.2, propensities 1 and 0.5: clicks 80, 4 and 2, 40 of 100 or 10, ..."""
    shown = np.array([[[100, 10.0], [10, 400]]])
    clicks = np.array([[[80, 4.0], [2, 40]]])
    assert np.exp(fit_position_curve(shown, clicks)[0]) == pytest.approx([1, 0.5])
    pooled = clicks.sum((0, 1)) / shown.sum((0, 1))
    assert pooled[1] / pooled[0] < 0.2, "without groups merit passes for position"


def test_positions_that_nothing_links_to_the_first_are_named() -> None:
    shown = np.array([[[50, 50, 0, 0], [0, 0, 50, 50.0]]])
    with pytest.raises(InputError, match="'api': positions 3, 4 share no offers with position 1"):
        fit_position_curve(shown, shown / 2, surface="api")


@pytest.mark.parametrize(
    "estimate", [estimate_from_random, estimate_from_swaps, estimate_from_interventions]
)
def test_the_known_curves_are_found_within_the_standard_errors(estimate: Estimate) -> None:
    deviation = deviations(estimate(LOG.table))
    assert np.abs(deviation).max() < 3.5
    assert 0.4 < np.sqrt(np.mean(deviation**2)) < 1.6, "standard errors are of the right size"


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    hits = []
    for seed in range(20):
        log = simulate_clicks(1_500, seed=seed, explore=1, slate_size=4, level=0)
        model = estimate_from_random(log.table, n_bootstrap=100)
        for surface, curve in model.curves.items():
            truth = true_curve(surface, 4)[1:]
            hits += [
                low <= value <= high
                for low, value, high in zip(curve.low[1:], truth, curve.high[1:], strict=True)
            ]
    assert 0.88 <= np.mean(hits) <= 1


def test_both_together_know_more_than_each() -> None:
    models = [
        estimate(LOG.table)
        for estimate in (estimate_from_random, estimate_from_swaps, estimate_from_interventions)
    ]
    spread = [np.trace(model.curves["search"].log_covariance) for model in models]
    assert spread[2] < min(spread[:2])


def test_the_same_seed_gives_the_same_estimate_whatever_the_order_of_rows() -> None:
    order = np.random.default_rng(0).permutation(len(LOG.table))
    shuffled = LOG.table.take(pa.array(order))
    first = estimate_from_interventions(LOG.table).curves["search"].propensities
    again = estimate_from_interventions(shuffled).curves["search"].propensities
    assert again == pytest.approx(first, rel=1e-9)


@pytest.mark.parametrize(
    ("estimate", "drop", "message"),
    [
        (estimate_from_random, "explore", "no slate in random order.*platform, platform_swap"),
        (estimate_from_swaps, "platform_swap", "no swapped slate.*explore, platform"),
    ],
)
def test_a_log_without_the_intervention_says_what_it_has(
    estimate: Estimate, drop: str, message: str
) -> None:
    table = LOG.table.filter(pc.not_equal(LOG.table["policy"], drop))
    with pytest.raises(InputError, match=message):
        estimate(table)


def test_too_few_clicks_are_refused_with_the_positions() -> None:
    with pytest.raises(InputError, match=r"surface 'search': too few clicks .* positions .*\("):
        estimate_from_random(LOG.table.slice(0, 2_000))


def test_a_log_without_clicks_is_refused_even_when_none_are_asked_for() -> None:
    table = replace_column(LOG.table, "viewed", [False] * len(LOG.table))
    with pytest.raises(InputError, match="too few clicks"):
        estimate_from_random(table, min_clicks=0)


def test_a_position_off_by_one_does_not_pass() -> None:
    """The seeded bug: the log counts positions from 2."""
    position = pc.add(LOG.table["position"], 1).to_pylist()
    wrong = replace_column(LOG.table, "position", position)
    size = pc.add(LOG.table["slate_size"], 1).to_pylist()
    with pytest.raises(InputError, match=r"positions 1 \(0 of 0\)"):
        estimate_from_random(replace_column(wrong, "slate_size", size))
