"""What a candidate states on the platform beside the CV: hard wishes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from jobmatch_ml.world.facts import CandidateFacts

REMOTE = ("none", "partial", "full")
"""Wish for work from home, by the facts' 0, 1, 2."""


def preferences_row(candidate: CandidateFacts, start_date: date) -> dict[str, Any]:
    """Returns the preferences of ``candidates.jsonl``.

    Args:
        candidate: The facts.
        start_date: First day of the log, from which availability counts.

    Returns:
        ``salaryMin`` (euros gross a year; ``None``: any), ``availabilityDate`` (ISO), ``remote``,
        ``contractTypes`` (empty: any), ``place`` and ``radiusKm``.
    """
    available = start_date + timedelta(days=candidate.available_in_days)
    return {
        "salaryMin": candidate.salary_min or None,
        "availabilityDate": available.isoformat(),
        "remote": REMOTE[candidate.remote],
        "contractTypes": sorted(candidate.contracts),
        "place": candidate.place.name,
        "radiusKm": candidate.radius_km,
    }
