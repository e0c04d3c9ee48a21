"""Propensities without any randomisation: the position-based model by regression EM.

Wang, Golbandi, Bendersky, Metzler & Najork (2018), https://doi.org/10.1145/3159652.3159732. Whether
a position was looked at and whether an offer attracts are hidden; only clicks are seen:

    P(click) = propensity(surface, position) * attraction(features)

E-step, for a row without a click (with one, both happened):

    P(looked at | no click) = p (1 - a) / (1 - p a)
    P(attracts | no click) = a (1 - p) / (1 - p a)

M-step: a position's propensity is the mean chance that it was looked at; attraction is regressed on
the features, here by one Newton step of a logistic regression on binned features.

Differs from the paper in: rows with the same features and position are merged first (a log of
millions becomes thousands of cells), and when EM has come near the optimum, Fisher scoring on the
clicks' own likelihood takes the last steps, since EM creeps where few rows are clicked.

**When it is right.** Given the features, an offer's position must say nothing more about how it
attracts. Features must hold what the ranker knew (its score above all) and, for each value of them,
several positions must occur. Where the score does not tell all, the estimate is biased, and no
interval shows it: compare with :mod:`.propensity_interventions` on some random traffic. Slates by
popularity are left out for that reason: a count of past clicks is high in a large domain and low in
a small one, so that the same count stands high here and low there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_cells import Cells, FloatArray, build_cells
from jobmatch_ml.interactions.propensity_features import feature_codes
from jobmatch_ml.interactions.propensity_log import (
    MIN_CLICKS,
    ShownLog,
    curve_from,
    read_shown,
    refuse_thin,
)

POPULARITY = ("popularity",)
"""Policies that rank by what others clicked."""

RIDGE = 0.1
"""Inverse variance of the regression's coefficients: holds features that were never clicked."""


@dataclass(frozen=True)
class Fit:
    """Parameters: log propensity by slot (0 at a position 1), and the regression's coefficients."""

    theta: FloatArray
    beta: FloatArray


@dataclass(frozen=True)
class PositionBasedFit:
    """What EM gives: the propensities, and how much each row's offer attracts by its features.

    Args:
        model: The propensities, method ``em``.
        attraction: Of each row used (imports and ``without`` left out), ``(n_rows,)``, in (0, 1).
    """

    model: PropensityModel
    attraction: FloatArray


def estimate_by_em(
    table: pa.Table,
    *,
    without: Sequence[str] = POPULARITY,
    click: str = "viewed",
    min_clicks: int = MIN_CLICKS,
    em_iterations: int = 100,
) -> PropensityModel:
    """Estimates propensities from the whole log; see the module for when that is right.

    Args:
        table: Rows in the log's schema.
        without: Policies whose rows are left out, since their scores do not tell an offer's merit.
        click: The boolean column that counts as a click.
        min_clicks: Clicks that each position needs.
        em_iterations: EM steps before the last ones by scoring.

    Raises:
        InputError: An empty log, clicks everywhere, or a position with too few clicks.
    """
    return fit_position_based_model(
        table, without=without, click=click, min_clicks=min_clicks, em_iterations=em_iterations
    ).model


def fit_position_based_model(
    table: pa.Table,
    *,
    without: Sequence[str] = POPULARITY,
    click: str = "viewed",
    min_clicks: int = MIN_CLICKS,
    em_iterations: int = 100,
) -> PositionBasedFit:
    """Fits propensities and attraction; arguments and errors as :func:`estimate_by_em`."""
    if without:
        table = table.filter(pc.invert(pc.is_in(table["policy"], pa.array(without, pa.string()))))
    log = read_shown(table, click=click)
    if log.click.all():
        raise InputError(
            f"every impression of the log has `{click}`; expected some without, or nothing tells "
            "positions apart. Is it the column that counts as a click?",
            field=click,
        )
    for code, surface in enumerate(log.surfaces):
        position = log.position[log.surface == code] - 1
        clicked = position[log.click[log.surface == code]]
        length = int(position.max()) + 1
        refuse_thin(
            surface,
            np.bincount(position, minlength=length),
            np.bincount(clicked, minlength=length),
            min_clicks=max(1, min_clicks),
        )
    cells = build_cells(log, feature_codes(table, log, click=click))
    fit = _start(cells)
    for _ in range(em_iterations):
        fit = _em_step(cells, fit)
    fit = _polish(cells, fit)
    covariance = _covariance(cells, fit, log)
    curves = {}
    for code, surface in enumerate(log.surfaces):
        part = slice(cells.slots[code], cells.slots[code + 1])
        rows = log.surface == code
        curves[surface] = curve_from(
            fit.theta[part],
            covariance[part, part],
            n_impressions=int(rows.sum()),
            n_clicks=int(log.click[rows].sum()),
        )
    attraction = _sigmoid(cells.design @ fit.beta)[cells.row_cell]
    return PositionBasedFit(PropensityModel("em", curves), attraction)


def _start(cells: Cells) -> Fit:
    theta = np.log(0.9) * np.ones(cells.slots[-1])
    theta[cells.fixed] = 0
    beta = np.zeros(cells.design.shape[1])
    rate = cells.clicks.sum() / cells.shown.sum()
    beta[0] = np.log(rate / (1 - rate)) if 0 < rate < 1 else 0.0
    return Fit(theta, beta)


