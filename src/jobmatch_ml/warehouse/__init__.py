"""The analytics warehouse: DuckDB through ibis, with one definition of each table."""

from __future__ import annotations

from jobmatch_ml.warehouse.database import Warehouse, open_warehouse
from jobmatch_ml.warehouse.schema import arrow_schema, ibis_schema

__all__ = ["Warehouse", "arrow_schema", "ibis_schema", "open_warehouse"]
