"""Outcomes of each funnel stage as known at a moment, and how likely they would be known by then.

A rate of interviews is ``events / rows`` only once everything is known. At a moment, a row shown
yesterday could hardly have its interview yet: it counts for the share of interviews that come
within a day, ``events / sum F(age)`` (:mod:`.censoring`). Whoever fits or checks probabilities
divides by that share, so that a row without an outcome is not taken for a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, UnknownNameError, suggest
from jobmatch_ml.interactions.censoring import DelayModel

Stage = Literal["view", "apply", "interview", "hire"]
STAGES: tuple[Stage, ...] = ("view", "apply", "interview", "hire")
"""The funnel in its order: nobody reaches a stage without the ones before it."""

# Stage: the log's column, its time, and the delay model's name (None: known at once).
_COLUMNS: dict[str, tuple[str, str, str | None]] = {
    "view": ("viewed", "viewed_at", None),
    "apply": ("applied", "applied_at", "applied"),
    "interview": ("got_interview", "interview_at", "interview"),
    "hire": ("got_hired", "hired_at", "hired"),
}


@dataclass(frozen=True)
class StageOutcomes:
    """What is known of one stage; both ``(n_rows,)``.

    Args:
        events: The stage is known to have been reached.
        known: Share of such events that are known by now, in [0, 1]; 1 where all would be.
    """

    events: NDArray[np.bool_]
    known: NDArray[np.float64]


def stage_outcomes(
    table: pa.Table,
    stage: str,
    *,
    as_of: datetime | None = None,
    delays: DelayModel | None = None,
) -> StageOutcomes:
    """Reads one stage's outcomes as known at a moment.

    Args:
        table: Rows in the log's schema.
        stage: A name in :data:`STAGES`.
        as_of: What happened at or after this moment is not known; ``None``: all that the table
            holds is.
        delays: How long events take (``fit_delays``); ``None``: the table was followed until
            nothing more could come.

    Raises:
        UnknownNameError: No such stage.
        InputError: The delays were taken at another moment, or rows are from after `as_of`.
    """
    if stage not in _COLUMNS:
        raise UnknownNameError(suggest(stage, STAGES, kind="stage"), field="stage")
    column, time, reached = _COLUMNS[stage]
    events = pc.fill_null(table[column], False)
    if as_of is not None:
        if len(table) and pc.max(table["shown_at"]).as_py() >= as_of:
            raise InputError(
                f"the log holds rows shown at or after {as_of}; leave them out: nothing is known "
                "of them then",
                field="as_of",
            )
        in_time = pc.fill_null(pc.less(table[time], pa.scalar(as_of, table[time].type)), False)
        events = pc.and_(events, in_time)
    known = np.ones(len(table))
    if delays is not None and reached is not None:
        if as_of is not None and delays.moment != as_of:
            raise InputError(
                f"the delays were taken as of {delays.moment}; expected {as_of}", field="delays"
            )
        known = delays.reached[reached].known_by(_ages_s(table, delays.moment))
    return StageOutcomes(np.asarray(events.to_numpy(zero_copy_only=False), dtype=bool), known)


def _ages_s(table: pa.Table, moment: datetime) -> NDArray[np.float64]:
    shown = table["shown_at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
    # Rows from after the moment have had no time at all.
    return np.maximum(moment.timestamp() - np.asarray(shown, dtype=np.float64) / 1e6, 0.0)
