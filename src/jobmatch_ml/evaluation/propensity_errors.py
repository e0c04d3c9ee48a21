"""How far estimated propensities are from known ones (worlds alone know them)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityModel


def relative_errors(
    model: PropensityModel, truth: PropensityModel, *, n_positions: int | None = None
) -> dict[str, NDArray[np.float64]]:
    """Returns ``estimate / truth - 1`` by position, for each surface of the model.

    Args:
        model: The estimates.
        truth: The known propensities.
        n_positions: How many positions from the first; ``None``: all that both hold.

    Raises:
        InputError: The truth does not hold a surface of the model.
    """
    errors = {}
    for surface, curve in sorted(model.curves.items()):
        if surface not in truth.curves:
            raise InputError(
                f"the truth holds no surface '{surface}', but {', '.join(sorted(truth.curves))}; "
                "do the two belong together?",
                field="surface",
            )
        known = np.array(truth.curves[surface].propensities)
        estimated = np.array(curve.propensities)
        length = min(len(known), len(estimated), n_positions or len(known))
        errors[surface] = estimated[:length] / known[:length] - 1
    return errors


def error_rows(model: PropensityModel, truth: PropensityModel) -> list[dict[str, Any]]:
    """Returns a row a surface: the largest and the mean absolute relative error, and coverage.

    ``covered`` is the share of positions 2, 3 … whose interval holds the known propensity.
    """
    rows = []
    for surface, errors in relative_errors(model, truth).items():
        curve, known = model.curves[surface], truth.curves[surface].propensities
        inside = [curve.low[k] <= known[k] <= curve.high[k] for k in range(1, len(errors))]
        rows.append(
            {
                "method": model.method,
                "surface": surface,
                "worst": float(np.abs(errors).max()),
                "mean": float(np.abs(errors[1:]).mean()) if len(errors) > 1 else 0.0,
                "covered": float(np.mean(inside)) if inside else 1.0,
                "n_clicks": curve.n_clicks,
            }
        )
    return rows
