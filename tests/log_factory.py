"""Small logs by hand: only what a test is about is named, the rest is plain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from jobmatch_ml.interactions import INTERACTION_SCHEMA

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    """Returns the moment `number` days after the start."""
    return START + timedelta(days=number)


def make_log(*rows: dict[str, Any]) -> pa.Table:
    """Builds a log; each row names the fields it cares about."""
    plain = {
        "request_id": "r1",
        "user": "c1",
        "offer_external_id": "o1",
        "shown_at": START,
        "surface": "top_offers",
        "policy": "bm25",
        "ranker_version": "1",
        "position": 1,
        "slate_size": 10,
        "match_score": 0.5,
        "viewed": False,
        "time_spent_seconds": 0,
        "saved": False,
        "applied": False,
    }
    full = [
        {**plain, "impression_id": f"i{number}", **row} for number, row in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(full, schema=INTERACTION_SCHEMA)
