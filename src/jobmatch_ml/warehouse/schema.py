"""Table specifications as ibis and Arrow schemas, and as the DDL of either engine.

A :class:`~jobmatch_ml.types.tables.Table` says what a table holds; here stands how an engine lays
it out. A layer is a schema of the DuckDB file and a dataset of a BigQuery project.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import ibis
import pyarrow as pa
from sqlglot import exp

from jobmatch_ml.types.tables import (
    DAILY_STATS,
    GOLD_OFFERS,
    GOLD_TABLES,
    SILVER_TABLES,
    SKILLS_RANKING,
    Table,
)

Dialect = Literal["duckdb", "bigquery"]
Source = Callable[[Table], Any]
"""Gives the ibis expression behind a table specification."""

DAY_COLUMN = "ingestion_date"


@dataclass(frozen=True, slots=True)
class Datasets:
    """What the two layers are called in an engine."""

    silver: str = "silver"
    gold: str = "gold"

    def of(self, table: Table) -> str:
        """Returns the dataset (BigQuery) or schema (DuckDB) of a table."""
        return self.silver if table.layer == "silver" else self.gold

    def name(self, table: Table) -> exp.Table:
        """Returns a table's quoted name for SQL."""
        return exp.table_(table.name, db=self.of(table), quoted=True)

    def source(self, table: Table) -> Any:
        """Returns a table as an ibis expression that no connection stands behind."""
        return ibis.table(ibis_schema(table), name=table.name, database=self.of(table))


LOCAL = Datasets()


@cache
def ibis_schema(table: Table) -> ibis.Schema:
    """Returns the table's ibis schema: names, types and order as specified."""
    return ibis.schema(table.types)


@cache
def arrow_schema(table: Table) -> pa.Schema:
    """Returns the table's Arrow schema: what is inserted, and what Parquet files hold."""
    return ibis_schema(table).to_pyarrow()


def unbound_table(table: Table) -> ibis.Table:
    """Returns the table as an ibis expression that no connection stands behind.

    Gold transformations are written on these, so that the same expressions compile for DuckDB and
    for BigQuery.
    """
    return LOCAL.source(table)


def compile_sql(expression: Any, dialect: Dialect) -> str:
    """Returns an ibis expression as SQL of a dialect."""
    return str(ibis.to_sql(expression, dialect=dialect))


@cache
def create_statements(
    dialect: Dialect = "duckdb",
    tables: tuple[Table, ...] = (*SILVER_TABLES, *GOLD_TABLES),
    datasets: Datasets = LOCAL,
) -> tuple[str, ...]:
    """Returns the statements that create tables, and DuckDB's schemas, where they are lacking.

    BigQuery's datasets are not created here: that needs a location and a right that few have.
    """
    statements: list[exp.Expression] = []
    if dialect == "duckdb":
        layers = dict.fromkeys(datasets.of(table) for table in tables)
        statements += [
            exp.Create(this=exp.table_(layer, quoted=True), kind="SCHEMA", exists=True)
            for layer in layers
        ]
    for table in tables:
        columns = exp.Schema(
            this=datasets.name(table),
            expressions=ibis_schema(table).to_sqlglot_column_defs(dialect),
        )
        properties = exp.Properties(expressions=_layout(table)) if dialect == "bigquery" else None
        statements.append(
            exp.Create(this=columns, kind="TABLE", exists=True, properties=properties)
        )
    return tuple(statement.sql(dialect) for statement in statements)


_CLUSTERS = {
    GOLD_OFFERS: ("rome_code", "department", "offer_id"),
    DAILY_STATS: ("rome_code", "region"),
    SKILLS_RANKING: ("rome_code",),
}


def _layout(table: Table) -> list[exp.Expression]:
    """Returns how BigQuery lays a table out: a query of one day or one offer reads little.

    Silver and the daily statistics are kept by day. Gold holds each offer once, whatever its day,
    so a partition a day would be thousands of small ones: it is clustered by what filters name.
    """
    layout: list[exp.Expression] = []
    if table.layer == "silver" or table == DAILY_STATS:
        day = exp.to_identifier(DAY_COLUMN, quoted=True)
        layout.append(exp.PartitionedByProperty(this=day))
    ids = (name for name in table.names if name in {"candidate_id", table.id_column})
    if names := _CLUSTERS.get(table, tuple(ids)):
        columns = [exp.column(name, quoted=True) for name in names]
        layout.append(exp.Cluster(expressions=columns))
    return layout
