"""Reading an OfferInteraction log: one schema, and every problem of a file in one message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.errors import FormatError, MissingFileError, summarise
from jobmatch_ml.interactions.checks import find_problems, row_rules
from jobmatch_ml.interactions.engine import file_list, open_engine

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


def read_interactions(path: Path) -> pa.Table:
    """Reads a Parquet log (a file, or a folder of them) into memory and checks it.

    For a log that does not fit into memory: :func:`.splits.write_splits` takes the path itself.

    Returns:
        The rows in :data:`INTERACTION_SCHEMA`, in the file's order.

    Raises:
        MissingFileError: The file is not there.
        FormatError: Not Parquet, a column missing or of another type, or rows that cannot be true
            (:mod:`.checks`); all together.
    """
    if not path.exists():
        raise MissingFileError(f"interaction log {path} does not exist; expected a Parquet file")
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise FormatError(f"{path}: not a Parquet file that can be read") from error
    missing = [name for name in INTERACTION_SCHEMA.names if name not in table.column_names]
    if missing:
        raise FormatError(f"{path}: columns missing: {', '.join(missing)}", field=missing[0])
    table = pa.table(
        [_cast(path, table[field.name], field) for field in INTERACTION_SCHEMA],
        schema=INTERACTION_SCHEMA,
    )
    with open_engine() as connection:
        numbered = connection.from_arrow(table).project(
            "*, row_number() OVER () AS file_row_number"
        )
        numbered.create_view("log")
        problems = find_problems(connection, "log", row_rules())
    if problems:
        raise FormatError(f"{path}: {summarise([str(problem) for problem in problems], shown=20)}")
    return table


def open_log(connection: Any, path: Path, **options: Any) -> Any:
    """Opens a log of any size as a relation of the engine.

    Args:
        connection: The engine.
        path: A Parquet file in the log's schema, or a folder of such files.
        options: Of the engine's Parquet reader.

    Raises:
        MissingFileError: There is no such log.
        FormatError: Not Parquet, a column missing, or times without a zone.
    """
    files = file_list(path)
    if not files or not path.exists():
        raise MissingFileError(f"interaction log {path} does not exist; expected Parquet")
    try:
        relation = connection.read_parquet(files, **options)
    except duckdb.Error as error:
        raise FormatError(f"{path}: not a Parquet file that can be read") from error
    types = dict(zip(relation.columns, (str(kind) for kind in relation.types), strict=True))
    wrong = [f"{name} is missing" for name in INTERACTION_SCHEMA.names if name not in types]
    wrong += [
        f"{field.name} is {types[field.name]}, expected times with a zone"
        for field in INTERACTION_SCHEMA
        if field.type == _TIME and types.get(field.name, _AWARE) not in (_AWARE, '"NULL"')
    ]
    if wrong:
        raise FormatError(f"{path}: {summarise(wrong, shown=30)}. {_REMEDY}")
    return relation


_AWARE = "TIMESTAMP WITH TIME ZONE"
_REMEDY = "`jobmatch interactions import` makes a log of a table"


def _cast(path: Path, column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    """Returns a column in its type of the schema; what stands in it is never in a message."""
    kind = column.type
    # Arrow would take times without a zone for UTC.
    zoneless = pa.types.is_timestamp(field.type) and not (
        pa.types.is_null(kind) or (pa.types.is_timestamp(kind) and kind.tz)
    )
    if zoneless:
        raise FormatError(
            f"{path}: {field.name} is {kind}; expected times with a zone. {_REMEDY}",
            field=field.name,
        )
    try:
        cast = column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise FormatError(
            f"{path}: a column has an unexpected type: {field.name} is {kind}, expected "
            f"{field.type}. {_REMEDY}",
            field=field.name,
        ) from error
    if cast.null_count and not field.nullable:
        raise FormatError(
            f"{path}: {cast.null_count} rows have a null in {field.name}; expected none. {_REMEDY}",
            field=field.name,
        )
    return cast
