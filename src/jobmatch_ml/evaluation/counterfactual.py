r"""What another ranker would have been worth, estimated from a log that a logger's order biased.

**Estimand.** A ranker puts the offers of each logged request's slate in its own order; its value is
the expected DCG@10 of attraction,

    V = E_request  sum_{i in slate}  attraction_i * weight_i,   weight_i = 1 / log2(1 + rank_i)

with ``rank_i`` the ranker's rank of offer i in that slate and weight 0 beyond rank 10. Attraction
is the chance that a person opens the offer once it is looked at; it is never seen, only clicks are:
under the position-based model ``P(click_i) = exposure_i * attraction_i``, where ``exposure_i`` is
the propensity of the position at which i was shown. Offers that the logger left out of a slate are
not part of V: it compares orders, not choices.

**Propensity.** ``propensities`` are the logger's: the exposure of i averaged over what chance could
have done with its position (``interactions.propensity_exposure``). Where the logger is
deterministic they equal the exposures, and then ``ips``, ``snips`` and ``dr`` are the same number:
a click log does not say which offers were looked at, so only chance in the *positions* leaves
anything to normalise by or to predict. Each estimator is a mean over requests:

===============  ===============================================================  ==============
``naive``        mean of ``sum w c``                                               biased
``ips``          mean of ``sum w c / p``                                           unbiased
``clipped_ips``  mean of ``sum w c / max(p, clip)``                                biased low
``snips``        ``ips * mean(sum w) / mean(sum w e / p)``                         consistent
``dr``           mean of ``sum w (m + (c - e m) / p)``                             unbiased
===============  ===============================================================  ==============

with w weight, c click, p propensity, e exposure, m predicted attraction.

**Conditions.** Propensities are above 0 and those that the log was made with, looking does not
depend on the offer, and the ranker learnt neither from the clicks that are weighted here nor from
the positions that chance gave. For ``dr`` the predictions do not come from those clicks either;
wrong predictions cost variance, not bias.

**Variance** grows with 1 / p of the offers that the ranker moves up, about
``sum w^2 attraction / p`` a request. The effective sample size says how many equally weighted
clicks would be worth as much.

Horvitz & Thompson (1952); Joachims, Swaminathan & Schnabel (2017),
https://doi.org/10.1145/3018661.3018699; Swaminathan & Joachims (2015), self-normalised; Oosterhuis
(2023), https://doi.org/10.1145/3569453, doubly robust with expected exposure. Names follow Open
Bandit Pipeline (Saito et al. 2021).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.counterfactual_rows import (
    Estimate,
    LoggedRows,
    build_estimate,
    check_column,
)

DEFAULT_CLIP = 0.1
"""Least propensity of ``clipped_ips``: no click counts more than ten times."""


def naive(
    rewards: ArrayLike,
    propensities: ArrayLike,
    weights: ArrayLike,
    *,
    requests: ArrayLike,
    exposures: ArrayLike | None = None,
    predictions: ArrayLike | None = None,
    clip: float | None = None,
    n_bootstrap: int = 0,
    seed: int = 0,
) -> Estimate:
    """Takes clicks for attraction: what evaluating on the log as it stands does. Biased.

    All estimators share this signature and read what they need of it.

    Args:
        rewards: 1 where the offer was clicked, ``(n_rows,)``.
        propensities: The logger's probability that the row was looked at, in (0, 1].
        weights: The ranker's discount of the row, >= 0 (``dcg_weights``).
        requests: The request of each row, numbers or texts; rows of one slate share it.
        exposures: Propensity of the row's position; ``None``: the same as ``propensities``.
        predictions: Predicted attraction of each row, for ``dr``.
        clip: Least propensity; ``None``: no clipping, 0.1 for ``clipped_ips``.
        n_bootstrap: Resamples of requests for a percentile interval; 0: a normal interval.
        seed: Seed of the resamples.

    Returns:
        The estimate over all requests of the arrays.

    Raises:
        InputError: Arrays of other lengths, values out of range, fewer than two requests.
    """
    log = LoggedRows.of(
        rewards, np.ones_like(np.asarray(propensities, float)), weights, requests, None
    )
    return build_estimate("naive", log, log.weight * log.reward, bootstrap=(n_bootstrap, seed))


def ips(
    rewards: ArrayLike,
    propensities: ArrayLike,
    weights: ArrayLike,
    *,
    requests: ArrayLike,
    exposures: ArrayLike | None = None,
    predictions: ArrayLike | None = None,
    clip: float | None = None,
    n_bootstrap: int = 0,
    seed: int = 0,
) -> Estimate:
    """Weights each click by ``1 / propensity``. Unbiased; varies most. Arguments: :func:`naive`.

    Example:
        >>> ips([1, 0, 0, 1], [1, 0.5, 1, 0.5], [0.5, 1, 1, 0.5], requests=[0, 0, 1, 1]).value
        0.75
    """
    log = LoggedRows.of(rewards, propensities, weights, requests, exposures, clip=clip)
    values = log.weight * log.reward / log.propensity
    return build_estimate("ips", log, values, bootstrap=(n_bootstrap, seed))


def clipped_ips(
    rewards: ArrayLike,
    propensities: ArrayLike,
    weights: ArrayLike,
    *,
    requests: ArrayLike,
    exposures: ArrayLike | None = None,
    predictions: ArrayLike | None = None,
    clip: float | None = None,
    n_bootstrap: int = 0,
    seed: int = 0,
) -> Estimate:
    """Weights by ``1 / max(propensity, clip)``: less variance, biased low by what is clipped.

    The bias is ``-E sum w attraction (1 - p / clip)`` over the clipped rows. Arguments:
    :func:`naive`.
    """
    clip = DEFAULT_CLIP if clip is None else clip
    log = LoggedRows.of(rewards, propensities, weights, requests, exposures, clip=clip)
    values = log.weight * log.reward / log.propensity
    return build_estimate("clipped_ips", log, values, bootstrap=(n_bootstrap, seed))


def snips(
    rewards: ArrayLike,
    propensities: ArrayLike,
    weights: ArrayLike,
    *,
    requests: ArrayLike,
    exposures: ArrayLike | None = None,
    predictions: ArrayLike | None = None,
    clip: float | None = None,
    n_bootstrap: int = 0,
    seed: int = 0,
) -> Estimate:
    """Divides :func:`ips` by what its weights add up to, and multiplies by what they should.

    ``e / p`` has mean 1 over the chance in positions; where a log happened to put many offers high,
    IPS is too large and so is the normaliser. Consistent; its bias falls as 1 / n. Equal to IPS
    where ``exposures`` equal ``propensities``. Arguments: :func:`naive`.
    """
    log = LoggedRows.of(rewards, propensities, weights, requests, exposures, clip=clip)
    values = log.weight * log.reward / log.propensity
    control = log.weight * log.exposure / log.propensity
    return build_estimate("snips", log, values, control=control, bootstrap=(n_bootstrap, seed))


def dr(
    rewards: ArrayLike,
    propensities: ArrayLike,
    weights: ArrayLike,
    *,
    requests: ArrayLike,
    exposures: ArrayLike | None = None,
    predictions: ArrayLike | None = None,
    clip: float | None = None,
    n_bootstrap: int = 0,
    seed: int = 0,
) -> Estimate:
    """Predicts the value, and corrects the prediction by what clicks say it missed.

    Unbiased for any ``predictions`` that do not come from the same clicks; the better they are, the
    less chance in positions matters. Arguments: :func:`naive`.

    Raises:
        InputError: No ``predictions``; and as :func:`naive`.
    """
    if predictions is None:
        raise InputError("dr needs the predicted attraction of each row", field="predictions")
    log = LoggedRows.of(rewards, propensities, weights, requests, exposures, clip=clip)
    predicted = check_column(predictions, "predictions", len(log.reward), low=0, high=1)
    missed = (log.reward - log.exposure * predicted) / log.propensity
    values = log.weight * (predicted + missed)
    return build_estimate("dr", log, values, bootstrap=(n_bootstrap, seed))


Estimator = Callable[..., Estimate]
ESTIMATORS: Mapping[str, Estimator] = {
    "naive": naive,
    "ips": ips,
    "clipped_ips": clipped_ips,
    "snips": snips,
    "dr": dr,
}
