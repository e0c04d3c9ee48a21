"""Rows that the regression EM cannot tell apart, merged: what makes it quick on millions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.interactions.propensity_log import ShownLog

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Cells:
    """Rows merged by features, surface and position.

    Args:
        design: One-hot features, ``(n_cells, n_columns)``.
        slot: Which propensity a cell has: surfaces one after the other, ``(n_cells,)``.
        shown: Impressions, ``(n_cells,)``.
        clicks: Clicks, ``(n_cells,)``.
        row_cell: The cell of each row of the log, ``(n_rows,)``.
        slots: First slot of each surface, and the number of slots at the end.
    """

    design: FloatArray
    slot: NDArray[np.int64]
    shown: FloatArray
    clicks: FloatArray
    row_cell: NDArray[np.int64]
    slots: NDArray[np.int64]

    @property
    def fixed(self) -> NDArray[np.bool_]:
        """Which slots are a position 1, whose propensity is 1."""
        fixed = np.zeros(self.slots[-1], dtype=bool)
        fixed[self.slots[:-1]] = True
        return fixed


def build_cells(log: ShownLog, features: list[NDArray[np.int64]]) -> Cells:
    """Merges rows that have the same features, surface and position.

    Args:
        log: The rows.
        features: Codes from 0, one array ``(n_rows,)`` a feature; each becomes one-hot columns.
    """
    lengths = [int(log.position[log.surface == code].max()) for code in range(len(log.surfaces))]
    slots = np.r_[0, np.cumsum(lengths)]
    slot = slots[log.surface] + log.position - 1
    sizes = [int(codes.max()) + 1 for codes in features]
    key = slot.copy()
    for codes, size in zip(features, sizes, strict=True):
        key = key * size + codes
    _, first, row_cell = np.unique(key, return_index=True, return_inverse=True)
    columns = [np.ones((len(first), 1))]
    # The first value of each feature is the reference: the column of ones stands for it.
    columns += [
        (codes[first][:, None] == np.arange(1, size)).astype(np.float64)
        for codes, size in zip(features, sizes, strict=True)
    ]
    return Cells(
        design=np.hstack(columns),
        slot=slot[first],
        shown=np.bincount(row_cell).astype(np.float64),
        clicks=np.asarray(np.bincount(row_cell, weights=log.click), dtype=np.float64),
        row_cell=row_cell,
        slots=slots,
    )
