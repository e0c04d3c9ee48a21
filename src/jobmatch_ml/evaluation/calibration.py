r"""How calibrated probabilities are: reliability, ECE and Brier score, with intervals.

*Reliability*: rows in the order of their predicted probability are cut into bins of equal size
(rows with equal predictions stay together). A bin is calibrated where its mean prediction is its
share of events.

*ECE* (expected calibration error, Naeini et al. 2015): ``sum_b n_b / n |mean p_b - mean y_b|``. It
is never 0 on a finite log: ``ece_floor`` is what perfect probabilities would be expected to show on
these rows, ``sum_b n_b / n sqrt(2 / pi) sd(mean y_b)``.

*Brier score*: ``mean (p - y)^2``; its skill is ``1 - Brier / Brier of the base rate``, the base
rate being that of the very rows that are judged. Where rows stand at known positions,
``skill_over_position`` takes the base rate times the chance to be looked at there as the reference
instead: what the score adds to the position.

Intervals are of the bootstrap over people (rows of one person are not independent), at fixed bins.
The ECE of a resample holds the noise twice, so its interval lies somewhat high.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jobmatch_ml.errors import InputError

FloatArray = NDArray[np.float64]
_BLOCK = 200


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bin of a reliability plot.

    Args:
        n: Rows.
        predicted: Mean predicted probability.
        observed: Share of events.
        low: Lower end of the 95 % interval of the share (Wilson).
        high: Its upper end.
    """

    n: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A value and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class CalibrationReport:
    """How calibrated the probabilities of one stage are.

    Args:
        n_rows: Rows judged.
        n_events: How many of them had the event.
        base_rate: Share of events.
        ece: Expected calibration error.
        ece_floor: What perfect probabilities would show on as many rows.
        brier: Brier score.
        brier_skill: Against the base rate; above 0 is better than it.
        skill_over_position: Against the base rate times the chance to be looked at; ``None`` where
            that was not given.
        bins: The reliability plot, from the lowest predictions on.
    """

    n_rows: int
    n_events: int
    base_rate: float
    ece: Measure
    ece_floor: float
    brier: Measure
    brier_skill: Measure
    skill_over_position: Measure | None
    bins: tuple[ReliabilityBin, ...]

    @property
    def ece_to_base_rate(self) -> float:
        """ECE as a share of the base rate."""
        return self.ece.value / self.base_rate if self.base_rate else float("inf")

    def as_row(self) -> dict[str, Any]:
        """Returns all but the bins as one flat row."""
        row: dict[str, Any] = {
            "rows": self.n_rows,
            "events": self.n_events,
            "base_rate": self.base_rate,
        }
        for name in ("ece", "brier", "brier_skill", "skill_over_position"):
            measure: Measure | None = getattr(self, name)
            if measure is not None:
                row |= {
                    name: measure.value,
                    f"{name}_low": measure.low,
                    f"{name}_high": measure.high,
                }
        return row | {"ece_floor": self.ece_floor, "ece_to_base_rate": self.ece_to_base_rate}


def judge_calibration(
    predicted: ArrayLike,
    events: ArrayLike,
    *,
    people: ArrayLike,
    examination: ArrayLike | None = None,
    n_bins: int = 10,
    n_bootstrap: int = 1000,
    seed: int = 0,
) -> CalibrationReport:
    """Judges predicted probabilities by what happened.

    Args:
        predicted: Probabilities, ``(n_rows,)``, of the event as it could be known.
        events: Whether it happened, ``(n_rows,)``.
        people: Whose row it is, numbers or texts, ``(n_rows,)``: what is resampled.
        examination: Chance of each row to be looked at, for ``skill_over_position``.
        n_bins: Bins of equal size.
        n_bootstrap: Resamples of people.
        seed: Seed of the resamples.

    Raises:
        InputError: Arrays of other lengths, probabilities outside [0, 1], no row, or only rows with
            (or without) the event: there is nothing to be calibrated.

    Example:
        >>> chances, events = [0.2, 0.2, 0.6, 0.6], [0, 0, 0, 1]
        >>> report = judge_calibration(chances, events, people=[1, 2, 3, 4], n_bins=2)
        >>> round(report.ece.value, 3)  # 2/4 |0.2 - 0| + 2/4 |0.6 - 0.5|
        0.15
    """
    p, y, person = _checked(predicted, events, people, n_bins=n_bins)
    bins = equal_mass_bins(p, n_bins)
    n_people = int(person.max()) + 1
    position = _position_reference(y, examination)
    # Of each person: rows, sum of p and sum of y a bin; then sums of squared errors.
    cell = person * n_bins + bins
    sums = [
        np.bincount(cell, weights=values, minlength=n_people * n_bins).reshape(n_people, n_bins)
        for values in (np.ones_like(p), p, y)
    ]
    errors = [(p - y) ** 2] if position is None else [(p - y) ** 2, (position - y) ** 2]
    squares = [np.bincount(person, weights=e, minlength=n_people)[:, None] for e in errors]
    totals = np.hstack([*sums, *squares])
    values = _measures(totals.sum(axis=0)[None], n_bins)
    draws = _resampled(totals, n_bins, n_bootstrap=n_bootstrap, seed=seed)
    measures = [
        Measure(float(value[0]), *(float(end) for end in np.nanquantile(draw, [0.025, 0.975])))
        for value, draw in zip(values, draws, strict=True)
    ]
    variance = np.bincount(bins, weights=p * (1 - p), minlength=n_bins)
    return CalibrationReport(
        n_rows=len(p),
        n_events=int(y.sum()),
        base_rate=float(y.mean()),
        ece=measures[0],
        ece_floor=float(np.sqrt(2 / np.pi * variance).sum() / len(p)),
        brier=measures[1],
        brier_skill=measures[2],
        skill_over_position=None if position is None else measures[3],
        bins=_reliability(p, y, bins),
    )


