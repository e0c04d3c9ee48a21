"""Table specifications (:mod:`jobmatch_ml.types.tables`) as ibis and Arrow schemas."""

from __future__ import annotations

from functools import cache

import ibis
import pyarrow as pa

from jobmatch_ml.types.tables import Table


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
