"""One DuckDB file as a warehouse: opening, transactions, and replacing what a day holds.

DuckDB lets one process open a file for writing; whoever comes second gets an error that names the
holder. Values always travel as bound parameters or as Arrow tables, never inside SQL text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
from sqlglot import exp

from jobmatch_ml.errors import FormatError, MissingFileError, NotReadyError
from jobmatch_ml.types.tables import GOLD_TABLES, SILVER_TABLES, Table
from jobmatch_ml.warehouse.schema import arrow_schema, ibis_schema

DEFAULT_MEMORY_LIMIT = "2GB"


@contextmanager
def open_warehouse(
    path: Path, *, read_only: bool = False, memory_limit: str = DEFAULT_MEMORY_LIMIT
) -> Iterator[Warehouse]:
    """Opens a warehouse file, creates missing tables, and closes it at the end.

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
            warehouse.create_tables()
        warehouse.check_tables(path)
        yield warehouse
    finally:
        connection.disconnect()


def _connect(path: Path, *, read_only: bool, memory_limit: str) -> Any:
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
        raise FormatError(
            f"{path} cannot be opened as a DuckDB database ({text.splitlines()[0]}): expected a warehouse made by "
            "`jobmatch offers ingest`. Move the file away and ingest again from bronze"
        ) from error


def _lock_down(connection: Any) -> None:
    """Forbids SQL to read or write other files, and to undo that."""
    connection.raw_sql("SET enable_external_access = false")
    connection.raw_sql("SET lock_configuration = true")


class Warehouse:
    """An open warehouse; made by :func:`open_warehouse`."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def create_tables(self) -> None:
        """Creates the layers and the tables that are not there yet."""
        layers = set(self.connection.list_databases())
        for table in (*SILVER_TABLES, *GOLD_TABLES):
            if table.layer not in layers:
                self.connection.create_database(table.layer)
                layers.add(table.layer)
            if table.name not in self.connection.list_tables(database=table.layer):
                self.connection.create_table(
                    table.name, schema=ibis_schema(table), database=table.layer
                )

    def check_tables(self, path: Path) -> None:
        """Raises FormatError when a stored table's columns are not those specified."""
        for table in (*SILVER_TABLES, *GOLD_TABLES):
            try:
                stored = tuple(self.table(table).schema().names)
            except ibis.common.exceptions.TableNotFound:
                stored = ()
            if stored != table.names:
                raise FormatError(
                    f"{path}: table {table.layer}.{table.name} has the columns of another version. "
                    "Move the file away and ingest again from bronze"
                )

    def table(self, table: Table) -> Any:
        """Returns a stored table as an ibis expression."""
        return self.connection.table(table.name, database=table.layer)

    def count(self, table: Table, *, ingestion_date: date | None = None) -> int:
        """Returns the number of rows, of one day if one is given."""
        rows = self.table(table)
        if ingestion_date is not None:
            rows = rows.filter(rows.ingestion_date == ingestion_date)
        return int(rows.count().execute())

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
        self._delete(
            table, exp.column("ingestion_date", quoted=True).eq(exp.Placeholder()), [ingestion_date]
        )

    def delete_offers(self, table: Table, ingestion_date: date, offer_ids: Sequence[str]) -> None:
        """Removes some offers of one day."""
        among = exp.column(table.id_column, quoted=True).isin(
            query=exp.select(exp.Explode(this=exp.Placeholder()))
        )
        where = exp.column("ingestion_date", quoted=True).eq(exp.Placeholder()).and_(among)
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

    def rebuild(self, table: Table, rows: Any) -> None:
        """Replaces a whole (gold) table by the rows of an ibis expression."""
        self._delete(table, None, [])
        self.connection.insert(table.name, rows.select(*table.names), database=table.layer)

    def _delete(self, table: Table, where: Any | None, values: list[Any]) -> None:
        target = exp.table_(table.name, db=table.layer, quoted=True)
        self.connection.con.execute(exp.delete(target, where=where).sql("duckdb"), values)
