"""Uncertainty over queries: bootstrap intervals and the paired sign-flip test."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError

BLOCK_CELLS = 4_000_000  # random numbers held at once: 32 MB


def bootstrap_interval(
    values: NDArray[np.float64], *, n_bootstrap: int, seed: int, level: float = 0.95
) -> tuple[float, float]:
    """Returns the percentile bootstrap interval of the mean, queries drawn with replacement.

    Efron & Tibshirani (1993), An introduction to the bootstrap, chapter 13.

    Args:
        values: One value a query, ``(n_queries,)``, at least one.
        n_bootstrap: Resamples; 2,000 settle the second digit of the bounds.
        seed: The same seed and number of queries give the same resamples, so that intervals of
            several metrics speak of the same draws.
        level: Coverage in (0, 1).
    """
    rng = np.random.default_rng(seed)
    n_queries = len(values)
    block = max(1, BLOCK_CELLS // n_queries)
    means = np.concatenate(
        [
            values[rng.integers(0, n_queries, (min(block, n_bootstrap - start), n_queries))].mean(1)
            for start in range(0, n_bootstrap, block)
        ]
    )
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def sign_flip_p_value(differences: NDArray[np.float64], *, n_permutations: int, seed: int) -> float:
    """Returns the two-sided p-value of a paired randomisation test on the mean difference.

    Under the null hypothesis the two systems are exchangeable on each query, so each difference is
    as likely with either sign: ``p = (1 + #{|mean of flipped| >= |observed mean|}) / (1 + B)``. The
    added one counts the observed labelling and keeps p above 0. Smucker, Allan & Carterette (2007),
    https://doi.org/10.1145/1321440.1321528.

    Args:
        differences: One difference a query, ``(n_queries,)``, at least one.
        n_permutations: B, random sign assignments.
        seed: Seed of the signs.

    Raises:
        InputError: A difference is not finite: no count would be extreme, and p the smallest.
    """
    if not np.isfinite(differences).all():
        raise InputError("differences must be finite numbers", field="differences")
    rng = np.random.default_rng(seed)
    observed = abs(float(differences.sum()))
    block = max(1, BLOCK_CELLS // len(differences))
    # Sums of the same numbers in another order differ in their last digits: those are ties.
    threshold = observed - 1e-12 * max(1.0, float(np.abs(differences).sum()))
    extreme = 0
    for start in range(0, n_permutations, block):
        shape = (min(block, n_permutations - start), len(differences))
        signs = rng.integers(0, 2, shape, dtype=np.int8) * np.int8(2) - np.int8(1)
        extreme += int((np.abs(signs @ differences) >= threshold).sum())
    return (1 + extreme) / (1 + n_permutations)