def _em_step(cells: Cells, fit: Fit) -> Fit:
    propensity, attraction = np.exp(fit.theta)[cells.slot], _sigmoid(cells.design @ fit.beta)
    missed = cells.shown - cells.clicks
    unseen = 1 - propensity * attraction
    looked = cells.clicks + missed * propensity * (1 - attraction) / np.maximum(unseen, 1e-12)
    attracts = cells.clicks + missed * attraction * (1 - propensity) / np.maximum(unseen, 1e-12)
    n_slots = int(cells.slots[-1])
    looked_at = np.bincount(cells.slot, weights=looked, minlength=n_slots)
    shown_at = np.bincount(cells.slot, weights=cells.shown, minlength=n_slots)
    theta = np.log(np.clip(looked_at / shown_at, 1e-9, 1))
    theta[cells.fixed] = 0
    weight = cells.shown * attraction * (1 - attraction)
    hessian = (cells.design * weight[:, None]).T @ cells.design
    gradient = cells.design.T @ (attracts - cells.shown * attraction) - _shrink(fit.beta)
    step = np.linalg.solve(hessian + _ridge(cells), gradient)
    return Fit(theta, fit.beta + np.clip(step, -1, 1))


def _polish(cells: Cells, fit: Fit, *, max_iterations: int = 100) -> Fit:
    """Takes scoring steps, each halved until it does not lose, up to the optimum."""
    value = _objective(cells, fit)
    for _ in range(max_iterations):
        jacobian, residual, weight = _linearised(cells, fit)
        step = np.linalg.solve(
            _information(cells, jacobian, weight),
            jacobian.T @ residual - np.r_[np.zeros(_n_free(cells)), _shrink(fit.beta)],
        )
        for _ in range(30):
            moved = _moved(cells, fit, step)
            moved_value = _objective(cells, moved)
            if moved_value >= value:
                break
            step = step / 2
        else:
            return fit
        gain, fit, value = moved_value - value, moved, moved_value
        if gain < 1e-9 * max(1.0, abs(value)) and np.abs(step).max() < 1e-6:
            return fit
    raise InputError(
        "the position-based model did not settle: positions and features explain each other; "
        "expected each feature value at several positions. Use random slates or swaps"
    )


def _linearised(cells: Cells, fit: Fit) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Returns derivatives of the click rate, and residuals and weights of its likelihood."""
    attraction = _sigmoid(cells.design @ fit.beta)
    rate = np.clip(np.exp(fit.theta)[cells.slot] * attraction, 1e-9, 1 - 1e-9)
    free = np.flatnonzero(~cells.fixed)
    by_theta = (cells.slot[:, None] == free) * rate[:, None]
    by_beta = cells.design * (rate * (1 - attraction))[:, None]
    variance = rate * (1 - rate)
    residual = (cells.clicks - cells.shown * rate) / variance
    return np.hstack([by_theta, by_beta]), residual, cells.shown / variance


def _information(cells: Cells, jacobian: FloatArray, weight: FloatArray) -> FloatArray:
    information = (jacobian * weight[:, None]).T @ jacobian
    n_free = _n_free(cells)
    information[n_free:, n_free:] += _ridge(cells)
    return np.asarray(information)


def _covariance(cells: Cells, fit: Fit, log: ShownLog) -> FloatArray:
    """Returns the sandwich covariance of theta: blocks of requests may be unlike each other."""
    jacobian, _, weight = _linearised(cells, fit)
    attraction = _sigmoid(cells.design @ fit.beta)
    rate = np.clip(np.exp(fit.theta)[cells.slot] * attraction, 1e-9, 1 - 1e-9)
    n_cells, block = len(rate), log.block
    order = np.argsort(block, kind="stable")
    bounds = np.searchsorted(block[order], np.arange(int(block.max()) + 2))
    scores = np.empty((len(bounds) - 1, jacobian.shape[1]))
    for number in range(len(scores)):
        rows = order[bounds[number] : bounds[number + 1]]
        shown = np.bincount(cells.row_cell[rows], minlength=n_cells)
        clicks = np.bincount(cells.row_cell[rows], weights=log.click[rows], minlength=n_cells)
        scores[number] = jacobian.T @ ((clicks - shown * rate) / (rate * (1 - rate)))
    inverse = np.linalg.inv(_information(cells, jacobian, weight))
    full = inverse @ (scores.T @ scores) @ inverse
    covariance = np.zeros((len(fit.theta), len(fit.theta)))
    free = np.flatnonzero(~cells.fixed)
    covariance[np.ix_(free, free)] = full[: len(free), : len(free)]
    return covariance


def _objective(cells: Cells, fit: Fit) -> float:
    rate = np.exp(fit.theta)[cells.slot] * _sigmoid(cells.design @ fit.beta)
    rate = np.clip(rate, 1e-9, 1 - 1e-9)
    clicked, missed = cells.clicks, cells.shown - cells.clicks
    value = clicked @ np.log(rate) + missed @ np.log1p(-rate)
    return float(value - 0.5 * _shrink(fit.beta) @ fit.beta)


def _moved(cells: Cells, fit: Fit, step: FloatArray) -> Fit:
    n_free = _n_free(cells)
    theta = fit.theta.copy()
    # A propensity is a probability: position 1 is the most looked at, or as much as any.
    theta[~cells.fixed] = np.minimum(theta[~cells.fixed] + np.clip(step[:n_free], -1, 1), 0)
    return Fit(theta, fit.beta + np.clip(step[n_free:], -1, 1))


def _n_free(cells: Cells) -> int:
    return int((~cells.fixed).sum())


def _ridge(cells: Cells) -> FloatArray:
    diagonal = np.full(cells.design.shape[1], RIDGE)
    diagonal[0] = 1e-6  # the intercept is free
    return np.diag(diagonal)


def _shrink(beta: FloatArray) -> FloatArray:
    return np.asarray(RIDGE * np.r_[0.0, beta[1:]])


def _sigmoid(values: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))))
