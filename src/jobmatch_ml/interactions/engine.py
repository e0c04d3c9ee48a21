"""DuckDB as the room's engine: bounded memory, spilling to disk, times in UTC.

Logs have millions of rows, so every step over a whole log is a query. Values that come from outside
(names of their columns, their constants) enter a query only through :func:`identifier` and
:func:`literal`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from jobmatch_ml.errors import InputError

DEFAULT_MEMORY_LIMIT = "4GB"
_SIZE = re.compile(r"\d+(\.\d+)?\s?([KMGT]i?B)", re.IGNORECASE)


@contextmanager
def open_engine(
    *, memory_limit: str = DEFAULT_MEMORY_LIMIT, threads: int | None = None
) -> Iterator[Any]:
    """Yields a DuckDB connection in memory that spills to a temporary folder.

    Args:
        memory_limit: What it may hold before it spills, such as ``4GB``.
        threads: Worker threads; ``None``: one a core. Results do not depend on it.

    Raises:
        InputError: The limit is no size.
    """
    if not _SIZE.fullmatch(memory_limit):
        raise InputError(
            f"memory limit {memory_limit!r} is no size; expected one such as 4GB",
            field="memory_limit",
        )
    with tempfile.TemporaryDirectory(prefix="jobmatch-duckdb-") as spill:
        settings: dict[str, Any] = {"memory_limit": memory_limit, "temp_directory": spill}
        if threads is not None:
            settings["threads"] = threads
        with duckdb.connect(config=settings) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            # Rows keep the order of their file, so the same log gives the same bytes.
            connection.execute("SET preserve_insertion_order = true")
            yield connection


def identifier(name: str) -> str:
    """Returns a column's name quoted for SQL.

    Example:
        >>> print(identifier("seen at"))
        "seen at"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | float | bool | datetime | Path | None) -> str:
    """Returns a value as an SQL literal; times as UTC.

    Example:
        >>> literal("it's"), literal(True), literal(None)
        ("'it''s'", 'true', 'NULL')
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
        return f"TIMESTAMPTZ '{moment}+00'"
    return "'" + str(value).replace("'", "''") + "'"


def file_list(path: Path) -> list[str]:
    """Returns the Parquet file of a path, or those below a folder, in order of their names."""
    if path.is_dir():
        return [str(file) for file in sorted(path.rglob("*.parquet"))]
    return [str(path)]
