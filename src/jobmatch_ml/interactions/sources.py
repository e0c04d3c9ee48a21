"""Where a company's table comes from: Parquet, CSV, or a query on its database.

Each becomes a relation of the engine. CSV and SQL arrive as text: what a column is taken for is the
mapping's business (:mod:`.casting`), never a guess from the first rows.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.errors import FormatError, InputError, MissingFileError, missing_extra
from jobmatch_ml.interactions.engine import file_list, identifier

BATCH_ROWS = 50_000
_TEXT_FILES = (".csv", ".tsv", ".txt")
_DELIMITERS = (",", ";", "\t", "|")
_MAX_HEADER_BYTES = 1_000_000
_MAX_COLUMNS = 2_000


@dataclass(frozen=True)
class DatabaseQuery:
    """A query on a database.

    Args:
        url: SQLAlchemy URL. It may hold a password and is therefore never shown.
        query: One statement that returns rows.
    """

    url: str
    query: str


Source: TypeAlias = Path | DatabaseQuery


def open_source(
    connection: Any, source: Source, *, work: Path, name: str, delimiter: str | None = None
) -> Any:
    """Opens a table of a company's as a relation of the engine.

    Args:
        connection: The engine.
        source: File, folder or query.
        work: Folder for the rows of a query or a text file.
        name: What to call the table in messages and files.
        delimiter: Of a CSV file, one character; ``None``: found out.

    Raises:
        MissingFileError: There is no such file, or no Parquet file in the folder.
        FormatError: The file cannot be read as what its name says.
        InputError: The database refuses the connection or the query.
        MissingExtraError: SQLAlchemy or the database's driver is not installed.
    """
    if isinstance(source, DatabaseQuery):
        return connection.read_parquet([str(fetch_query(source, work / f"{name}.query.parquet"))])
    if not source.exists():
        raise MissingFileError(f"{name}: {source} does not exist; expected Parquet or CSV")
    try:
        if is_text(source):
            # Parsed once: typing looks at some columns several times.
            staged = str(work / f"{name}.text.parquet")
            _read_text(connection, source, delimiter).to_parquet(staged, compression="snappy")
            return connection.read_parquet(staged)
        files = file_list(source)
        if not files:
            raise MissingFileError(f"{name}: no .parquet file in the folder {source}")
        return connection.read_parquet(files)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise FormatError(
            f"{name}: {source} cannot be read as {'CSV' if is_text(source) else 'Parquet'}; "
            "expected a Parquet file or folder, or a CSV file named .csv, .tsv or .txt"
        ) from error


def is_text(source: Source) -> bool:
    """Returns whether a source is a CSV file, by its name."""
    return isinstance(source, Path) and any(
        suffix.lower() in _TEXT_FILES for suffix in source.suffixes[-2:]
    )


def _read_text(connection: Any, path: Path, delimiter: str | None) -> Any:
    """Opens a CSV file as texts, by what its first line says.

    Nothing is guessed from other lines: one that is broken must not decide how all are read. Lines
    that do not fit are kept aside and counted (:func:`broken_lines`).
    """
    head = _first_line(path)
    if delimiter is None:
        unquoted = re.sub(r'"[^"]*"', "", head)
        delimiter = max(_DELIMITERS, key=unquoted.count)
    try:
        names = [name.strip() for name in next(csv.reader([head], delimiter=delimiter), [])]
    except csv.Error as error:
        raise FormatError(
            f"{path}: the first line cannot be read as the header of a CSV file; expected lines "
            "that end in LF or CR LF"
        ) from error
    if len(names) > _MAX_COLUMNS:
        raise FormatError(
            f"{path}: the first line names more than {_MAX_COLUMNS:,} columns; leave out those "
            "that are not needed"
        )
    if not names or len(set(names)) < len(names) or "" in names:
        raise FormatError(
            f"{path}: the first line names {len(names)} columns, {len(set(names))} of them "
            "different; expected a header with a name for each column"
        )
    return connection.read_csv(
        str(path),
        columns=dict.fromkeys(names, "VARCHAR"),
        auto_detect=False,
        delimiter=delimiter,
        quotechar='"',
        escapechar='"',
        header=True,
        store_rejects=True,
    )


def _first_line(path: Path) -> str:
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
            return stream.readline(_MAX_HEADER_BYTES).decode("utf-8-sig").rstrip("\r\n")
    except (UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        raise FormatError(f"{path}: the first line is not UTF-8 text; expected CSV") from error


@dataclass(frozen=True)
class BrokenLines:
    """CSV lines that could not be read.

    Args:
        count: How many lines; a quote that is never closed takes those after it with it.
        first: Numbers of the first of them, as texts.
    """

    count: int
    first: tuple[str, ...]


def keep_broken_lines(connection: Any, path: Path, target: Path) -> BrokenLines:
    """Writes the lines of a CSV file that could not be read to Parquet, once it was scanned.

    Args:
        connection: The engine that scanned it.
        path: The CSV file.
        target: Gets columns `line` and `text`; not written where every line could be read.
    """
    tables = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
    if "reject_errors" not in tables:
        return BrokenLines(0, ())
    # One line can have several errors.
    found = connection.sql(_BROKEN_LINES, params={"path": str(path)})
    found.to_parquet(str(target), compression="zstd")
    kept = connection.read_parquet(str(target))
    count = kept.aggregate(
        "sum(1 + length(text) - length(replace(text, chr(10), '')))::BIGINT"
    ).fetchone()[0]
    if not count:
        target.unlink()
        return BrokenLines(0, ())
    first = kept.limit(3).project("line").fetchall()
    return BrokenLines(int(count), tuple(str(row[0]) for row in first))


_BROKEN_LINES = """
    SELECT line, coalesce(trim(min(csv_line), chr(13) || chr(10)), '') AS text
    FROM reject_errors JOIN reject_scans USING (scan_id, file_id)
    WHERE file_path = $path
    GROUP BY line ORDER BY line
