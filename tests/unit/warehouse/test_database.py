"""The warehouse file: opening, locking, transactions, partitions that replace themselves."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from jobmatch_ml.errors import FormatError, MissingFileError, NotReadyError
from jobmatch_ml.types.tables import GOLD_TABLES, PERMIS, SILVER_TABLES
from jobmatch_ml.warehouse import Warehouse, arrow_schema, open_warehouse

DAY, NEXT_DAY = date(2025, 1, 1), date(2025, 1, 2)


def _rows(day: date, *offer_ids: str) -> pa.Table:
    rows = [
        {"offer_id": each, "libelle": "B", "exigence": "E", "ingestion_date": day}
        for each in offer_ids
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema(PERMIS))


def _ids(warehouse: Warehouse) -> list[str]:
    return sorted(warehouse.table(PERMIS).offer_id.to_pyarrow().to_pylist())


def test_opening_creates_every_table_and_opening_again_keeps_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "w.duckdb"
    with open_warehouse(path) as warehouse:
        warehouse.replace_partition(PERMIS, DAY, _rows(DAY, "a"))
        assert [warehouse.count(table) for table in (*SILVER_TABLES, *GOLD_TABLES)].count(0) == 15
    with open_warehouse(path, read_only=True) as warehouse:
        assert _ids(warehouse) == ["a"]


def test_reloading_a_day_replaces_that_day_alone(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse.replace_partition(PERMIS, DAY, _rows(DAY, "a", "b"))
        warehouse.replace_partition(PERMIS, NEXT_DAY, _rows(NEXT_DAY, "c"))
        warehouse.replace_partition(PERMIS, DAY, _rows(DAY, "d"))
        assert _ids(warehouse) == ["c", "d"]
        assert warehouse.count(PERMIS, ingestion_date=NEXT_DAY) == 1


def test_offers_of_one_day_can_be_removed_by_id(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse.replace_partition(PERMIS, DAY, _rows(DAY, "a", "b'; DROP TABLE x; --"))
        warehouse.replace_partition(PERMIS, NEXT_DAY, _rows(NEXT_DAY, "a"))
        warehouse.delete_offers(PERMIS, DAY, ["a", "unknown"])
        assert _ids(warehouse) == ["a", "b'; DROP TABLE x; --"]
        warehouse.delete_offers(PERMIS, DAY, ["b'; DROP TABLE x; --"])
        assert _ids(warehouse) == ["a"]


def test_a_failing_transaction_changes_nothing(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse.replace_partition(PERMIS, DAY, _rows(DAY, "a"))

        def fail() -> None:
            with warehouse.transaction():
                warehouse.replace_partition(PERMIS, DAY, _rows(DAY, "b"))
                assert _ids(warehouse) == ["b"]
                raise RuntimeError("power cut")

        with pytest.raises(RuntimeError, match="power cut"):
            fail()
        assert _ids(warehouse) == ["a"]


def test_rows_of_another_day_or_shape_are_refused(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        with pytest.raises(FormatError, match=r"2025-01-02.* cannot replace the partition of"):
            warehouse.replace_partition(PERMIS, DAY, _rows(NEXT_DAY, "a"))
        with pytest.raises(FormatError, match="expected the columns offer_id, libelle"):
            warehouse.append(PERMIS, _rows(DAY, "a").select(["offer_id"]))


def test_a_file_held_by_another_process_names_its_pid(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    code = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline().strip() == "held"
            with (
                pytest.raises(NotReadyError, match=f"open in process {holder.pid}"),
                open_warehouse(path),
            ):
                pass
        finally:
            holder.communicate("\n")


@pytest.mark.parametrize(
    ("content", "read_only", "error", "text"),
    [
        (None, True, MissingFileError, "jobmatch offers ingest"),
        (b"not a database " * 100, False, FormatError, "cannot be opened as a DuckDB database"),
        (b"checksumDUCK" * 2000, False, FormatError, "DuckDB says"),
    ],
)
def test_files_that_are_no_warehouse_are_refused(
    tmp_path: Path,
    content: bytes | None,
    read_only: bool,
    error: type[Exception],
    text: str,
) -> None:
    path = tmp_path / "w.duckdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=text), open_warehouse(path, read_only=read_only):
        pass
    assert (path.read_bytes() if path.exists() else None) == content


def test_a_warehouse_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA silver")
        connection.execute("CREATE TABLE silver.offers (id VARCHAR)")
    with (
        pytest.raises(FormatError, match=r"silver.offers has the columns of another version"),
        open_warehouse(path),
    ):
        pass


def test_sql_cannot_read_files_nor_allow_itself_to(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        for statement in (
            f"SELECT * FROM read_csv('{secret}')",  # noqa: S608 - the attack under test
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                warehouse.connection.raw_sql(statement)


@pytest.mark.parametrize("name", ["w.jsonl", "w.csv", "w.parquet"])
def test_data_files_are_not_taken_for_databases_in_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"broken\nagain\n")
    with (
        pytest.raises(FormatError, match="cannot be opened as a DuckDB database"),
        open_warehouse(path),
    ):
        pass
    assert path.read_bytes() == b"broken\nagain\n"
