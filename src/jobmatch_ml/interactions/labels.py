"""From events to graded labels: how far each shown offer got, as known at a moment in time.

The funnel is dwell < save < apply < interview < hired. "Not known yet" never counts as "no": a
row's grade is the furthest stage that is *known* to have been reached. Reading the log as of a
cut-off keeps what happened later out of training, even when the row itself is older. How likely a
grade is to be final is another question, answered by :mod:`.censoring`.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from jobmatch_ml.config import StrictModel
from jobmatch_ml.interactions.engine import literal, open_engine


class GradeConfig(StrictModel):
    """The relevance grade of each funnel stage, and what counts as a real look at an offer."""

    dwell_seconds: int = Field(30, ge=0, description="A view at least this long reaches `dwell`.")
    dwell: int = Field(0, ge=0, description="Grade of a long view; 0: a look is not an interest.")
    saved: int = Field(1, ge=0, description="Grade of a saved offer.")
    applied: int = Field(2, ge=0, description="Grade of an application.")
    interview: int = Field(3, ge=0, description="Grade of an interview.")
    hired: int = Field(4, ge=0, description="Grade of a hire.")


def reached_expressions(config: GradeConfig, as_of: datetime | None) -> dict[str, str]:
    """Returns the SQL condition "known at `as_of` to have reached the stage", for each stage.

    Without an event time a stage cannot be placed before a cut-off: it is not known there. The
    conditions may be null, which counts as false.
    """
    before = f" AND {{}} < {literal(as_of)}" if as_of is not None else ""
    return {
        "dwell": f"viewed AND time_spent_seconds >= {config.dwell_seconds}"
        + before.format("viewed_at"),
        "saved": "saved" + before.format("saved_at"),
        "applied": "applied" + before.format("applied_at"),
        "interview": "got_interview" + before.format("interview_at"),
        "hired": "got_hired" + before.format("hired_at"),
    }


def grade_expression(config: GradeConfig, as_of: datetime | None) -> str:
    """Returns the SQL expression of a row's grade: the one definition, whatever reads the log."""
    stages = reached_expressions(config, as_of).items()
    cases = [
        f"CASE WHEN {reached} THEN {getattr(config, stage)} ELSE 0 END" for stage, reached in stages
    ]
    return f"greatest({', '.join(cases)})::INTEGER"


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
    expression = grade_expression(config or GradeConfig(), as_of)
    with open_engine() as connection:
        graded = connection.from_arrow(table).project(f"{expression} AS grade").to_arrow_table()
    return np.asarray(graded["grade"].to_numpy(), dtype=np.int64)


def interaction_counts(table: pa.Table, grades: NDArray[np.int64]) -> dict[str, float]:
    """Counts positive interactions per offer: what the popularity ranker ranks by."""
    offers = np.asarray(table["offer_external_id"].to_pylist(), dtype=object)
    counts = Counter(offers[grades > 0].tolist())
    return {offer_id: float(count) for offer_id, count in sorted(counts.items())}
