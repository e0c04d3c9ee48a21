"""Neighbouring positions are looked at about alike: what lets a short log tell a whole curve.

Each position's own estimate rests on its own clicks, few at the end of a slate. Here the logarithm
of the propensity is taken for a straight line in the logarithm of the position (the power law that
studies of reading lists find, Joachims et al. 2017) plus a Brownian motion along it, so that any
shape remains possible:

    theta_k = -slope * log k + deviation_k
    cov(deviation_j, deviation_k) = s^2 * min(log j, log k)

It starts at 0 at position 1 by itself. Given the estimates and their covariance, theta is known in
closed form (kriging; Rasmussen & Williams 2006, section 2.7), with a flat prior on the slope. The
scale s is averaged over a grid by how well each value explains the estimates, from 0 (an exact
power law) to 1: where estimates are precise they are kept, where they are not the line helps.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.interactions.propensity import PropensityCurve, PropensityModel
from jobmatch_ml.interactions.propensity_log import curve_from

FloatArray = NDArray[np.float64]
SCALES = (0.0, 0.03, 0.1, 0.3, 1.0)


def smooth_propensities(model: PropensityModel) -> PropensityModel:
    """Returns the model with each surface's curve smoothed over positions.

    Intervals shrink to what the smoothed curve leaves open. Do not use it where the page breaks the
    curve (an advertisement in the middle, a second column): there, neighbours are not alike.

    Args:
        model: Estimates with their covariance; known curves come back as they are.
    """
    curves = {surface: _smooth(curve) for surface, curve in model.curves.items()}
    return replace(model, method=f"{model.method}+smooth", curves=curves)


def _smooth(curve: PropensityCurve) -> PropensityCurve:
    covariance = np.array(curve.log_covariance)
    free = np.flatnonzero(np.diag(covariance) > 0)
    if len(free) < 2:
        return curve
    estimate = np.log(np.array(curve.propensities))
    line = np.log(free + 1.0)
    theta, spread = krige(estimate[free], covariance[np.ix_(free, free)], line)
    estimate[free] = theta
    covariance[np.ix_(free, free)] = spread
    return curve_from(
        estimate, covariance, n_impressions=curve.n_impressions, n_clicks=curve.n_clicks
    )


def krige(
    estimate: FloatArray, covariance: FloatArray, line: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Returns mean and covariance of the true values behind noisy ones on a line.

    Args:
        estimate: Noisy values, ``(n,)``, at least one.
        covariance: Of their noise, ``(n, n)``.
        line: Where they lie, ``(n,)``, above 0.

    Returns:
        Mean ``(n,)`` and covariance ``(n, n)``, averaged over :data:`SCALES`.
    """
    means, spreads, fits = [], [], []
    for scale in SCALES:
        prior = scale**2 * np.minimum.outer(line, line)
        total = np.linalg.inv(prior + covariance)
        slope_precision = line @ total @ line
        slope = line @ total @ estimate / slope_precision
        residual = estimate - slope * line
        gain = prior @ total
        # What a wrong slope adds: the part of the line that the estimates do not correct.
        open_line = line - gain @ line
        means.append(slope * line + gain @ residual)
        spreads.append(prior - gain @ prior + np.outer(open_line, open_line) / slope_precision)
        # The restricted likelihood: the slope is integrated out.
        log_determinant = np.linalg.slogdet(total)[1]
        fits.append(0.5 * (log_determinant - np.log(slope_precision) - residual @ total @ residual))
    weights = np.exp(np.array(fits) - max(fits))
    weights /= weights.sum()
    mean = np.einsum("s,sk->k", weights, np.array(means))
    apart = np.array(means) - mean
    spread = np.einsum("s,skl->kl", weights, np.array(spreads))
    spread += np.einsum("s,sk,sl->kl", weights, apart, apart)
    return mean, spread
