"""Shared by all counterfactual estimators: checked rows, sums a request, intervals, diagnostics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.resampling import BLOCK_CELLS

FloatArray = NDArray[np.float64]
NORMAL_95 = 1.959964
THIN = 0.1
"""Propensity below which a click counts more than ten times: what ``overlap`` watches."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimated value of a ranker, and how far to trust it.

    Args:
        estimator: Its name.
        value: Estimated expected DCG@10 of attraction a request.
        standard_error: Over requests.
        low: Lower end of the 95 % interval.
        high: Its upper end.
        n_requests: Requests, the units of the mean.
        n_clicks: Clicks on offers of weight above 0.
        effective_sample_size: Kish: how many clicks of equal weight tell as much.
        max_weight: Largest ``1 / propensity`` in use.
        overlap: Share of the ranker's weight that lies on offers with propensity >= 0.1.
    """

    estimator: str
    value: float
    standard_error: float
    low: float
    high: float
    n_requests: int
    n_clicks: int
    effective_sample_size: float
    max_weight: float
    overlap: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    def covers(self, truth: float) -> bool:
        """Returns whether the interval holds a value."""
        return self.low <= truth <= self.high

    def widened(self, variance: float) -> Estimate:
        """Returns the estimate with another source of variance, under a normal interval."""
        error = float(np.sqrt(self.standard_error**2 + variance))
        low, high = self.value - NORMAL_95 * error, self.value + NORMAL_95 * error
        return replace(self, standard_error=error, low=low, high=high)

    def as_row(self) -> dict[str, Any]:
        """Returns the fields as one row of a table."""
        names = (name for name in self.__slots__)
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class LoggedRows:
    """Checked arrays of a log, ``(n_rows,)``; ``request`` counts from 0.

    ``propensity`` may be clipped; ``unclipped`` is as given, and what ``overlap`` looks at.
    """

    reward: FloatArray
    propensity: FloatArray
    unclipped: FloatArray
    weight: FloatArray
    exposure: FloatArray
    request: NDArray[np.int64]
    n_requests: int

    @classmethod
    def of(
        cls,
        rewards: ArrayLike,
        propensities: ArrayLike,
        weights: ArrayLike,
        requests: ArrayLike,
        exposures: ArrayLike | None,
        *,
        clip: float | None = None,
    ) -> LoggedRows:
        """Checks the arrays of one log; arguments and errors as the estimators'."""
        request, n_requests = number_requests(requests)
        n_rows = len(request)
        if n_requests < 2:
            raise InputError(
                f"{n_requests} request in the log; expected at least two, whose spread gives the "
                "interval",
                field="requests",
            )
        propensity = check_column(propensities, "propensities", n_rows, low=0, high=1)
        if (propensity == 0).any():
            raise InputError(
                f"{int((propensity == 0).sum())} rows have propensity 0; expected values in "
                "(0, 1]: what cannot be seen cannot be evaluated",
                field="propensities",
            )
        if clip is not None and not 0 < clip <= 1:
            raise InputError(f"clip is {clip}; expected a number in (0, 1]", field="clip")
        exposure = (
            propensity
            if exposures is None
            else check_column(exposures, "exposures", n_rows, low=0, high=1)
        )
        return cls(
            reward=check_column(rewards, "rewards", n_rows, low=0, high=1),
            propensity=propensity if clip is None else np.maximum(propensity, clip),
            unclipped=propensity,
            weight=check_column(weights, "weights", n_rows, low=0, high=np.inf),
            exposure=exposure,
            request=request,
            n_requests=n_requests,
        )

    def by_request(self, values: FloatArray) -> FloatArray:
        """Returns the sum of ``values`` over each request's rows, ``(n_requests,)``."""
        sums = np.bincount(self.request, weights=values, minlength=self.n_requests)
        return np.asarray(sums, dtype=np.float64)


