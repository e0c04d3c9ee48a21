"""The world's bench runs at a small size and measures every part in a process of its own."""

from __future__ import annotations

from jobmatch_ml.bench.world import run_world_bench


def test_every_part_is_measured() -> None:
    rows = run_world_bench(sizes=[200], written=40, impressions=2_000)
    assert [row["part"] for row in rows] == [
        "facts",
        "offers written",
        "candidates written",
        "impressions written",
    ]
    assert [row["items"] for row in rows[:3]] == [400, 40, 40]
    assert 1_000 < rows[3]["items"] < 3_000
    assert all(row["items_per_s"] > 0 and 20 < row["peak_mb"] < 2_048 for row in rows)
