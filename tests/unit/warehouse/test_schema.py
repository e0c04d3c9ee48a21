"""Specifications become ibis and Arrow schemas with the same names in the same order."""

from __future__ import annotations

import pyarrow as pa
import pytest
import sqlglot

from jobmatch_ml.types.tables import GOLD_OFFERS, GOLD_TABLES, OFFERS, SILVER_TABLES, Table
from jobmatch_ml.warehouse import arrow_schema, ibis_schema
from jobmatch_ml.warehouse.schema import create_statements, unbound_table


@pytest.mark.parametrize("table", [*SILVER_TABLES, *GOLD_TABLES], ids=lambda table: table.name)
def test_schemas_keep_names_and_order(table: Table) -> None:
    assert tuple(ibis_schema(table).names) == table.names
    assert tuple(arrow_schema(table).names) == table.names
    assert tuple(unbound_table(table).columns) == table.names


def test_types_are_those_specified() -> None:
    assert arrow_schema(OFFERS).field("nombrePostes").type == pa.int64()
    assert arrow_schema(OFFERS).field("dateCreation").type == pa.timestamp("us", "UTC")
    assert arrow_schema(GOLD_OFFERS).field("required_skills").type == pa.list_(pa.string())


@pytest.mark.parametrize("dialect", ["duckdb", "bigquery"])
def test_every_table_is_created_with_its_columns_in_both_dialects(dialect: str) -> None:
    parsed = [sqlglot.parse_one(each, dialect=dialect) for each in create_statements(dialect)]
    columns = [
        tuple(column.name for column in each.this.expressions)
        for each in parsed
        if each.args["kind"] == "TABLE"
    ]
    assert columns == [table.names for table in (*SILVER_TABLES, *GOLD_TABLES)]
    assert all(each.args["exists"] for each in parsed)