def equal_mass_bins(predicted: FloatArray, n_bins: int) -> NDArray[np.int64]:
    """Returns each row's bin: equal sizes in the order of predictions, ties in the lower bin.

    Example:
        >>> equal_mass_bins(np.array([0.4, 0.1, 0.1, 0.1]), 2).tolist()
        [1, 0, 0, 0]
    """
    order = np.sort(predicted)
    first = np.searchsorted(order, predicted, side="left")
    return np.minimum(first * n_bins // len(predicted), n_bins - 1)


def wilson(successes: float, n: int, *, z: float = 1.959964) -> tuple[float, float]:
    """Returns the Wilson (1927) 95 % interval of a share."""
    if n == 0:
        return 0.0, 1.0
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def _checked(
    predicted: ArrayLike, events: ArrayLike, people: ArrayLike, *, n_bins: int
) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    p = np.asarray(predicted, dtype=np.float64)
    y = np.asarray(events, dtype=np.float64)
    names = np.asarray(people)
    if not len(p) or p.shape != y.shape or p.shape != names.shape or p.ndim != 1:
        raise InputError(
            f"predictions {p.shape}, events {y.shape} and people {names.shape}; expected one of "
            "each a row, and at least one row"
        )
    if not ((p >= 0) & (p <= 1)).all() or not ((y == 0) | (y == 1)).all():
        raise InputError("predictions must lie in [0, 1], and events be 0 or 1", field="predicted")
    if y.min() == y.max():
        raise InputError(
            f"all {len(y)} rows have the outcome {int(y[0])}; expected both outcomes",
            field="events",
        )
    if n_bins < 1:
        raise InputError(f"n_bins is {n_bins}; expected at least 1", field="n_bins")
    return p, y, np.asarray(np.unique(names, return_inverse=True)[1], dtype=np.int64)


def _position_reference(y: FloatArray, examination: ArrayLike | None) -> FloatArray | None:
    if examination is None:
        return None
    share = np.asarray(examination, dtype=np.float64)
    if share.shape != y.shape or not ((share >= 0) & (share <= 1)).all() or not share.sum():
        raise InputError("examination must be one number in [0, 1] a row", field="examination")
    reference: FloatArray = np.minimum(share * (y.sum() / share.sum()), 1.0)
    return reference


def _measures(totals: FloatArray, n_bins: int) -> list[FloatArray]:
    """Returns ECE, Brier score and skills of sums over people, one a row of ``totals``."""
    rows, p, y = (totals[:, n_bins * k : n_bins * (k + 1)] for k in range(3))
    n = rows.sum(axis=1)
    base = y.sum(axis=1) / n
    brier = totals[:, 3 * n_bins] / n
    measures = [np.abs(p - y).sum(axis=1) / n, brier, _skill(brier, base * (1 - base))]
    if totals.shape[1] > 3 * n_bins + 1:
        measures.append(_skill(brier, totals[:, 3 * n_bins + 1] / n))
    return measures


def _skill(brier: FloatArray, reference: FloatArray) -> FloatArray:
    """Returns ``1 - brier / reference``; NaN where all rows, or none, had the event."""
    known = reference > 0
    return np.where(known, 1 - brier / np.where(known, reference, 1.0), np.nan)


def _resampled(totals: FloatArray, n_bins: int, *, n_bootstrap: int, seed: int) -> list[FloatArray]:
    rng = np.random.default_rng(seed)
    n_people = len(totals)
    parts = []
    for start in range(0, n_bootstrap, _BLOCK):
        size = min(_BLOCK, n_bootstrap - start)
        counts = rng.multinomial(n_people, np.full(n_people, 1 / n_people), size=size)
        parts.append(_measures(counts @ totals, n_bins))
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


def _reliability(
    p: FloatArray, y: FloatArray, bins: NDArray[np.int64]
) -> tuple[ReliabilityBin, ...]:
    found = []
    for number in np.unique(bins):
        inside = bins == number
        n, events = int(inside.sum()), float(y[inside].sum())
        low, high = wilson(events, n)
        found.append(ReliabilityBin(n, float(p[inside].mean()), events / n, low, high))
    return tuple(found)
