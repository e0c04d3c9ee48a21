"""Reading an OfferInteraction log: one schema, and every problem of a file in one message."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobmatch_ml.errors import FormatError, MissingFileError, summarise

_TIME = pa.timestamp("us", tz="UTC")

# The columns of `types.Interaction`, in its order. A field is nullable when "not known" is a value.
INTERACTION_SCHEMA = pa.schema(
    [
        pa.field("impression_id", pa.string(), nullable=False),
        pa.field("request_id", pa.string(), nullable=False),
        pa.field("user", pa.string(), nullable=False),
        pa.field("offer_external_id", pa.string(), nullable=False),
        pa.field("shown_at", _TIME, nullable=False),
        pa.field("surface", pa.string(), nullable=False),
        pa.field("policy", pa.string(), nullable=False),
        pa.field("ranker_version", pa.string(), nullable=False),
        pa.field("position", pa.int32()),
        pa.field("slate_size", pa.int32()),
        pa.field("match_score", pa.float64()),
        pa.field("viewed", pa.bool_(), nullable=False),
        pa.field("time_spent_seconds", pa.int32(), nullable=False),
        pa.field("saved", pa.bool_(), nullable=False),
        pa.field("applied", pa.bool_(), nullable=False),
        pa.field("got_interview", pa.bool_()),
        pa.field("got_hired", pa.bool_()),
        pa.field("viewed_at", _TIME),
        pa.field("saved_at", _TIME),
        pa.field("applied_at", _TIME),
        pa.field("interview_at", _TIME),
        pa.field("hired_at", _TIME),
        pa.field("closed_at", _TIME),
    ]
)

_EVENT_TIMES = ("viewed_at", "saved_at", "applied_at", "interview_at", "hired_at", "closed_at")


# What happened must say when: without the time nobody knows which split may know of it.
_TIMED_FLAGS = {
    "viewed": "viewed_at",
    "saved": "saved_at",
    "applied": "applied_at",
    "got_interview": "interview_at",
    "got_hired": "hired_at",
}


def read_interactions(path: Path) -> pa.Table:
    """Reads a Parquet log and checks it.

    Returns:
        The rows in :data:`INTERACTION_SCHEMA`, in the file's order.

    Raises:
        MissingFileError: The file is not there.
        FormatError: Not Parquet, a column missing or of another type, or rows that cannot be true
            (doubled impressions, positions below 1, events before the impression or without a
            time); all together.
    """
    if not path.is_file():
        raise MissingFileError(f"interaction log {path} does not exist; expected a Parquet file")
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise FormatError(f"{path}: not a Parquet file that can be read") from error
    missing = [name for name in INTERACTION_SCHEMA.names if name not in table.column_names]
    if missing:
        raise FormatError(f"{path}: columns missing: {', '.join(missing)}", field=missing[0])
    try:
        table = table.select(INTERACTION_SCHEMA.names).cast(INTERACTION_SCHEMA)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise FormatError(f"{path}: a column has an unexpected type or a null: {error}") from error
    problems = _impossible_rows(table)
    if problems:
        raise FormatError(f"{path}: {summarise(problems)}")
    return table


def _impossible_rows(table: pa.Table) -> list[str]:
    checks = {
        "impression_id is not unique": len(table)
        - pc.count_distinct(table["impression_id"]).as_py(),
        "position below 1": pc.sum(pc.less(table["position"], 1)).as_py() or 0,
        "position beyond slate_size": pc.sum(
            pc.greater(table["position"], table["slate_size"])
        ).as_py()
        or 0,
    }
    for flag, column in _TIMED_FLAGS.items():
        untimed = pc.and_(pc.fill_null(table[flag], False), pc.is_null(table[column]))
        checks[f"{flag} without {column}"] = pc.sum(untimed).as_py() or 0
    for column in _EVENT_TIMES:
        early = pc.sum(pc.less(table[column], table["shown_at"])).as_py() or 0
        checks[f"{column} before shown_at"] = early
    return [f"{count} rows: {problem}" for problem, count in checks.items() if count]
