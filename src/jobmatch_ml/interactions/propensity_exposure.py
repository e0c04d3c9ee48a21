"""How likely an offer was to be looked at *before* chance placed it: the policy's own propensity.

Where the logger leaves an offer's position to chance (random slates, swaps), the chance that it is
looked at is the mean over the positions it could have had. Weighting by it, instead of by the
propensity of where the offer happened to fall, is unbiased as well and varies less, and makes room
for a self-normalised and a doubly robust estimate (Oosterhuis & de Rijke 2020,
https://doi.org/10.1145/3397271.3401102; Oosterhuis 2023, https://doi.org/10.1145/3569453).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_interventions import EXPLORE
from jobmatch_ml.interactions.propensity_log import ShownLog, home_position, read_shown


def expected_propensities(
    table: pa.Table, model: PropensityModel, *, random_policies: Sequence[str] = EXPLORE
) -> NDArray[np.float64]:
    """Returns each row's propensity, averaged over the positions that the logger could have chosen.

    - random slates: the mean over the slate's positions;
    - policies of which some slates are swapped (any pair, all equally likely): mostly the home
      position, sometimes another; how often is read from the log (share of slates ``…_swap``);
    - any other policy: the propensity of the position itself.

    Args:
        table: Shown rows in the log's schema (no imports).
        model: Propensities by surface and position.
        random_policies: Policies whose slates are in random order.

    Returns:
        ``(n_rows,)``, in (0, 1].

    Raises:
        InputError: As :meth:`PropensityModel.propensities_of` and ``home_position``.
    """
    expected = model.propensities_of(table)
    log = read_shown(table)
    is_random = np.isin(np.array(log.policies), list(random_policies))[log.policy]
    swap_share = _swap_shares(log)
    exchanged = (swap_share > 0) & ~is_random
    home = home_position(log) if exchanged.any() else log.position
    for code, surface in enumerate(log.surfaces):
        model.of(surface, int(log.slate_size[log.surface == code].max()))
        curve = np.array(model.curves[surface].propensities)
        totals = np.r_[0.0, np.cumsum(curve)]
        rows = np.flatnonzero((log.surface == code) & is_random)
        size = log.slate_size[rows]
        expected[rows] = totals[size] / size
        rows = np.flatnonzero((log.surface == code) & exchanged & (log.slate_size > 1))
        size, share, at_home = log.slate_size[rows], swap_share[rows], curve[home[rows] - 1]
        moves = 2 * share / size  # one pair of a slate is exchanged: two rows of `size`
        expected[rows] = (1 - moves) * at_home + moves * (totals[size] - at_home) / (size - 1)
    return expected


def _swap_shares(log: ShownLog) -> NDArray[np.float64]:
    """Returns, for each row, the share of its policy's slates that are swapped."""
    _, first = np.unique(log.request, return_index=True)
    bases, base = np.unique(log.base_policy, return_inverse=True)
    slates = np.bincount(base[first], minlength=len(bases))
    swapped = np.bincount(base[first], weights=log.swapped[first], minlength=len(bases))
    return np.asarray((swapped / slates)[base])