"""


def fetch_query(source: DatabaseQuery, target: Path) -> Path:
    """Streams the rows of a query into a Parquet file of texts, a batch at a time.

    Raises:
        InputError: The database refuses the connection or the query; its URL is not shown.
        MissingExtraError: SQLAlchemy or the driver is not installed.
    """
    try:
        import sqlalchemy
    except ImportError as error:
        raise missing_extra("SQLAlchemy", "sql") from error
    try:
        engine = sqlalchemy.create_engine(source.url)
    except ImportError as error:
        raise InputError(
            f"the database's driver is not installed ({error.name}); install it with pip"
        ) from error
    except sqlalchemy.exc.ArgumentError as error:
        raise InputError(
            "the database URL is not one; expected such as postgresql://user:password@host/name",
            field="database",
        ) from error
    try:
        with engine.connect().execution_options(stream_results=True) as connection:
            result = connection.execute(sqlalchemy.text(source.query))
            names = list(result.keys())
            if len(set(names)) < len(names):
                raise InputError(
                    "the query returns two columns of one name; name each column once",
                    field="query",
                )
            _write_batches(names, result.partitions(BATCH_ROWS), target)
    except sqlalchemy.exc.SQLAlchemyError as error:
        # The message of the driver may quote the URL or values; its class says enough.
        raise InputError(
            f"the database refuses the connection or the query ({type(error).__name__}); try the "
            "query in the database's own client",
            field="query",
        ) from error
    finally:
        engine.dispose()
    return target


def _write_batches(
    names: Sequence[str], batches: Iterator[Sequence[Sequence[Any]]], target: Path
) -> None:
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for rows in chain(batches, [()]):
            columns = zip(*rows, strict=True) if rows else ([] for _ in names)
            arrays = [
                pa.array([_text(value) for value in column], pa.string()) for column in columns
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def column_types(relation: Any) -> dict[str, str]:
    """Returns the columns of a relation and their DuckDB types."""
    return dict(zip(relation.columns, (str(kind) for kind in relation.types), strict=True))


def quoted_columns(names: Sequence[str]) -> str:
    """Returns column names as a list for SQL."""
    return ", ".join(identifier(name) for name in names)
