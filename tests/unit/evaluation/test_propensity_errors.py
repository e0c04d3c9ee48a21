"""Errors of propensities against the truth, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.propensity_errors import error_rows, relative_errors
from jobmatch_ml.interactions.propensity import (
    PropensityCurve,
    PropensityModel,
    known_propensities,
)

TRUTH = known_propensities({"search": np.array([1, 0.5, 0.25, 0.2])})
ZEROS = ((0.0, 0.0, 0.0),) * 3
CURVE = PropensityCurve((1, 0.55, 0.2), (1, 0.5, 0.1), (1, 0.6, 0.22), ZEROS, 90, 12)
MODEL = PropensityModel("em", {"search": CURVE})


def test_errors_are_relative_to_the_truth() -> None:
    """0.55 / 0.5 and 0.2 / 0.25."""
    assert relative_errors(MODEL, TRUTH)["search"] == pytest.approx([0, 0.1, -0.2])
    assert len(relative_errors(MODEL, TRUTH, n_positions=2)["search"]) == 2


def test_a_row_says_how_far_and_how_often_within() -> None:
    """The interval of position 2 begins at the truth; that of 3 ends below it."""
    (row,) = error_rows(MODEL, TRUTH)
    assert row["worst"] == pytest.approx(0.2)
    assert row["mean"] == pytest.approx(0.15)
    assert row["covered"] == 0.5
    assert (row["method"], row["surface"], row["n_clicks"]) == ("em", "search", 12)


def test_a_surface_without_truth_is_named() -> None:
    with pytest.raises(InputError, match="holds no surface 'search', but api"):
        relative_errors(MODEL, known_propensities({"api": np.array([1.0])}))
