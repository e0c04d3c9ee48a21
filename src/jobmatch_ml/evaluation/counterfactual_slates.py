"""From a log and a ranker's scores to the arrays of :mod:`.counterfactual`, and to an estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from jobmatch_ml.errors import InputError, UnknownNameError, suggest
from jobmatch_ml.evaluation.counterfactual import ESTIMATORS
from jobmatch_ml.evaluation.counterfactual_rows import Estimate
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_exposure import LoggedPositions, read_positions
from jobmatch_ml.interactions.propensity_log import name_codes
from jobmatch_ml.types import Run

FloatArray = NDArray[np.float64]
STEP = 1e-3
"""Relative step of the derivatives by a propensity."""


def dcg_weights(
    requests: ArrayLike, scores: ArrayLike, *, tie_break: ArrayLike | None = None, k: int = 10
) -> FloatArray:
    """Returns ``1 / log2(1 + rank)`` of each row in its own slate, 0 beyond rank ``k``.

    Args:
        requests: The request of each row, ``(n_rows,)``.
        scores: The ranker's score of each row; higher is better. A row without one (NaN, -inf)
            comes last.
        tie_break: What orders equal scores, ascending (offer ids, as everywhere); ``None``: the
            rows' order.
        k: Ranks that count.

    Example:
        >>> dcg_weights([0, 0, 0], [0.1, 0.9, 0.5]).round(3).tolist()
        [0.5, 1.0, 0.631]
    """
    request = np.unique(np.asarray(requests), return_inverse=True)[1]
    score = np.nan_to_num(
        np.asarray(scores, dtype=np.float64), nan=-np.inf, posinf=np.inf, neginf=-np.inf
    )
    if score.shape != request.shape:
        raise InputError(
            f"{len(score)} scores for {len(request)} rows; expected one a row", field="scores"
        )
    ties = np.arange(len(score)) if tie_break is None else np.asarray(tie_break)
    order = np.lexsort((ties, -score, request))
    ordered = request[order]
    starts = np.r_[True, ordered[1:] != ordered[:-1]]
    index = np.arange(len(order))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = 1 + index - np.maximum.accumulate(np.where(starts, index, 0))
    return np.where(rank <= k, 1 / np.log2(1 + rank), 0.0)


def scores_of_run(table: pa.Table, run: Run) -> FloatArray:
    """Returns a run's score of each row's (user, offer), NaN where the run does not hold it."""
    users, offers = table["user"].to_pylist(), table["offer_external_id"].to_pylist()
    nothing: dict[str, float] = {}
    values = [
        run.get(user, nothing).get(offer, np.nan) for user, offer in zip(users, offers, strict=True)
    ]
    return np.array(values, dtype=np.float64)


def true_value(attraction: ArrayLike, weights: ArrayLike, requests: ArrayLike) -> float:
    """Returns the value that the estimators estimate, where attraction is known (worlds alone)."""
    n_requests = len(np.unique(np.asarray(requests)))
    return float(np.asarray(attraction, dtype=np.float64) @ np.asarray(weights) / n_requests)


@dataclass(frozen=True)
class SlateLog:
    """A log laid out once, for any number of rankers; all arrays ``(n_rows,)``.

    Args:
        rewards: 1 where the offer was clicked.
        requests: Number of each row's request.
        offers: Number of each row's offer, in the order of ids: what orders equal scores.
        offer_names: Id of each number in ``offers``.
        positions: Where the logger put the offers.
    """

    rewards: FloatArray
    requests: NDArray[np.int64]
    offers: NDArray[np.int64]
    offer_names: tuple[str, ...]
    positions: LoggedPositions

    def weights(self, scores: ArrayLike, *, k: int = 10) -> FloatArray:
        """Returns the discounts of a ranker's order of the slates (:func:`dcg_weights`)."""
        return dcg_weights(self.requests, scores, tie_break=self.offers, k=k)

    def estimate(
        self,
        weights: FloatArray,
        model: PropensityModel,
        *,
        estimator: str = "snips",
        predictions: ArrayLike | None = None,
        clip: float | None = None,
    ) -> Estimate:
        """Estimates what a ranker's order is worth; see :func:`evaluate_counterfactually`."""
        if estimator not in ESTIMATORS:
            message = suggest(estimator, ESTIMATORS, kind="estimator")
            raise UnknownNameError(message, field="estimator")

        def estimate(propensities: PropensityModel) -> Estimate:
            return ESTIMATORS[estimator](
                self.rewards,
                self.positions.expected(propensities),
                weights,
                requests=self.requests,
                exposures=self.positions.exposures(propensities),
                predictions=predictions,
                clip=clip,
            )

        result = estimate(model)
        if estimator == "naive":
            return result
        variance = propensity_variance(lambda other: estimate(other).value, model)
        return result.widened(variance) if variance > 0 else result


