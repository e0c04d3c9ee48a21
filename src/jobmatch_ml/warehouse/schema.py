"""Table specifications (:mod:`jobmatch_ml.types.tables`) as ibis and Arrow schemas."""

from __future__ import annotations

from functools import cache

import ibis
import pyarrow as pa
from sqlglot import exp

from jobmatch_ml.types.tables import GOLD_TABLES, SILVER_TABLES, Table


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
    return ibis.table(ibis_schema(table), name=table.name, database=table.layer)


@cache
def create_statements(dialect: str = "duckdb") -> tuple[str, ...]:
    """Returns the statements that create the layers and tables where they are not there yet."""
    tables = (*SILVER_TABLES, *GOLD_TABLES)
    layers = dict.fromkeys(table.layer for table in tables)
    statements = [
        exp.Create(this=exp.table_(layer, quoted=True), kind="SCHEMA", exists=True)
        for layer in layers
    ]
    for table in tables:
        columns = exp.Schema(
            this=exp.table_(table.name, db=table.layer, quoted=True),
            expressions=ibis_schema(table).to_sqlglot_column_defs(dialect),
        )
        statements.append(exp.Create(this=columns, kind="TABLE", exists=True))
    return tuple(statement.sql(dialect) for statement in statements)
