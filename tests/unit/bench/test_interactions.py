"""The benchmark's table is plausible and repeats; both steps are measured on it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobmatch_ml.bench.interactions import run_interactions_bench, write_company_table


def test_the_table_is_plausible_and_the_same_each_time(tmp_path: Path) -> None:
    write_company_table(tmp_path / "one.parquet", 20_000)
    write_company_table(tmp_path / "two.parquet", 20_000)
    table = pq.read_table(tmp_path / "one.parquet")
    assert table.equals(pq.read_table(tmp_path / "two.parquet"))
    assert len(table) == 20_000
    assert 0.1 < pc.mean(table["opened"].cast("int8")).as_py() < 0.3
    assert 0.01 < pc.mean(table["sent"].cast("int8")).as_py() < 0.05
    assert pc.sum(table["hired"].cast("int64")).as_py() > 5
    opened = [
        pc.mean(table.filter(pc.equal(table["rank"], place))["opened"].cast("int8")).as_py()
        for place in (1, 3, 10)
    ]
    assert opened == sorted(opened, reverse=True)


def test_both_steps_are_measured() -> None:
    imported, split, both = run_interactions_bench(rows=50_000, memory_limit="1GB", threads=1)
    assert [row["step"] for row in (imported, split, both)] == [
        "import",
        "splits and labels",
        "both",
    ]
    # Five rows of fifty thousand stand at position 0.
    assert imported["rows_out"] == 49_995
    assert 0 < split["rows_out"] < imported["rows_out"]
    assert both["peak_mb"] < 2000