def read_slates(table: pa.Table, *, click: str = "viewed") -> SlateLog:
    """Lays out a log of shown slates.

    Args:
        table: Shown rows in the log's schema, whole slates (``shown_rows`` leaves imports out).
        click: The boolean column that counts as a click.

    Raises:
        InputError: Rows that were never shown; swapped slates whose exchange cannot be told.
    """
    offer_names, offers = name_codes(table["offer_external_id"])
    return SlateLog(
        rewards=np.asarray(table[click].to_numpy(), dtype=np.float64),
        requests=name_codes(table["request_id"])[1],
        offers=offers,
        offer_names=offer_names,
        positions=read_positions(table),
    )


def evaluate_counterfactually(
    table: pa.Table,
    scores: ArrayLike,
    model: PropensityModel,
    *,
    estimator: str = "snips",
    predictions: ArrayLike | None = None,
    clip: float | None = None,
    click: str = "viewed",
    k: int = 10,
) -> Estimate:
    """Estimates what a ranker's order of the logged slates is worth.

    Where the propensities are estimates themselves, the interval holds their uncertainty too: by
    the delta method, from the covariance that the model carries. That part does not shrink with
    the log being evaluated, and does not see a bias of the propensities.

    Args:
        table: Shown rows in the log's schema, whole slates (``shown_rows`` leaves imports out).
        scores: The ranker's score of each row.
        model: Propensities.
        estimator: A name in :data:`.counterfactual.ESTIMATORS`.
        predictions: Predicted attraction of each row, for ``dr``.
        clip: Least propensity.
        click: The boolean column that counts as a click.
        k: Ranks that count.

    Raises:
        UnknownNameError: No such estimator.
        InputError: As the estimators, :func:`read_slates` and :class:`PropensityModel`.
    """
    log = read_slates(table, click=click)
    return log.estimate(
        log.weights(scores, k=k), model, estimator=estimator, predictions=predictions, clip=clip
    )


def propensity_variance(
    value_of: Callable[[PropensityModel], float], model: PropensityModel
) -> float:
    """Returns the variance of a value that comes from not knowing the propensities exactly.

    ``g' C g`` a surface, C the covariance of the log propensities and g the derivatives of the
    value by them, taken numerically.

    Args:
        value_of: The value under given propensities.
        model: The estimates; known ones (covariance 0) cost nothing.
    """
    variance = 0.0
    uncertain = {
        surface: np.array(curve.log_covariance)
        for surface, curve in model.curves.items()
        if np.any(curve.log_covariance)
    }
    if not uncertain:
        return variance
    base = value_of(model)
    for surface, covariance in uncertain.items():
        gradient = np.zeros(len(covariance))
        for index in np.flatnonzero(np.diag(covariance) > 0):
            moved = value_of(_lowered(model, surface, int(index)))
            gradient[index] = (base - moved) / -np.log1p(-STEP)
        variance += float(gradient @ covariance @ gradient)
    return max(variance, 0.0)


def _lowered(model: PropensityModel, surface: str, index: int) -> PropensityModel:
    """Returns the model with one propensity a little lower (higher might pass 1)."""
    curve = model.curves[surface]
    values = list(curve.propensities)
    values[index] *= 1 - STEP
    return replace(
        model, curves={**model.curves, surface: replace(curve, propensities=tuple(values))}
    )
