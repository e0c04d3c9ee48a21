"""How offers fared with everyone before a moment: counts that never see the moment's future.

Each event counts from its own time on: an application that was sent the day after the moment does
not exist at the moment, though its impression does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

DAY_S = 86_400.0
WINDOW_DAYS = 14
PRIOR_SHOWINGS = 20.0
"""Showings' worth of the overall rate that an offer's rate is drawn towards."""
EVENTS = {"shown": "shown_at", "viewed": "viewed_at", "saved": "saved_at", "applied": "applied_at"}
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Activity:
    """Events of a log by offer.

    Args:
        offer_ids: The offers, in the order of their rows.
        moments: For each event its distinct times, seconds since 1970, ascending.
        keys: For each event its joint keys ``row * (number of moments + 1) + number of the
            moment``, ascending: whole numbers, which stay exact however many offers there are.
    """

    offer_ids: tuple[str, ...]
    moments: dict[str, FloatArray]
    keys: dict[str, NDArray[np.int64]]

    @classmethod
    def of_log(cls, log: pa.Table, offer_ids: Sequence[str]) -> Activity:
        """Sorts the events of a log by offer and time; rows of other offers are left out.

        Raises:
            InputError: An event precedes its impression: the clocks are out of order.
        """
        refuse_disorder(log)
        rows = {offer_id: row for row, offer_id in enumerate(offer_ids)}
        owner = np.array([rows.get(x, -1) for x in log["offer_external_id"].to_pylist()])
        moments, keys = {}, {}
        for event, column in EVENTS.items():
            at = seconds_of(log, column)
            known = (owner >= 0) & ~np.isnan(at)
            moments[event], place = np.unique(at[known], return_inverse=True)
            keys[event] = np.sort(owner[known].astype(np.int64) * (len(moments[event]) + 1) + place)
        return cls(tuple(offer_ids), moments, keys)

    def count(
        self,
        event: str,
        rows: NDArray[np.integer],
        moment_s: FloatArray,
        *,
        days: float | None = None,
    ) -> FloatArray:
        """Counts events strictly before moments.

        Args:
            event: A key of :data:`EVENTS`.
            rows: Offers by row, ``(n,)``.
            moment_s: Seconds since 1970, ``(n,)`` or one for all.
            days: Only those of so many days before; ``None``: all.
        """
        moments, keys = self.moments[event], self.keys[event]
        base = rows.astype(np.int64) * (len(moments) + 1)
        since = -np.inf if days is None else np.asarray(moment_s) - days * DAY_S
        before, outside = (
            np.searchsorted(keys, base + np.searchsorted(moments, bound, side="left"), side="left")
            for bound in (moment_s, since)
        )
        return (before - outside).astype(np.float64)


def rate(events: FloatArray, showings: FloatArray, *, overall: float) -> FloatArray:
    """Returns events a showing, drawn towards the overall rate where showings are few.

    Example:
        >>> rate(np.array([5.0]), np.array([20.0]), overall=0.05).tolist()
        [0.15]
    """
    return np.asarray((events + PRIOR_SHOWINGS * overall) / (showings + PRIOR_SHOWINGS))


def refuse_disorder(log: pa.Table) -> None:
    """Raises an InputError where an event lies before its impression."""
    shown = seconds_of(log, "shown_at")
    for event, column in EVENTS.items():
        with np.errstate(invalid="ignore"):
            bad = np.flatnonzero(seconds_of(log, column) < shown)
        if len(bad):
            example = log["impression_id"][int(bad[0])].as_py()
            raise InputError(
                f"{len(bad)} rows were {event} before they were shown, such as {example}: the "
                "clocks are out of order. `jobmatch interactions import` sorts such rows out",
                field=column,
            )


def seconds_of(log: pa.Table, column: str) -> FloatArray:
    """Returns a column of moments as seconds since 1970, NaN where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    stamps = pc.cast(pc.cast(log[column], pa.timestamp("us", tz="UTC")), pa.int64())
    values = pc.cast(stamps, pa.float64()).to_numpy()
    return np.array(values, dtype=np.float64) / 1e6
