"""Isotonic and Platt by hand, with exposures, and where they are supported."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.training.calibration_curves import (
    StageRows,
    fit_isotonic,
    fit_platt,
    support_of,
)


def rows(scores: list[float], events: list[int], exposure: list[float]) -> StageRows:
    return StageRows(np.array(scores), np.array(events, float), np.array(exposure))


def test_isotonic_by_hand() -> None:
    # Three groups of exposure 2: events 1, 0, 2; base rate 1/2, so half an event in exposure 1.
    found = fit_isotonic(rows([1, 1, 2, 2, 3, 3], [1, 0, 0, 0, 1, 1], [1] * 6), events_a_group=1)
    assert found.scores == pytest.approx((1, 2, 3))
    # Rates 1.5/3, 0.5/3 and 2.5/3; the first two fall, so they are pooled.
    assert found.probabilities == pytest.approx((1 / 3, 1 / 3, 2.5 / 3))


def test_a_row_of_half_exposure_counts_half() -> None:
    # One event in exposure 1: a rate of 1, though half of the rows had it.
    found = fit_isotonic(rows([1, 1], [1, 0], [0.5, 0.5]), events_a_group=1)
    assert found.probabilities == pytest.approx((1.0,))
    assert found.base_rate == 1.0


def test_exposure_is_undone_by_both_curves() -> None:
    rng = np.random.default_rng(0)
    scores = rng.random(200_000)
    exposure = rng.choice([0.2, 0.5, 1.0], 200_000)
    truth = 1 / (1 + np.exp(-(4 * scores - 4)))
    events = (rng.random(200_000) < exposure * truth).astype(float)
    data = StageRows(scores, events, exposure)
    platt = fit_platt(data)
    assert (platt.slope, platt.intercept) == pytest.approx((4.0, -4.0), abs=0.15)
    grid = np.linspace(0.05, 0.95, 10)
    expected = 1 / (1 + np.exp(-(4 * grid - 4)))
    assert fit_isotonic(data, events_a_group=5).curve(grid) == pytest.approx(expected, abs=0.03)


def test_a_score_that_says_the_reverse_gives_the_base_rate() -> None:
    scores, events = list(np.linspace(0, 1, 100)), [1] * 20 + [0] * 80
    data = rows(scores, events, [1.0] * 100)
    assert fit_platt(data).curve(np.array([0.0, 1.0])) == pytest.approx([0.2, 0.2], abs=1e-3)
    flat = fit_isotonic(data, events_a_group=5).curve(np.array([0.0, 1.0]))
    assert flat[1] == pytest.approx(flat[0])


def test_equal_scores_share_a_probability() -> None:
    found = fit_isotonic(rows([1.0] * 50, [1, 0] * 25, [1.0] * 50), events_a_group=5)
    assert found.scores == (1.0,)
    assert fit_platt(rows([1.0] * 50, [1, 0] * 25, [1.0] * 50)).slope == 0.0


def test_thin_tails_are_not_supported() -> None:
    rng = np.random.default_rng(0)
    scores = np.r_[rng.normal(0.5, 0.1, 5000), 3.0]
    data = StageRows(scores, (rng.random(5001) < 0.1).astype(float), np.ones(5001))
    curve = fit_platt(data)
    ranges = support_of(data, curve)
    supported = curve.model_copy(update={"support": ranges}).supports(scores)
    assert supported.mean() > 0.95
    assert not supported[-1]


def test_rows_that_nothing_can_be_known_of_are_refused() -> None:
    with pytest.raises(InputError, match="known"):
        fit_isotonic(rows([1, 2], [0, 0], [0.0, 0.0]), events_a_group=5)
