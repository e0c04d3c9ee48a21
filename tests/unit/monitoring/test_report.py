"""What Evidently's pages are given: columns of both windows, and components of vectors."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.monitoring.report import components


def test_components_are_those_of_the_reference() -> None:
    rng = np.random.default_rng(0)
    # Most of the reference's spread is along (3, 4) / 5.
    axis = np.array([0.6, 0.8])
    reference = np.outer(rng.normal(0, 5, 50), axis) + rng.normal(0, 0.01, (50, 2))
    current = reference + 2 * axis
    first, second = components(reference, current)
    assert first.shape == (50, 2)
    assert abs(first.mean(axis=0)).max() < 1e-9
    assert abs(second.mean(axis=0)[0]) == pytest.approx(2, abs=1e-3)


def test_without_vectors_there_is_an_empty_column() -> None:
    first, second = components(np.zeros((0, 1)), np.zeros((4, 8)))
    assert (first.shape, second.shape) == ((0, 1), (4, 1))
