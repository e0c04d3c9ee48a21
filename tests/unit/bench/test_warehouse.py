"""The warehouse benchmark: days of bronze, a row a size, and matching, each with its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.bench.warehouse import _write_bronze, run_warehouse_bench
from jobmatch_ml.errors import InputError
from tests.offer_records import full, offer, write_lines


def test_bronze_is_spread_over_days_and_no_offer_is_lost(tmp_path: Path) -> None:
    folder = _write_bronze([offer("1"), offer("2")], 23, tmp_path / "bronze")
    files = sorted(folder.rglob("*.jsonl"))
    assert [path.parent.name for path in files][::9] == [
        "ingestion_date=2025-01-01",
        "ingestion_date=2025-01-10",
    ]
    assert [len(path.read_bytes().splitlines()) for path in files] == [3] * 3 + [2] * 7


def test_each_size_and_the_matching_are_measured(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", full("1"), offer("2"))
    small, large, match = run_warehouse_bench(
        offers=source, sizes=(20, 400), candidates=3, matched_offers=50
    )
    assert [row["step"] for row in (small, large, match)] == ["load", "load", "match"]
    assert [row["size"] for row in (small, large, match)] == [20, 400, 150]
    assert small["speed_kept"] == 1.0
    # Opening costs the same for few offers as for many.
    assert large["speed_kept"] > 1.0
    assert match["per_s"] > 0
    assert large["disk_mb"] >= 1


def test_nothing_to_copy_from_is_an_error(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", "broken")
    with pytest.raises(InputError, match="no offer to copy from"):
        run_warehouse_bench(offers=source, sizes=(1,))
