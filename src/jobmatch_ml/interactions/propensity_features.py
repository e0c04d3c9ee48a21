"""What the log itself tells of an offer shown, for the regression of attraction. Never a position.

Every feature is as known when the offer was shown: an offer's click rate counts the days before.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.interactions.propensity_log import ShownLog, shown_rows

N_SCORE_BINS = 50  # coarse bins would leave the better of a bin above the others
N_RATE_BINS = 5
_DAY_US = 86_400_000_000


def feature_codes(
    table: pa.Table, log: ShownLog, *, click: str = "viewed"
) -> list[NDArray[np.int64]]:
    """Returns the features of the shown rows as codes from 0, one array ``(n_rows,)`` each.

    They are the surface; policy and bin of ``match_score`` together (fifty bins a policy, and one
    of rows without a score); and bins of the offer's click rate up to the evening before. What a
    slate is like as a whole is left out on purpose: given an offer's score and its slate's mean,
    the position tells of the other offers, and that tilts the curve.
    """
    policies, base = np.unique(log.base_policy, return_inverse=True)
    scored = np.zeros(len(base), dtype=np.int64)
    for code in range(len(policies)):
        rows = np.flatnonzero((base == code) & ~np.isnan(log.score))
        scored[rows] = 1 + quantile_bins(log.score[rows], N_SCORE_BINS)
    by_policy = np.unique(base * (N_SCORE_BINS + 1) + scored, return_inverse=True)[1]
    rate = past_rate_bins(shown_rows(table), log.click)
    return [log.surface, by_policy, rate]


def quantile_bins(values: NDArray[np.float64], n_bins: int) -> NDArray[np.int64]:
    """Returns the bin of each value, from 0; edges are quantiles, equal values stay together.

    Example:
        >>> quantile_bins(np.array([1.0, 2.0, 3.0, 4.0]), 2).tolist()
        [0, 0, 1, 1]
    """
    if len(values) == 0:
        return np.zeros(0, dtype=np.int64)
    edges = np.unique(np.quantile(values, np.arange(1, n_bins) / n_bins))
    return np.searchsorted(edges, values, side="left").astype(np.int64)


def past_rate_bins(table: pa.Table, clicks: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Returns bins of each offer's click rate on the days before, 0 where it was not shown yet.

    Rates are drawn towards the mean of all as by 20 more impressions, so that a first lucky click
    does not make a new offer the best of all.
    """
    day = np.asarray(table["shown_at"].cast(pa.int64()).to_numpy()) // _DAY_US
    offer = table["offer_external_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    key = offer.astype(np.int64) * (int(day.max()) + 1) + day
    keys, cell = np.unique(key, return_inverse=True)
    shown = np.bincount(cell).astype(np.float64)
    clicked = np.asarray(np.bincount(cell, weights=clicks), dtype=np.float64)
    cell_offer = keys // (int(day.max()) + 1)
    past_shown, past_clicked = _sum_before(shown, cell_offer), _sum_before(clicked, cell_offer)
    mean = clicked.sum() / shown.sum()
    rate = (past_clicked + 20 * mean) / (past_shown + 20)
    known = (past_shown > 0)[cell]
    bins = np.zeros(len(cell), dtype=np.int64)
    bins[known] = 1 + quantile_bins(rate[cell][known], N_RATE_BINS)
    return np.asarray(np.unique(bins, return_inverse=True)[1], dtype=np.int64)


def _sum_before(values: NDArray[np.float64], group: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns the sum of the earlier values of the same group; groups stand together."""
    before = np.cumsum(values) - values
    starts = np.r_[True, group[1:] != group[:-1]]
    return np.asarray(before - np.maximum.accumulate(np.where(starts, before, 0)))
