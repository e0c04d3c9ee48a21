"""Bootstrap intervals and the sign-flip test against known answers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import resampling
from jobmatch_ml.evaluation.resampling import bootstrap_interval, sign_flip_p_value


def test_equal_values_have_an_interval_of_no_width() -> None:
    low, high = bootstrap_interval(np.full(9, 0.3), n_bootstrap=200, seed=0)
    assert (low, high) == (pytest.approx(0.3), pytest.approx(0.3))


def test_the_interval_of_a_large_sample_is_the_normal_one() -> None:
    values = np.random.default_rng(1).random(2000)
    low, high = bootstrap_interval(values, n_bootstrap=4000, seed=0)
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_intervals_cover_the_true_mean_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    covered = 0
    for seed in range(200):
        low, high = bootstrap_interval(rng.random(60), n_bootstrap=300, seed=seed)
        covered += low <= 0.5 <= high
    assert 0.89 <= covered / 200 <= 0.99


def test_the_p_value_of_a_small_sample_equals_full_enumeration() -> None:
    differences = np.array([0.4, 0.1, -0.05, 0.3, 0.2, -0.1])
    flips = np.array(list(itertools.product((-1, 1), repeat=6)))
    exact = np.mean(np.abs(flips @ differences) >= abs(differences.sum()) - 1e-12)
    estimate = sign_flip_p_value(differences, n_permutations=20_000, seed=0)
    assert estimate == pytest.approx(exact, abs=0.01)


def test_no_difference_has_a_p_value_of_one() -> None:
    assert sign_flip_p_value(np.zeros(20), n_permutations=500, seed=0) == 1.0


def test_a_clear_difference_has_the_smallest_p_value() -> None:
    p_value = sign_flip_p_value(np.full(60, 0.2), n_permutations=999, seed=0)
    assert p_value == pytest.approx(1 / 1000)


def test_under_the_null_hypothesis_p_values_are_uniform() -> None:
    rng = np.random.default_rng(2)
    p_values = [
        sign_flip_p_value(rng.standard_normal(30), n_permutations=200, seed=seed)
        for seed in range(300)
    ]
    assert np.mean(np.array(p_values) <= 0.1) == pytest.approx(0.1, abs=0.05)


def test_block_size_does_not_change_what_is_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(3).random(50)
    whole = bootstrap_interval(values, n_bootstrap=1000, seed=1)
    monkeypatch.setattr(resampling, "BLOCK_CELLS", 500)
    assert bootstrap_interval(values, n_bootstrap=1000, seed=1) == pytest.approx(whole, abs=1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_difference_that_is_no_number_has_no_p_value(bad: float) -> None:
    """Red when it is let through: every comparison with NaN is false, and p would be the least."""
    with pytest.raises(InputError, match="finite"):
        sign_flip_p_value(np.array([0.1, bad]), n_permutations=100, seed=0)
