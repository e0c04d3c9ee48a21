"""Predicted attraction of shown offers, for the doubly robust estimator.

The estimator takes any prediction that does not come from the clicks it corrects; a better one
leaves it less variance. This one is plain: offers are put into bins of the score that they were
shown with, policy by policy, and a bin's attraction is ``clicks / exposure`` among the *other*
people's rows (cross-fitting: each fold of people is predicted from the rest).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity_log import name_codes

FloatArray = NDArray[np.float64]
N_BINS = 20


def predict_attraction(
    table: pa.Table,
    exposures: ArrayLike,
    *,
    click: str = "viewed",
    n_bins: int = N_BINS,
    folds: int = 5,
) -> FloatArray:
    """Predicts the chance that each row is opened once looked at, from other people's clicks.

    Args:
        table: Shown rows in the log's schema.
        exposures: Propensity of each row's position, in (0, 1], ``(n_rows,)``.
        click: The boolean column that counts as a click.
        n_bins: Bins of the logged score, a policy.
        folds: Parts of the people, each predicted from the others.

    Returns:
        Predictions in (0, 1], ``(n_rows,)``.

    Raises:
        InputError: Exposures that are not one number in (0, 1] a row, or fewer people than folds.
    """
    exposure = np.asarray(exposures, dtype=np.float64)
    if exposure.shape != (len(table),) or not ((exposure > 0) & (exposure <= 1)).all():
        raise InputError("exposures must be one number in (0, 1] a row", field="exposures")
    names, person = name_codes(table["user"])
    if len(names) < folds or folds < 2:
        raise InputError(
            f"{len(names)} people for {folds} folds; expected at least 2 folds, a person each",
            field="folds",
        )
    clicks = np.asarray(table[click].to_numpy(), dtype=np.float64)
    cell, n_cells = _cells(table, n_bins)
    fold = person % folds
    # Sums of each fold and cell; a fold is predicted from all sums but its own.
    place = fold * n_cells + cell
    clicked, seen = (
        np.bincount(place, weights=values, minlength=folds * n_cells).reshape(folds, n_cells)
        for values in (clicks, exposure)
    )
    others_clicked, others_seen = clicked.sum(axis=0) - clicked, seen.sum(axis=0) - seen
    base = np.maximum(others_clicked.sum(axis=1) / others_seen.sum(axis=1), 1e-6)[:, None]
    # Half a click at the rate of all: an empty bin is like the rest.
    rates = (others_clicked + 0.5) / (others_seen + 0.5 / base)
    predicted: FloatArray = np.minimum(rates, 1.0)[fold, cell]
    return predicted


def _cells(table: pa.Table, n_bins: int) -> tuple[NDArray[np.int64], int]:
    """Returns each row's bin of the logged score within its policy, and how many bins there are."""
    policies, policy = name_codes(table["policy"])
    score = np.asarray(table["match_score"].to_numpy(zero_copy_only=False), dtype=np.float64)
    score = np.nan_to_num(score, nan=-np.inf)
    bins = np.zeros(len(score), dtype=np.int64)
    for code in range(len(policies)):
        rows = policy == code
        inside = score[rows]
        first = np.searchsorted(np.sort(inside), inside, side="left")
        bins[rows] = first * n_bins // max(len(inside), 1)
    return policy * n_bins + bins, len(policies) * n_bins
