"""From the DuckDB warehouse to BigQuery: some days of silver, and gold rebuilt over there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.errors import InputError
from jobmatch_ml.types.tables import OFFERS, SILVER_TABLES, Table
from jobmatch_ml.warehouse.bigquery import BigQueryWarehouse
from jobmatch_ml.warehouse.database import Warehouse
from jobmatch_ml.warehouse.schema import DAY_COLUMN, arrow_schema, compile_sql

_CHUNK = 20_000  # rows in memory at a time


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load brought to BigQuery.

    Args:
        days: The days that were replaced.
        tables: Rows by table: those that arrived (silver), all (gold).
    """

    days: tuple[date, ...]
    tables: Mapping[str, int]


def days_of(warehouse: Warehouse) -> list[date]:
    """Returns the days that silver holds, oldest first."""
    days = warehouse.table(OFFERS).select(DAY_COLUMN).distinct().to_pyarrow()
    return sorted(days.column(DAY_COLUMN).to_pylist())


def load_days(
    source: Warehouse,
    target: BigQueryWarehouse,
    gold: Mapping[Table, Any],
    *,
    days: Sequence[date] | None = None,
) -> LoadReport:
    """Puts days of silver into BigQuery and rebuilds gold there, in one transaction.

    Loading a day again replaces it, so a run that failed is simply run again.

    Args:
        source: The DuckDB warehouse that ingestion filled.
        target: The BigQuery warehouse.
        gold: Gold tables and their rows as ibis expressions over ``target.datasets.source``.
        days: Which days; default: all that the source holds.

    Raises:
        InputError: The source holds none of the days.
    """
    held = days_of(source)
    chosen = held if days is None else sorted(set(days))
    if lacking := sorted(set(chosen) - set(held)) or (not chosen):
        named = ", ".join(map(str, lacking)) if isinstance(lacking, list) else "any day"
        raise InputError(
            f"the warehouse holds no offers of {named}: run `jobmatch offers ingest` first; it "
            f"holds {', '.join(map(str, held)) or 'none'}",
            field="days",
        )
    queries = {table: compile_sql(rows, "bigquery") for table, rows in gold.items()}
    with tempfile.TemporaryDirectory(prefix="jobmatch-load-") as folder:
        files = {}
        for table in SILVER_TABLES:
            rows = source.table(table)
            rows = rows.filter(rows[DAY_COLUMN].isin(chosen))
            batches = rows.to_pyarrow_batches(chunk_size=_CHUNK)
            files[table] = write_parquet(table, batches, Path(folder))
        arrived = target.load(files, days=chosen, rebuilt=queries)
    tables = {f"silver.{table.name}": count for table, count in arrived.items()}
    tables |= {f"gold.{table.name}": target.count(table) for table in gold}
    return LoadReport(tuple(chosen), tables)


def load_tables(target: BigQueryWarehouse, rows: Mapping[Table, pa.Table]) -> dict[str, int]:
    """Puts Arrow tables (readings, embeddings) in the place of whole tables, all or nothing."""
    with tempfile.TemporaryDirectory(prefix="jobmatch-load-") as folder:
        files = {
            table: write_parquet(table, found.to_batches(_CHUNK), Path(folder))
            for table, found in rows.items()
        }
        arrived = target.load(files)
    return {f"{table.layer}.{table.name}": count for table, count in arrived.items()}


def write_parquet(table: Table, batches: Iterable[pa.RecordBatch], folder: Path) -> Path:
    """Writes batches of a table's rows as one Parquet file of its schema."""
    path = folder / f"{table.layer}_{table.name}.parquet"
    schema = arrow_schema(table)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
    return path
