"""Propensities from positions that chance moved: random slates, and slates with two swapped.

Rows that would be alike but for their position form a *group*: all rows of the random slates of one
size; or all rows that a policy ranked r-th, most of them shown at r and some, by a random exchange,
elsewhere. Within a group the position says nothing of the offer, so

    expected clicks of group g at position k = shown(g, k) * attraction(g) * propensity(k)

and the attractions drop out once each group's clicks are taken as given: what remains is a
multinomial logit in the logarithms of the propensities, concave, with one optimum.

With one group it is the ratio of click-through rates; with one exchange of positions 1 and k it is
the swap intervention of Joachims, Swaminathan & Schnabel (2017),
https://doi.org/10.1145/3018661.3018699. Differs from the paper in: any pair may be exchanged and
all pairs are used at once, as in the intervention harvesting of Agarwal et al. (2019),
https://doi.org/10.1145/3289600.3291017.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityCurve, PropensityModel
from jobmatch_ml.interactions.propensity_log import (
    MIN_CLICKS,
    N_BLOCKS,
    ShownLog,
    curve_from,
    home_position,
    read_shown,
    refuse_thin,
)

EXPLORE = ("explore",)
"""Policies whose slates are in random order."""


def estimate_from_random(
    table: pa.Table,
    *,
    policies: Sequence[str] = EXPLORE,
    click: str = "viewed",
    min_clicks: int = MIN_CLICKS,
    n_bootstrap: int = 200,
    seed: int = 0,
) -> PropensityModel:
    """Estimates propensities from slates in random order: click-through rates over the first's.

    Unbiased whatever the offers are, since chance alone put them where they were. Costs what
    showing random offers costs, and few clicks, since most random offers attract nobody.

    Args:
        table: Rows in the log's schema.
        policies: Logging policies whose order is random.
        click: The boolean column that counts as a click.
        min_clicks: Clicks that each position needs.
        n_bootstrap: Resamples of blocks of requests behind the intervals.
        seed: Seed of the resamples.

    Raises:
        InputError: No such slates, or a position with too few clicks.
    """
    log = read_shown(table, click=click)
    usable = _random_rows(log, policies)
    groups = np.where(usable, log.slate_size, -1)
    return _fit_all(
        log, groups, usable, method="random", min_clicks=min_clicks, bootstrap=(n_bootstrap, seed)
    )


def estimate_from_swaps(
    table: pa.Table,
    *,
    click: str = "viewed",
    min_clicks: int = MIN_CLICKS,
    n_bootstrap: int = 200,
    seed: int = 0,
) -> PropensityModel:
    """Estimates propensities from exchanges of two positions (policies that end in ``_swap``).

    Costs users next to nothing, and the offers concerned are good ones, so clicks are many; but
    only the exchanged rows tell positions apart. The exchanged pair is found by ``match_score``,
    which stays with the offer. Arguments and errors: :func:`estimate_from_random`.
    """
    log = read_shown(table, click=click)
    groups, moved = _swap_groups(log)
    return _fit_all(
        log, groups, moved, method="swaps", min_clicks=min_clicks, bootstrap=(n_bootstrap, seed)
    )


def estimate_from_interventions(
    table: pa.Table,
    *,
    policies: Sequence[str] = EXPLORE,
    click: str = "viewed",
    min_clicks: int = MIN_CLICKS,
    n_bootstrap: int = 200,
    seed: int = 0,
) -> PropensityModel:
    """Estimates propensities from random slates and swaps together: least variance of the three.

    Arguments and errors: :func:`estimate_from_random`.
    """
    log = read_shown(table, click=click)
    usable = _random_rows(log, policies)
    groups, moved = _swap_groups(log)
    # Sizes of random slates get numbers that no swap group has.
    groups = np.where(usable, -2 - log.slate_size, groups)
    return _fit_all(
        log,
        groups,
        usable | moved,
        method="interventions",
        min_clicks=min_clicks,
        bootstrap=(n_bootstrap, seed),
    )


def _random_rows(log: ShownLog, policies: Sequence[str]) -> NDArray[np.bool_]:
    usable = np.isin(np.array(log.policies), list(policies))[log.policy]
    if not usable.any():
        raise InputError(
            f"the log holds no slate in random order: its policies are {', '.join(log.policies)}; "
            f"expected one of {', '.join(policies)}. Name yours in `policies`, or use swaps or EM",
            field="policies",
        )
    return np.asarray(usable)


def _swap_groups(log: ShownLog) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Returns each row's group (-1: of no use) and whether an exchange moved it."""
    swapped, base = log.swapped, log.base_policy
    if not swapped.any():
        raise InputError(
            f"the log holds no swapped slate: its policies are {', '.join(log.policies)}; expected "
            "one that ends in `_swap`. Log such slates, or use random slates or EM",
            field="policy",
        )
    bases, base_code = np.unique(base, return_inverse=True)
    has_swaps = np.isin(bases, np.unique(base[swapped]))[base_code]
    home = home_position(log)
    width = int(max(log.slate_size.max(), home.max())) + 1
    group = (base_code * width + log.slate_size) * width + home
    return np.where(has_swaps, group, -1), swapped & (home != log.position)


