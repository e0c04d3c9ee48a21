"""Click-through rates by position as a log shows them: position and merit in one number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from jobmatch_ml.interactions.propensity_log import read_shown


def click_rates(table: pa.Table, *, click: str = "viewed") -> list[dict[str, Any]]:
    """Returns a row per surface, policy and position: how often it was shown and clicked.

    ``relative`` is the rate over that of the same policy's first position: a propensity only where
    the policy's order is random. ``None`` where the first position has no click.

    Args:
        table: Rows in the log's schema; imports are left out.
        click: The boolean column that counts as a click.
    """
    log = read_shown(table, click=click)
    n_policies, width = len(log.policies), int(log.position.max()) + 1
    cell = (log.surface * n_policies + log.policy) * width + log.position
    size = len(log.surfaces) * n_policies * width
    shape = (len(log.surfaces), n_policies, width)
    shown = np.bincount(cell, minlength=size).reshape(shape)
    clicks = np.bincount(cell[log.click], minlength=size).reshape(shape)
    rows = []
    for surface, policy, position in zip(*np.nonzero(shown), strict=True):
        rate = clicks[surface, policy, position] / shown[surface, policy, position]
        first = clicks[surface, policy, 1] / max(shown[surface, policy, 1], 1)
        rows.append(
            {
                "surface": log.surfaces[surface],
                "policy": log.policies[policy],
                "position": int(position),
                "shown": int(shown[surface, policy, position]),
                "rate": float(rate),
                "relative": float(rate / first) if first > 0 else None,
            }
        )
    return rows
