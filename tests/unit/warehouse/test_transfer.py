"""Silver on its way to BigQuery: which days, and Parquet files of the tables' own schemas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.types.tables import GOLD_OFFERS, PERMIS
from jobmatch_ml.warehouse import arrow_schema, open_warehouse
from jobmatch_ml.warehouse.transfer import days_of, load_days, write_parquet
from tests.offer_records import ingest, offer, write_bronze


def test_the_days_of_a_warehouse_come_oldest_first(tmp_path: Path) -> None:
    for day in ("2025-03-02", "2025-03-01"):
        ingest(tmp_path, write_bronze(tmp_path / day, day, offer(day)))
    with open_warehouse(tmp_path / "w.duckdb", read_only=True) as warehouse:
        assert days_of(warehouse) == [date(2025, 3, 1), date(2025, 3, 2)]


def test_an_empty_warehouse_has_nothing_to_load(tmp_path: Path) -> None:
    with (
        open_warehouse(tmp_path / "w.duckdb") as warehouse,
        pytest.raises(InputError, match=r"no offers of any day.*jobmatch offers ingest"),
    ):
        load_days(warehouse, None, {})  # type: ignore[arg-type]


def test_files_have_the_schema_of_their_table_even_when_empty(tmp_path: Path) -> None:
    for table in (PERMIS, GOLD_OFFERS):
        path = write_parquet(table, [], tmp_path)
        assert pq.read_schema(path).equals(arrow_schema(table))