def _fit_all(
    log: ShownLog,
    groups: NDArray[np.int64],
    informative: NDArray[np.bool_],
    *,
    method: str,
    min_clicks: int,
    bootstrap: tuple[int, int],
) -> PropensityModel:
    curves = {}
    used = groups != -1
    for code, surface in enumerate(log.surfaces):
        rows = np.flatnonzero((log.surface == code) & used)
        length = int(log.position[log.surface == code].max())
        counted = rows[informative[rows]]
        position = log.position[counted] - 1
        refuse_thin(
            surface,
            np.bincount(position, minlength=length),
            np.bincount(position[log.click[counted]], minlength=length),
            min_clicks=max(1, min_clicks),
        )
        curves[surface] = _fit_surface(log, groups, rows, surface=surface, bootstrap=bootstrap)
    return PropensityModel(method, curves)


def _fit_surface(
    log: ShownLog,
    groups: NDArray[np.int64],
    rows: NDArray[np.int64],
    *,
    surface: str,
    bootstrap: tuple[int, int],
) -> PropensityCurve:
    n_positions = int(log.position[rows].max())
    _, group = np.unique(groups[rows], return_inverse=True)
    n_groups = int(group.max()) + 1
    shape = (N_BLOCKS, n_groups, n_positions)
    cell = (log.block[rows] * n_groups + group) * n_positions + log.position[rows] - 1
    size = int(np.prod(shape))
    shown = np.bincount(cell, minlength=size).reshape(shape).astype(np.float64)
    clicks = np.bincount(cell[log.click[rows]], minlength=size).reshape(shape).astype(np.float64)
    estimate = fit_position_curve(shown.sum(0)[None], clicks.sum(0)[None], surface=surface)[0]
    n_bootstrap, seed = bootstrap
    n_blocks = int(log.block.max()) + 1
    weights = np.random.default_rng(seed).multinomial(
        n_blocks, np.full(n_blocks, 1 / n_blocks), size=n_bootstrap
    )
    drawn = np.zeros((n_bootstrap, N_BLOCKS))
    drawn[:, :n_blocks] = weights
    resampled = fit_position_curve(
        np.tensordot(drawn, shown, axes=1),
        # Half a click spread over a position keeps a resample without any from a zero.
        np.tensordot(drawn, clicks, axes=1) + _half_click(clicks.sum(0)),
        surface=surface,
    )
    return curve_from(
        estimate,
        np.atleast_2d(np.cov(resampled, rowvar=False)),
        n_impressions=len(rows),
        n_clicks=int(log.click[rows].sum()),
    )


def _half_click(clicks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns half a click a position, shared by the groups as their clicks are."""
    return np.asarray(0.5 * clicks / np.maximum(clicks.sum(0, keepdims=True), 1))


def fit_position_curve(
    shown: NDArray[np.float64],
    clicks: NDArray[np.float64],
    *,
    surface: str = "",
    max_iterations: int = 60,
) -> NDArray[np.float64]:
    """Fits ``clicks ~ shown * attraction(group) * propensity(position)`` by Newton's method.

    With ``theta`` the logarithm of the propensity, the likelihood given each group's clicks is
    ``sum_gk clicks_gk * theta_k - sum_g clicks_g * log(sum_k shown_gk * exp(theta_k))``.

    Args:
        shown: Impressions, ``(n_fits, n_groups, n_positions)``: several logs are fitted at once.
        clicks: Clicks, of the same shape.
        surface: Named in messages.
        max_iterations: Newton steps; some ten suffice.

    Returns:
        ``theta``, ``(n_fits, n_positions)``, 0 at position 1.

    Raises:
        InputError: Positions that no group connects with position 1.
    """
    _refuse_unconnected(shown[0], clicks[0], surface=surface)
    n_fits, _, n_positions = shown.shape
    of_group = clicks.sum(2)  # (n_fits, n_groups)
    of_position = clicks.sum(1)  # (n_fits, n_positions)
    theta = np.zeros((n_fits, n_positions))
    for _ in range(max_iterations):
        weights = shown * np.exp(theta)[:, None, :]
        share = weights / np.maximum(weights.sum(2, keepdims=True), 1e-300)
        gradient = of_position - np.einsum("bg,bgk->bk", of_group, share)
        # (n_fits, n_positions, n_positions): minus the second derivatives.
        curvature = -np.einsum("bg,bgk,bgl->bkl", of_group, share, share, optimize=True)
        diagonal = np.einsum("bg,bgk->bk", of_group, share)
        curvature[:, range(n_positions), range(n_positions)] += diagonal
        inner = curvature[:, 1:, 1:] + 1e-9 * np.eye(n_positions - 1)
        step = np.linalg.solve(inner, gradient[:, 1:, None])[..., 0]
        # A step of at most a factor e: far from the optimum Newton's own may overshoot.
        theta[:, 1:] += np.clip(step, -1, 1)
        if n_positions == 1 or np.abs(step).max() < 1e-9:
            break
    return theta


def _refuse_unconnected(
    shown: NDArray[np.float64], clicks: NDArray[np.float64], *, surface: str
) -> None:
    """Refuses positions whose propensity nothing relates to that of position 1."""
    links = (shown > 0) & (clicks.sum(1, keepdims=True) > 0)  # (n_groups, n_positions)
    reached = np.zeros(shown.shape[1], dtype=bool)
    reached[0] = True
    for _ in range(len(reached)):
        reached |= (links & links[:, reached].any(1, keepdims=True)).any(0)
    if not reached.all():
        missing = ", ".join(str(k + 1) for k in np.flatnonzero(~reached))
        raise InputError(
            f"surface '{surface}': positions {missing} share no offers with position 1, directly "
            "or through others, so their propensities cannot be told; expected random slates or "
            "swaps that reach them",
            field="position",
        )
