"""One DuckDB file as a warehouse: opening, transactions, and replacing what a day holds.

DuckDB lets one process open a file for writing; whoever comes second gets an error that names the
holder. Values always travel as bound parameters or as Arrow tables, never inside SQL text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import sqlglot
from sqlglot import exp

from jobmatch_ml.errors import FormatError, MissingFileError, NotReadyError
from jobmatch_ml.types.derived_tables import DERIVED_TABLES
from jobmatch_ml.types.tables import GOLD_TABLES, SILVER_TABLES, Table
from jobmatch_ml.warehouse.migrations import Migration, migrate
from jobmatch_ml.warehouse.schema import DAY_COLUMN, LOCAL, Dialect, arrow_schema

DEFAULT_MEMORY_LIMIT = "2GB"


@contextmanager
def open_warehouse(
    path: Path, *, read_only: bool = False, memory_limit: str = DEFAULT_MEMORY_LIMIT
) -> Iterator[Warehouse]:
    """Opens a warehouse file, brings its tables up to date, and closes it at the end.

    Args:
        path: The DuckDB file; it and its folder are created unless ``read_only``.
        read_only: Several processes may read at once while none writes.
        memory_limit: What DuckDB may hold in memory before it spills to disk (``2GB``).

    Raises:
        MissingFileError: ``read_only`` and there is no such file.
        NotReadyError: Another process has the file open; the message names its pid.
        FormatError: The file is not a DuckDB database, or has the tables of another version.
    """
    if read_only and not path.is_file():
        raise MissingFileError(
            f"there is no warehouse at {path}: run `jobmatch offers ingest PATH` to make one"
        )
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path, read_only=read_only, memory_limit=memory_limit)
    try:
        _lock_down(connection)
        warehouse = Warehouse(connection)
        if not read_only:
            warehouse.migrate()
        warehouse.check_tables(path)
        yield warehouse
    finally:
        connection.disconnect()


def _connect(path: Path, *, read_only: bool, memory_limit: str) -> Any:
    refusal = (
        f"{path} cannot be opened as a DuckDB database: expected a warehouse made by `jobmatch "
        "offers ingest`. Move the file away and ingest again from bronze"
    )
    if not _may_be_duckdb(path):
        raise FormatError(refusal)
    try:
        return ibis.duckdb.connect(path, read_only=read_only, memory_limit=memory_limit)
    except duckdb.Error as error:
        text = str(error)
        if "Could not set lock" in text:
            found = re.search(r"PID (\d+)", text)
            holder = f"process {found[1]}" if found else "another process"
            raise NotReadyError(
                f"the warehouse {path} is open in {holder}, and DuckDB lets one process in at a "
                "time: wait for it to end, or stop it, then try again"
            ) from error
        raise FormatError(f"{refusal}. DuckDB says: {text.splitlines()[0]}") from error


def _may_be_duckdb(path: Path) -> bool:
    """Returns whether the path is free, or holds a DuckDB file by its header.

    DuckDB opens data files (.json, .csv, .parquet) as databases in memory; what would be loaded
    there would be lost without a word.
    """
    if not path.is_file() or not path.stat().st_size:
        return True
    with path.open("rb") as stream:
        return stream.read(12)[8:] == b"DUCK"


def _lock_down(connection: Any) -> None:
    """Forbids SQL to read or write other files, and to undo that."""
    connection.raw_sql("SET enable_external_access = false")
    connection.raw_sql("SET lock_configuration = true")


class Warehouse:
    """An open warehouse; made by :func:`open_warehouse`."""

    dialect: Dialect = "duckdb"
    datasets = LOCAL

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def run(self, statements: Sequence[str]) -> None:
        """Runs SQL statements in order."""
        for statement in statements:
            self.connection.con.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Returns the rows of an SQL query."""
        return list(self.connection.con.execute(query).fetchall())

    def migrate(self) -> list[Migration]:
        """Creates and changes tables as :mod:`jobmatch_ml.warehouse.migrations` says."""
        # One transaction: a process killed here leaves an empty file, not half a schema.
        with self.transaction():
            return migrate(self)

    def check_tables(self, path: Path) -> None:
        """Raises FormatError when a stored table's columns are not those specified."""
        stored = self._stored_columns()
        for table in (*SILVER_TABLES, *GOLD_TABLES, *DERIVED_TABLES):
            found = stored.get((table.layer, table.name))
            # A file that was never opened for writing since derived tables exist lacks them.
            if found is None and table in DERIVED_TABLES:
                continue
            if tuple(found or ()) != table.names:
                raise FormatError(
                    f"{path}: table {table.layer}.{table.name} has the columns of another version. "
                    "Move the file away and ingest again from bronze"
                )

    def _stored_columns(self) -> dict[tuple[str, str], list[str]]:
        """Returns (layer, table) -> column names in order: one query for all tables."""
        found: dict[tuple[str, str], list[str]] = {}
        query = (
            exp.select("table_schema", "table_name", "column_name")
            .from_("information_schema.columns")
            .order_by("table_schema", "table_name", "ordinal_position")
        )
        for layer, name, column in self.connection.con.execute(query.sql("duckdb")).fetchall():
            found.setdefault((layer, name), []).append(column)
        return found

    def table(self, table: Table) -> Any:
        """Returns a stored table as an ibis expression."""
        return self.connection.table(table.name, database=table.layer)

    def holds(self, table: Table) -> bool:
        """Returns whether the file has a table: one made by an older version may lack some."""
        return (table.layer, table.name) in self._stored_columns()

    def count(self, table: Table, *, ingestion_date: date | None = None) -> int:
        """Returns the number of rows, of one day if one is given."""
        query = exp.select(exp.Count(this=exp.Star())).from_(_name(table))
        if ingestion_date is None:
            found = self.connection.con.execute(query.sql("duckdb"))
        else:
            text = query.where(_day_is_bound()).sql("duckdb")
            found = self.connection.con.execute(text, [ingestion_date])
        return int(found.fetchone()[0])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Makes everything inside happen whole or, on any error, not at all."""
        self.connection.con.begin()
        try:
            yield
        except BaseException:
            self.connection.con.rollback()
            raise
        self.connection.con.commit()

    def append(self, table: Table, rows: pa.Table) -> None:
        """Adds rows; their columns must be those of the table, in order."""
        if tuple(rows.schema.names) != table.names:
            raise FormatError(
                f"{table.layer}.{table.name}: expected the columns {', '.join(table.names)}; "
                f"found {', '.join(rows.schema.names)}"
            )
        if rows.num_rows:
            self.connection.insert(table.name, rows.cast(arrow_schema(table)), database=table.layer)

    def delete_day(self, table: Table, ingestion_date: date) -> None:
        """Removes one day's partition."""
        self._delete(table, _day_is_bound(), [ingestion_date])

    def delete_offers(self, table: Table, ingestion_date: date, offer_ids: Sequence[str]) -> None:
        """Removes some offers of one day."""
        among = exp.column(table.id_column, quoted=True).isin(
            query=exp.select(exp.Explode(this=exp.Placeholder()))
        )
        where = _day_is_bound().and_(among)
        self._delete(table, where, [ingestion_date, list(offer_ids)])

    def replace_partition(self, table: Table, ingestion_date: date, rows: pa.Table) -> None:
        """Puts rows in the place of what the table held for a day.

        Call it inside :meth:`transaction` when several tables must change together.

        Raises:
            FormatError: The rows have other columns, or rows of another day.
        """
        days = set(rows.column("ingestion_date").unique().to_pylist())
        if days - {ingestion_date}:
            raise FormatError(
                f"{table.layer}.{table.name}: rows of {sorted(map(str, days))} cannot replace "
                f"the partition of {ingestion_date}"
            )
        self.delete_day(table, ingestion_date)
        self.append(table, rows)

    def replace(self, table: Table, rows: pa.Table) -> None:
        """Puts rows in the place of all that a table held. Call it inside a transaction."""
        self.empty(table)
        self.append(table, rows)

    def empty(self, table: Table) -> None:
        """Removes all rows of a table."""
        self._delete(table, None, [])

    def insert_query(self, table: Table, query: str) -> None:
        """Adds the rows of a compiled ibis expression."""
        self.connection.con.execute(_insert_statement(table, query))

    def rebuild(self, table: Table, query: str) -> None:
        """Replaces a whole (gold) table by the rows of a compiled ibis expression."""
        self.empty(table)
        self.insert_query(table, query)

    def _delete(self, table: Table, where: Any | None, values: list[Any]) -> None:
        statement = exp.delete(_name(table), where=where)
        self.connection.con.execute(statement.sql("duckdb"), values)


def _name(table: Table) -> exp.Table:
    return exp.table_(table.name, db=table.layer, quoted=True)


def _day_is_bound() -> Any:
    return exp.column(DAY_COLUMN, quoted=True).eq(exp.Placeholder())


@lru_cache(maxsize=64)
def _insert_statement(table: Table, query: str) -> str:
    """Returns the insertion of a query's rows; columns go by name, whatever the query's order."""
    names = [exp.to_identifier(name, quoted=True) for name in table.names]
    parsed: Any = sqlglot.parse_one(query, dialect="duckdb")
    rows = parsed.subquery("incoming")
    chosen = exp.select(*(exp.column(name) for name in names)).from_(rows)
    return exp.insert(chosen, _name(table), columns=names).sql("duckdb")
