"""Counterfactual estimators: by hand, unbiased over many logs, and unlike their seeded bugs."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from jobmatch_ml.evaluation.counterfactual import (
    ESTIMATORS,
    Estimate,
    clipped_ips,
    dr,
    ips,
    naive,
    snips,
)
from jobmatch_ml.evaluation.counterfactual_slates import dcg_weights, true_value

# Two requests of two offers each; the ranker puts the second offer of each first.
CLICKS = [1, 0, 0, 1]
PROPENSITIES = [0.8, 0.25, 0.5, 0.05]
EXPOSURES = [1.0, 0.2, 0.4, 0.1]
WEIGHTS = [0.5, 1.0, 0.5, 1.0]
REQUESTS = ["a", "a", "b", "b"]
DATA = (CLICKS, PROPENSITIES, WEIGHTS)


def test_naive_counts_weighted_clicks() -> None:
    """(0.5 + 1.0) / 2."""
    assert naive(*DATA, requests=REQUESTS).value == pytest.approx(0.75)


def test_ips_by_hand() -> None:
    """Request a: 0.5 / 0.8 = 0.625; b: 1 / 0.05 = 20; mean 10.3125, sd 13.70, error 9.6875."""
    estimate = ips(*DATA, requests=REQUESTS)
    assert estimate.value == pytest.approx(10.3125)
    assert estimate.standard_error == pytest.approx((20 - 0.625) / 2)
    assert estimate.half_width == pytest.approx(1.959964 * 9.6875)
    assert estimate.covers(10)
    assert not estimate.covers(-10)


def test_clipping_by_hand() -> None:
    """At 0.1 the last click counts ten times: (0.625 + 10) / 2."""
    assert clipped_ips(*DATA, requests=REQUESTS).value == pytest.approx(5.3125)
    assert clipped_ips(*DATA, requests=REQUESTS, clip=1).value == pytest.approx(0.75)


def test_snips_by_hand() -> None:
    """The normaliser: a: 0.5 / 0.8 + 0.2 / 0.25 = 1.425; b: 0.2 / 0.5 + 0.1 / 0.05 = 2.4.

    Weights add up to 1.5 in each: 10.3125 * 1.5 / ((1.425 + 2.4) / 2).
    """
    estimate = snips(*DATA, requests=REQUESTS, exposures=EXPOSURES)
    assert estimate.value == pytest.approx(10.3125 * 1.5 / 1.9125)


def test_dr_by_hand() -> None:
    """Predictions 0.5: a: 0.25 + 0.5 (1 - 0.5) / 0.8 + 0.5 - 0.1 / 0.25 = 0.6625; b: 19.55."""
    estimate = dr(*DATA, requests=REQUESTS, exposures=EXPOSURES, predictions=[0.5] * 4)
    first = 0.25 + 0.5 * (1 - 0.5) / 0.8 + 0.5 - 0.2 * 0.5 / 0.25
    second = 0.25 - 0.5 * 0.4 * 0.5 / 0.5 + 0.5 + (1 - 0.1 * 0.5) / 0.05
    assert estimate.value == pytest.approx((first + second) / 2)


def test_without_chance_in_positions_three_are_one() -> None:
    values = [
        ESTIMATORS[name](*DATA, requests=REQUESTS, predictions=[0.3] * 4).value
        for name in ("ips", "snips", "dr")
    ]
    assert values == pytest.approx([values[0]] * 3)


def test_a_log_without_clicks_is_worth_nothing() -> None:
    for name, estimator in ESTIMATORS.items():
        estimate = estimator([0] * 4, *DATA[1:], requests=REQUESTS, predictions=[0] * 4)
        assert (name, estimate.value, estimate.effective_sample_size) == (name, 0, 0)


# A population: 400 slates of 5 in random order; the ranker goes by attraction, last first.
SIZE, N_SLATES = 5, 400
CURVE = np.arange(1.0, SIZE + 1) ** -0.8
ATTRACTION = np.random.default_rng(0).beta(1, 3, (N_SLATES, SIZE))
REQUEST = np.repeat(np.arange(N_SLATES), SIZE)
RANKED = dcg_weights(REQUEST, -ATTRACTION.ravel())
TRUTH = true_value(ATTRACTION.ravel(), RANKED, REQUEST)


def draw(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns clicks and exposures of one log: positions at random, then looks, then clicks."""
    rng = np.random.default_rng(seed)
    exposure = CURVE[rng.random((N_SLATES, SIZE)).argsort(1).argsort(1)]
    click = rng.random((N_SLATES, SIZE)) < exposure * ATTRACTION
    return click.ravel().astype(float), exposure.ravel()


