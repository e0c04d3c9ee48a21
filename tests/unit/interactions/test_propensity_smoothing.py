"""Smoothed curves: less error on few clicks, precise estimates kept, any shape still possible."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.interactions.propensity import PropensityModel, known_propensities
from jobmatch_ml.interactions.propensity_interventions import estimate_from_random
from jobmatch_ml.interactions.propensity_log import curve_from
from jobmatch_ml.interactions.propensity_smoothing import krige, smooth_propensities
from tests.click_logs import simulate_clicks, true_curve


def model_of(values: np.ndarray, error: float) -> PropensityModel:
    covariance = np.diag(np.r_[0.0, np.full(len(values) - 1, error**2)])
    curve = curve_from(np.log(values), covariance, n_impressions=1, n_clicks=1)
    return PropensityModel("random", {"search": curve})


def test_one_value_is_kept_as_it_is() -> None:
    """A line through one point passes through it."""
    mean, spread = krige(np.array([-0.7]), np.array([[0.04]]), np.log([2.0]))
    assert mean == pytest.approx([-0.7])
    assert spread[0, 0] == pytest.approx(0.04)


def test_without_deviations_it_is_weighted_regression_through_0(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Values -1 and -3 at 1 and 2, equal noise: slope (1 * -1 + 2 * -3) / (1 + 4) = -1.4."""
    monkeypatch.setattr("jobmatch_ml.interactions.propensity_smoothing.SCALES", (0.0,))
    mean, spread = krige(np.array([-1.0, -3.0]), np.diag([0.1, 0.1]), np.array([1.0, 2.0]))
    assert mean == pytest.approx([-1.4, -2.8])
    assert np.diag(spread) == pytest.approx([0.02, 0.08])


def test_a_noisy_power_law_gets_closer_to_the_truth() -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(1.0, 11) ** -0.8
    raw, smooth, inside = [], [], []
    for _ in range(40):
        model = model_of(truth * np.exp(np.r_[0, rng.normal(0, 0.15, 9)]), 0.15)
        after = smooth_propensities(model).curves["search"]
        raw.append(np.abs(np.array(model.curves["search"].propensities) / truth - 1).mean())
        smooth.append(np.abs(np.array(after.propensities) / truth - 1).mean())
        inside += [a <= t <= b for a, t, b in zip(after.low, truth, after.high, strict=True)][1:]
    assert np.mean(smooth) < 0.7 * np.mean(raw)
    assert np.mean(inside) > 0.9


def test_a_precise_step_survives() -> None:
    step = np.array([1, 1, 1, 0.3, 0.3, 0.3])
    smoothed = smooth_propensities(model_of(step, 0.01)).curves["search"]
    assert smoothed.propensities == pytest.approx(step, rel=0.04)


def test_simulated_clicks_are_told_apart_better() -> None:
    model = estimate_from_random(simulate_clicks(4_000, seed=11, explore=1).table)
    smoothed = smooth_propensities(model)
    assert smoothed.method == "random+smooth"
    for surface, curve in smoothed.curves.items():
        error = np.abs(np.array(curve.propensities) / true_curve(surface) - 1)
        assert error.max() < 0.2
        before = np.diag(model.curves[surface].log_covariance)[1:]
        assert np.diag(curve.log_covariance)[1:].sum() < before.sum()


def test_known_curves_and_short_ones_stay() -> None:
    known = known_propensities({"search": np.array([1, 0.5, 0.4])})
    assert smooth_propensities(known).curves == known.curves
    short = model_of(np.array([1, 0.5]), 0.1)
    assert smooth_propensities(short).curves == short.curves
