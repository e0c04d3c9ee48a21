"""The curves of calibrators, and where they rest on data.

*Isotonic*: rows in the order of their scores are put into groups of equal exposure; a group's rate
is ``(events + 1/2) / (exposure + 1/2 / base rate)``: half an event at the base rate, so that no
probability is 0. Pooling neighbours until rates no longer fall gives the rising line of least
weighted squares (pool adjacent violators; Barlow et al. 1972, Zadrozny & Elkan 2002).

*Platt* (1999): ``g = 1 / (1 + exp(-a score - b))``, ``a >= 0``, by maximum likelihood of
``P(event) = exposure * g``.

*Support*: a score is supported where, among rows with a score nearby (within 5 % of the middle 98 %
of scores), at least :data:`MIN_EXPECTED` events were to be expected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.calibration import StageCalibrator

FloatArray = NDArray[np.float64]
MIN_EXPECTED = 5.0
"""Events to be expected near a score that is supported."""
_GRID = 400
_NEAR = 0.05
_MOST_GROUPS = 100


@dataclass(frozen=True)
class StageRows:
    """One stage's rows, all ``(n_rows,)``.

    Args:
        scores: Of the ranker.
        events: 1 where the stage is known to have been reached, else 0.
        exposure: What the row counts for: chance to be looked at, and for the event to be known.
    """

    scores: FloatArray
    events: FloatArray
    exposure: FloatArray

    def part(self, chosen: NDArray[np.bool_]) -> StageRows:
        """Returns the chosen rows."""
        return StageRows(self.scores[chosen], self.events[chosen], self.exposure[chosen])

    @property
    def base_rate(self) -> float:
        """Events by exposure, at most 1."""
        total = float(self.exposure.sum())
        return min(1.0, float(self.events.sum()) / total) if total > 0 else 0.0


def fit_isotonic(rows: StageRows, *, events_a_group: int) -> StageCalibrator:
    """Fits the rising broken line; see the module's docstring."""
    from scipy.optimize import isotonic_regression

    rows = rows.part(rows.exposure > 0)
    order = np.argsort(rows.scores, kind="stable")
    scores, events, exposure = rows.scores[order], rows.events[order], rows.exposure[order]
    n_groups = int(np.clip(events.sum() // events_a_group, 1, _MOST_GROUPS))
    total = float(exposure.sum())
    if total <= 0:
        raise InputError(
            "no row can be known to have reached the stage yet; wait, or use more days"
        )
    base = max(rows.base_rate, 1e-9)
    # Rows of equal score belong together: each takes the group of the first of them.
    before = (np.cumsum(exposure) - exposure)[np.searchsorted(scores, scores)]
    group = np.minimum((before / total * n_groups).astype(np.int64), n_groups - 1)
    kept, group = np.unique(group, return_inverse=True)
    weight = np.bincount(group, weights=exposure, minlength=len(kept))
    knots = np.bincount(group, weights=scores * exposure, minlength=len(kept)) / weight
    rates = (np.bincount(group, weights=events, minlength=len(kept)) + 0.5) / (weight + 0.5 / base)
    rising = np.asarray(isotonic_regression(rates, weights=weight).x, dtype=np.float64)
    return _curve(
        rows,
        method="isotonic",
        scores=tuple(knots.tolist()),
        probabilities=tuple(np.minimum(rising, 1.0).tolist()),
    )


def fit_platt(rows: StageRows, *, events_a_group: int = 0) -> StageCalibrator:
    """Fits the logistic curve by maximum likelihood; see the module's docstring."""
    from scipy.optimize import minimize

    centre, spread = float(rows.scores.mean()), float(rows.scores.std()) or 1.0
    scores = (rows.scores - centre) / spread
    base = float(np.clip(rows.base_rate, 1e-6, 1 - 1e-6))

    def loss(theta: FloatArray) -> tuple[float, FloatArray]:
        chance = 1 / (1 + np.exp(-np.clip(theta[0] * scores + theta[1], -35, 35)))
        known = np.clip(rows.exposure * chance, 1e-12, 1 - 1e-12)
        value = -(rows.events * np.log(known) + (1 - rows.events) * np.log1p(-known)).mean()
        slope = (known - rows.events) / (1 - known) * (1 - chance)
        return float(value), np.array([(slope * scores).mean(), slope.mean()])

    start = np.array([0.0, np.log(base / (1 - base))])
    bounds = [(0.0, 50.0), (-35.0, 35.0)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    slope = float(found[0]) / spread
    return _curve(rows, method="platt", slope=slope, intercept=float(found[1]) - slope * centre)


Fit = Callable[..., StageCalibrator]
CURVES: Mapping[str, Fit] = {"isotonic": fit_isotonic, "platt": fit_platt}


def _curve(rows: StageRows, **values: Any) -> StageCalibrator:
    return StageCalibrator(
        **values,
        support=(),
        base_rate=rows.base_rate,
        n_rows=len(rows.scores),
        n_events=int(rows.events.sum()),
    )


def support_of(rows: StageRows, curve: StageCalibrator) -> tuple[tuple[float, float], ...]:
    """Returns the ranges of scores near which enough events were to be expected."""
    order = np.argsort(rows.scores, kind="stable")
    scores = rows.scores[order]
    upto = np.r_[0.0, np.cumsum(rows.exposure[order])]
    low, high = np.quantile(scores, [0.01, 0.99])
    near = _NEAR * (high - low)
    grid = np.linspace(scores[0], scores[-1], _GRID)
    exposure = (
        upto[np.searchsorted(scores, grid + near, side="right")]
        - upto[np.searchsorted(scores, grid - near, side="left")]
    )
    good = exposure * np.maximum(curve.curve(grid), rows.base_rate) >= MIN_EXPECTED
    edges = np.flatnonzero(np.diff(np.r_[False, good, False].astype(np.int8)))
    return tuple(
        (float(grid[first]), float(grid[last - 1]))
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    )
