"""How likely an offer was to be looked at *before* chance placed it: the policy's own propensity.

Where the logger leaves an offer's position to chance (random slates, swaps), the chance that it is
looked at is the mean over the positions it could have had. Weighting by it, instead of by the
propensity of where the offer happened to fall, is unbiased as well and varies less, and makes room
for a self-normalised and a doubly robust estimate (Oosterhuis & de Rijke 2020,
https://doi.org/10.1145/3397271.3401102; Oosterhuis 2023, https://doi.org/10.1145/3569453).

It holds for what does not itself depend on where chance put the offers: a ranker's order must come
from the offers, not from their logged positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_interventions import EXPLORE
from jobmatch_ml.interactions.propensity_log import ShownLog, home_position, read_shown


@dataclass(frozen=True)
class LoggedPositions:
    """Where a logger put its offers and where chance could have; all arrays ``(n_rows,)``.

    Read once from a log, it gives exposures under any propensities at little cost.

    Args:
        surfaces: Names of the surfaces.
        surface: Number of each row's surface.
        position: Where the row was shown, from 1.
        home: Where the ranking had put it.
        slate_size: Number of offers shown together.
        is_random: Slates in random order.
        moves: Probability that an exchange moves the row from its home; 0 where none are made.
    """

    surfaces: tuple[str, ...]
    surface: NDArray[np.int64]
    position: NDArray[np.int64]
    home: NDArray[np.int64]
    slate_size: NDArray[np.int64]
    is_random: NDArray[np.bool_]
    moves: NDArray[np.float64]

    def exposures(self, model: PropensityModel) -> NDArray[np.float64]:
        """Returns the propensity of where each row was shown."""
        values = np.empty(len(self.position))
        for code, surface in enumerate(self.surfaces):
            rows = self.surface == code
            values[rows] = self._curve(model, surface, rows)[self.position[rows] - 1]
        return values

    def expected(self, model: PropensityModel) -> NDArray[np.float64]:
        """Returns each row's propensity averaged over where chance could have put it.

        Raises:
            InputError: A surface or position that the model does not hold.
        """
        values = np.empty(len(self.position))
        for code, surface in enumerate(self.surfaces):
            rows = self.surface == code
            curve = self._curve(model, surface, rows)
            size, moves = self.slate_size[rows], self.moves[rows]
            total = np.r_[0.0, np.cumsum(curve)][size]
            at_home = curve[self.home[rows] - 1]
            elsewhere = (total - at_home) / np.maximum(size - 1, 1)
            ranked = (1 - moves) * at_home + moves * elsewhere
            values[rows] = np.where(self.is_random[rows], total / size, ranked)
        return values

    def _curve(
        self, model: PropensityModel, surface: str, rows: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        model.of(surface, int(max(self.slate_size[rows].max(), self.position[rows].max())))
        return np.array(model.curves[surface].propensities)


def read_positions(table: pa.Table, *, random_policies: Sequence[str] = EXPLORE) -> LoggedPositions:
    """Reads from a log what its logger left to chance.

    - random slates: any position of the slate;
    - policies of which some slates are swapped (any pair, all equally likely): mostly the home
      position, sometimes another; how often is read from the log (share of slates ``…_swap``);
    - any other policy: nothing.

    Args:
        table: Shown rows in the log's schema, whole slates (no imports).
        random_policies: Policies whose slates are in random order.

    Raises:
        InputError: Rows that were never shown, an empty log; and as ``home_position``.
    """
    log = read_shown(table)
    if len(log.position) != len(table):
        raise InputError(
            f"{len(table) - len(log.position)} rows were never shown at a position (imports); "
            "leave them out with `shown_rows`",
            field="position",
        )
    is_random = np.isin(np.array(log.policies), list(random_policies))[log.policy]
    share = np.where(is_random, 0, _swap_shares(log))
    return LoggedPositions(
        surfaces=log.surfaces,
        surface=log.surface,
        position=log.position,
        home=home_position(log) if share.any() else log.position,
        slate_size=log.slate_size,
        is_random=np.asarray(is_random),
        # One pair of a slate is exchanged: two rows of its `slate_size`.
        moves=np.where(log.slate_size > 1, 2 * share / log.slate_size, 0),
    )


def expected_propensities(
    table: pa.Table, model: PropensityModel, *, random_policies: Sequence[str] = EXPLORE
) -> NDArray[np.float64]:
    """Returns each shown row's propensity averaged over its logger's chance, ``(n_rows,)``.

    Arguments and errors: :func:`read_positions` and :meth:`LoggedPositions.expected`.
    """
    return read_positions(table, random_policies=random_policies).expected(model)


def _swap_shares(log: ShownLog) -> NDArray[np.float64]:
    """Returns, for each row, the share of its policy's slates that are swapped.

    A slate of one offer cannot be, and is not counted.
    """
    _, first = np.unique(log.request, return_index=True)
    first = first[log.slate_size[first] > 1]
    bases, base = np.unique(log.base_policy, return_inverse=True)
    slates = np.bincount(base[first], minlength=len(bases))
    swapped = np.bincount(base[first], weights=log.swapped[first], minlength=len(bases))
    return np.asarray((swapped / np.maximum(slates, 1))[base])
