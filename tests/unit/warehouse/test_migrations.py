"""Versions of the tables: applied once, in order, recorded, refused when from the future."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from jobmatch_ml.errors import FormatError
from jobmatch_ml.types.derived_tables import DERIVED_TABLES
from jobmatch_ml.types.tables import GOLD_TABLES, SILVER_TABLES
from jobmatch_ml.warehouse import open_warehouse
from jobmatch_ml.warehouse.migrations import APPLIED, MIGRATIONS, pending


def test_versions_are_counted_from_one_without_gaps() -> None:
    assert [each.version for each in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_new_file_gets_every_table_and_a_row_a_version(tmp_path: Path) -> None:
    for _ in range(2):
        with open_warehouse(tmp_path / "w.duckdb") as warehouse:
            rows = warehouse.table(APPLIED).to_pyarrow().to_pylist()
            assert pending(warehouse) == []
        assert [(row["version"], row["name"]) for row in rows] == [
            (each.version, each.name) for each in MIGRATIONS
        ]
    with open_warehouse(tmp_path / "w.duckdb", read_only=True) as warehouse:
        assert all(map(warehouse.holds, (*SILVER_TABLES, *GOLD_TABLES, *DERIVED_TABLES)))


def test_a_file_of_before_migrations_keeps_its_rows_and_gets_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_warehouse(path):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO silver.offers_permis VALUES ('1', 'B', 'E', '2025-01-01')")
        connection.execute("DROP TABLE gold.schema_migrations")
        connection.execute("DROP TABLE gold.matches")
    with open_warehouse(path, read_only=True) as warehouse:
        assert not warehouse.holds(DERIVED_TABLES[-1])
    with open_warehouse(path) as warehouse:
        assert warehouse.holds(DERIVED_TABLES[-1])
        assert warehouse.rows("SELECT offer_id FROM silver.offers_permis") == [("1",)]


def test_a_warehouse_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_warehouse(path):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO gold.schema_migrations VALUES (99, 'later', NULL)")
    with pytest.raises(FormatError, match=r"version 99.*update the program"), open_warehouse(path):
        pass
