"""From events to graded labels: how far each shown offer got, as known at a moment in time.

The funnel is dwell < save < apply < interview < hired. "Not known yet" never counts as "no": a
row's grade is the furthest stage that is *known* to have been reached. Reading the log as of a
cut-off keeps what happened later out of training, even when the row itself is older.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from jobmatch_ml.config import StrictModel


class GradeConfig(StrictModel):
    """The relevance grade of each funnel stage, and what counts as a real look at an offer."""

    dwell_seconds: int = Field(30, ge=0, description="A view at least this long reaches `dwell`.")
    dwell: int = Field(0, ge=0, description="Grade of a long view; 0: a look is not an interest.")
    saved: int = Field(1, ge=0, description="Grade of a saved offer.")
    applied: int = Field(2, ge=0, description="Grade of an application.")
    interview: int = Field(3, ge=0, description="Grade of an interview.")
    hired: int = Field(4, ge=0, description="Grade of a hire.")


def grade_interactions(
    table: pa.Table, config: GradeConfig | None = None, *, as_of: datetime | None = None
) -> NDArray[np.int64]:
    """Grades each row by the furthest stage known at ``as_of``.

    Args:
        table: Rows in the log's schema.
        config: Grades; the defaults make saves and better positive.
        as_of: Events at or after this moment are not known yet; ``None``: everything is known.

    Returns:
        Grades ``(n_rows,)``, 0 where nothing positive is known.
    """
    config = config or GradeConfig()
    long_view = pc.greater_equal(table["time_spent_seconds"], config.dwell_seconds)
    stages = (
        (config.dwell, pc.and_(table["viewed"], long_view), "viewed_at"),
        (config.saved, table["saved"], "saved_at"),
        (config.applied, table["applied"], "applied_at"),
        (config.interview, table["got_interview"], "interview_at"),
        (config.hired, table["got_hired"], "hired_at"),
    )
    grades = np.zeros(len(table), dtype=np.int64)
    for grade, reached, time_column in stages:
        known = reached
        if as_of is not None:
            # Without an event time the stage cannot be placed before the cut-off: not known.
            known = pc.and_(reached, pc.less(table[time_column], as_of))
        mask = pc.fill_null(known, False).to_numpy().astype(bool)
        grades = np.where(mask, np.maximum(grades, grade), grades)
    return grades


def interaction_counts(table: pa.Table, grades: NDArray[np.int64]) -> dict[str, float]:
    """Counts positive interactions per offer: what the popularity ranker ranks by."""
    offers = np.asarray(table["offer_external_id"].to_pylist(), dtype=object)
    counts = Counter(offers[grades > 0].tolist())
    return {offer_id: float(count) for offer_id, count in sorted(counts.items())}
