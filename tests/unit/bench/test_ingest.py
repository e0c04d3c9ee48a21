"""The ingestion benchmark: a row a size, each from its own copies, and a clear error."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.bench.ingest import run_ingest_bench
from jobmatch_ml.errors import InputError
from tests.offer_records import full, offer, write_lines


def test_each_size_is_measured_against_one_insert_a_row(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", full("1"), offer("2"), "broken")
    rows = run_ingest_bench(offers=source, sizes=(30, 1_000))
    assert [row["size"] for row in rows] == [30, 1_000]
    for row in rows:
        assert row.keys() == {
            "size",
            "seconds",
            "cpu_seconds",
            "offers_per_s",
            "peak_mb",
            "ratio_to_naive",
        }
        assert row["seconds"] > 0
        assert row["offers_per_s"] > 0
        assert 20 < row["peak_mb"] < 4_000
    few, many = rows
    # Opening a warehouse costs the same for few offers as for many; a row's cost is small.
    assert many["offers_per_s"] > 2 * few["offers_per_s"]
    assert many["ratio_to_naive"] > 1


def test_the_ratio_is_the_speed_over_that_of_one_insert_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobmatch_ml.bench.ingest.naive_offers_per_s", lambda *_: 4.0)
    source = write_lines(tmp_path / "a.jsonl", offer("1"))
    (row,) = run_ingest_bench(offers=source, sizes=(20,))
    # Seconds are shown to 0.01, offers a second to 1 and the ratio to 0.1.
    assert row["ratio_to_naive"] == pytest.approx(row["offers_per_s"] / 4, abs=0.2)
    assert row["ratio_to_naive"] == pytest.approx(20 / row["seconds"] / 4, rel=0.05, abs=0.2)


def test_nothing_to_copy_from_is_an_error(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "a.jsonl", "broken")
    with pytest.raises(InputError, match="no offer to copy from"):
        run_ingest_bench(offers=source, sizes=(1,))
