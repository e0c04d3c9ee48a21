"""The log as arrays: one row an impression, in the order of time and position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

SURFACES = ("top_offers", "search")
PLATFORM, RANKER, POPULARITY, EXPLORE, PLATFORM_SWAP, RANKER_SWAP = range(6)
POLICIES = ("platform", "ranker", "popularity", "explore", "platform_swap", "ranker_swap")
UNKNOWN, NO, YES = -1, 0, 1
"""Values of an outcome: "not known yet" is not "no"."""
NEVER = -1
"""Stands for "has not happened, as far as the log knows" in the times of events."""


@dataclass(frozen=True)
class LogColumns:
    """Impressions by column; all arrays ``(n_impressions,)``.

    Args:
        candidate: Row of the candidate.
        offer: Row of the offer.
        request: Number of the request, from 0 in the order of time; rows of one slate share it.
        shown_s: When it was shown, seconds from the start of the log.
        surface: Number in :data:`SURFACES`.
        policy: Number in :data:`POLICIES`.
        position: Rank in the slate, from 1.
        slate_size: Number of offers shown together.
        score: The policy's score; NaN where it has none.
        examined: Whether the candidate looked at the position (truth).
        grade: True relevance 0 to 4 (truth).
        attraction: P(view | examined) (truth).
        viewed: Opened: examined, and attracted.
        dwell_s: Seconds spent on it.
        saved: Saved.
        applied: Applied to, as far as the log knows.
        interview: :data:`UNKNOWN`, :data:`NO` or :data:`YES`.
        hired: Likewise.
        viewed_s: When, seconds from the start of the log, or :data:`NEVER`; the others likewise.
        discriminated: An outcome that the recruiters' bias made worse (truth).
    """

    candidate: NDArray[np.int32]
    offer: NDArray[np.int32]
    request: NDArray[np.int32]
    shown_s: NDArray[np.int32]
    surface: NDArray[np.int8]
    policy: NDArray[np.int8]
    position: NDArray[np.int16]
    slate_size: NDArray[np.int16]
    score: NDArray[np.float32]
    examined: NDArray[np.bool_]
    grade: NDArray[np.int8]
    attraction: NDArray[np.float32]
    viewed: NDArray[np.bool_]
    dwell_s: NDArray[np.int32]
    saved: NDArray[np.bool_]
    applied: NDArray[np.bool_]
    interview: NDArray[np.int8]
    hired: NDArray[np.int8]
    viewed_s: NDArray[np.int32]
    saved_s: NDArray[np.int32]
    applied_s: NDArray[np.int32]
    interview_s: NDArray[np.int32]
    hired_s: NDArray[np.int32]
    closed_s: NDArray[np.int32]
    discriminated: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.candidate)

    def where(self, rows: NDArray[Any]) -> LogColumns:
        """Returns some rows: a mask, or row numbers."""
        return LogColumns(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


def join_logs(parts: Sequence[LogColumns]) -> LogColumns:
    """Puts consecutive parts of a log together."""
    return LogColumns(
        **{
            item.name: np.concatenate([getattr(part, item.name) for part in parts])
            for item in fields(LogColumns)
        }
    )