def play(estimator: object, log_seed: int, **changes: object) -> Estimate:
    clicks, exposure = draw(log_seed)
    arguments = {
        "rewards": clicks,
        "propensities": np.full(len(clicks), CURVE.mean()),
        "weights": RANKED,
        "requests": REQUEST,
        "exposures": exposure,
        "predictions": np.full(len(clicks), 0.25),
    }
    return estimator(**{**arguments, **changes})  # type: ignore[operator]


def values(estimator: object, *, n_seeds: int = 150, **changes: object) -> NDArray[np.float64]:
    return np.array([play(estimator, seed, **changes).value for seed in range(n_seeds)])


def bias_in_errors(sample: NDArray[np.float64]) -> float:
    return float((sample.mean() - TRUTH) / (sample.std(ddof=1) / np.sqrt(len(sample))))


@pytest.mark.parametrize("estimator", [ips, snips, dr], ids=["ips", "snips", "dr"])
def test_the_mean_over_many_logs_is_the_truth(estimator: object) -> None:
    assert abs(bias_in_errors(values(estimator))) < 3


def test_the_textbook_ips_by_the_position_itself_is_unbiased_too() -> None:
    sample = [play(ips, seed, propensities=draw(seed)[1]).value for seed in range(150)]
    assert abs(bias_in_errors(np.array(sample))) < 3
    assert np.std(values(ips)) < np.std(sample), "averaging over chance costs less variance"


def test_normalising_and_predicting_take_away_the_chance_in_positions() -> None:
    """Where every offer that is looked at is opened, and looks are what positions promise."""
    exposures = [draw(seed)[1] for seed in range(50)]
    spread = {
        name: np.std(
            [
                play(ESTIMATORS[name], seed, rewards=e, predictions=np.ones(len(e))).value
                for seed, e in enumerate(exposures)
            ]
        )
        for name in ("ips", "snips", "dr")
    }
    assert spread["ips"] > 1e-3
    assert spread["snips"] < 1e-9
    assert spread["dr"] < 1e-9


def test_clipping_and_clicks_as_they_are_fall_short() -> None:
    assert bias_in_errors(values(partial(clipped_ips, clip=0.9))) < -10
    assert bias_in_errors(values(naive)) < -10


@pytest.mark.parametrize(
    ("bug", "changes"),
    [
        ("propensity inverted", {"propensities": np.full(SIZE * N_SLATES, 1 - CURVE.mean())}),
        ("position off by one", {"propensities": np.full(SIZE * N_SLATES, CURVE[1:].mean())}),
        ("discount dropped", {"weights": np.ones(SIZE * N_SLATES)}),
        ("ranker reversed", {"weights": dcg_weights(REQUEST, ATTRACTION.ravel())}),
    ],
)
def test_seeded_bugs_are_far_from_the_truth(bug: str, changes: dict[str, object]) -> None:
    assert abs(bias_in_errors(values(ips, n_seeds=60, **changes))) > 5, bug


@pytest.mark.parametrize("n_bootstrap", [0, 200])
@pytest.mark.parametrize("estimator", [ips, snips, dr], ids=["ips", "snips", "dr"])
def test_intervals_cover_the_truth_as_often_as_they_say(
    estimator: object, n_bootstrap: int
) -> None:
    """Slates stay and only chance is drawn anew, so intervals are a little wide: at least 90 %."""
    estimates = [play(estimator, seed, n_bootstrap=n_bootstrap) for seed in range(60)]
    assert np.mean([estimate.covers(TRUTH) for estimate in estimates]) >= 0.88
    spread = np.std([estimate.value for estimate in estimates])
    assert 0.8 * spread < np.mean([e.standard_error for e in estimates]) < 1.5 * spread


def test_the_bootstrap_is_seeded_and_near_the_normal_interval() -> None:
    first, again = (play(snips, 0, n_bootstrap=500, seed=3) for _ in range(2))
    assert first == again
    normal = play(snips, 0)
    assert first.low == pytest.approx(normal.low, rel=0.05)
    assert first.high == pytest.approx(normal.high, rel=0.05)


def test_the_error_of_snips_is_its_spread_under_resampling() -> None:
    """Slates of 1 to 12 offers, the longer the better: all three sums of a request go together."""
    rng = np.random.default_rng(3)
    sizes = rng.integers(1, 13, 600)
    requests = np.repeat(np.arange(600), sizes)
    n_rows = len(requests)
    exposures = rng.choice([0.2, 1.0], n_rows)
    clicks = rng.random(n_rows) < exposures * np.repeat(sizes, sizes) / 12
    arguments = (clicks.astype(float), np.full(n_rows, 0.6), np.ones(n_rows))
    known = snips(*arguments, requests=requests, exposures=exposures)
    drawn = snips(*arguments, requests=requests, exposures=exposures, n_bootstrap=4_000)
    assert known.half_width == pytest.approx(drawn.half_width, rel=0.05)
    assert known.standard_error < ips(*arguments, requests=requests).standard_error