def number_requests(requests: ArrayLike) -> tuple[NDArray[np.int64], int]:
    """Returns a number from 0 for each row's request, ``(n_rows,)``, and how many there are."""
    values = np.asarray(requests)
    if values.dtype.kind in "iu" and len(values) and 0 <= values.min() <= values.max() < 2**31:
        highest = int(values.max())
        if highest < 4 * len(values):  # no need to sort: a table of the numbers in use
            used = np.bincount(values, minlength=highest + 1) > 0
            return (np.cumsum(used) - 1)[values], int(used.sum())
    names, request = np.unique(values, return_inverse=True)
    return np.asarray(request, dtype=np.int64), len(names)


def check_column(
    values: ArrayLike, name: str, n_rows: int, *, low: float, high: float
) -> FloatArray:
    """Returns a column as numbers.

    Raises:
        InputError: Not one value a row, or values outside ``[low, high]``; says how many.
    """
    column = np.asarray(values, dtype=np.float64)
    if column.shape != (n_rows,):
        raise InputError(
            f"{name} has shape {column.shape}; expected ({n_rows},), one value a row", field=name
        )
    outside = ~((column >= low) & (column <= high))  # true for NaN as well
    if outside.any():
        first = int(np.flatnonzero(outside)[0])
        raise InputError(
            f"{name}: {int(outside.sum())} values lie outside [{low:g}, {high:g}], the first is "
            f"{column[first]} in row {first}",
            field=name,
        )
    return column


def build_estimate(
    name: str,
    log: LoggedRows,
    values: FloatArray,
    *,
    control: FloatArray | None = None,
    bootstrap: tuple[int, int],
) -> Estimate:
    """Builds the estimate ``mean(values) / mean(control) * mean(weights)`` over requests."""
    sums = [log.by_request(values)]
    if control is not None:
        sums += [log.by_request(control), log.by_request(log.weight)]
    totals = np.stack(sums)  # (1 or 3, n_requests)
    value = float(_combine(totals.mean(axis=1)))
    # The influence of each request on the ratio, to first order (the delta method).
    spread = totals[0]
    if control is not None:
        means = totals.mean(axis=1)
        spread = value * (totals[0] / (means[0] or 1) - totals[1] / means[1] + totals[2] / means[2])
    error = float(spread.std(ddof=1) / np.sqrt(log.n_requests))
    low, high = value - NORMAL_95 * error, value + NORMAL_95 * error
    if bootstrap[0] > 0:
        low, high = _bootstrap(totals, n_bootstrap=bootstrap[0], seed=bootstrap[1])
    clicked = (log.weight / log.propensity)[(log.reward > 0) & (log.weight > 0)]
    used = log.weight > 0
    mass = float(log.weight.sum()) or 1.0
    return Estimate(
        estimator=name,
        value=value,
        standard_error=error,
        low=low,
        high=high,
        n_requests=log.n_requests,
        n_clicks=len(clicked),
        effective_sample_size=float(clicked.sum() ** 2 / np.sum(clicked**2)) if len(clicked) else 0,
        max_weight=float((1 / log.propensity[used]).max()) if used.any() else 0.0,
        overlap=float(log.weight[log.unclipped >= THIN].sum()) / mass,
    )


def _combine(means: FloatArray) -> FloatArray:
    """Returns the estimate from means, ``(1 or 3, ...)``: a plain mean, or a ratio times a mean."""
    return np.asarray(means[0] if len(means) == 1 else means[0] / means[1] * means[2])


def _bootstrap(totals: FloatArray, *, n_bootstrap: int, seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    n_requests = totals.shape[1]
    block = max(1, BLOCK_CELLS // n_requests)
    parts = []
    for start in range(0, n_bootstrap, block):
        rows = rng.integers(0, n_requests, (min(block, n_bootstrap - start), n_requests))
        parts.append(_combine(totals[:, rows].mean(axis=2)))
    low, high = np.quantile(np.concatenate(parts), [0.025, 0.975])
    return float(low), float(high)
