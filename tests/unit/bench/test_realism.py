"""The realism bench: a world against itself is alike, and real offers must be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.bench.realism import run_realism_bench
from jobmatch_ml.bench.results import TABLES
from jobmatch_ml.errors import InputError

SAMPLE = Path("data/sample")


def test_offers_against_themselves_are_alike_in_every_share() -> None:
    rows = run_realism_bench(
        real=str(SAMPLE / "bronze"), world=str(SAMPLE), match_on="none", max_offers=60
    )
    shares = [row for row in rows if row["part"] == "share"]
    assert shares
    assert all(row["world"] == row["other"] for row in shares)
    tests = [row for row in rows if row["part"] == "test"]
    # The same texts on both sides cannot be told apart: at most by chance.
    assert all(row["auc"] < 0.65 for row in tests)


def test_the_tables_show_tests_and_summary() -> None:
    environment = {"date": "2026-01-01", "commit": "abc", "cores": 2, "cpu": "a CPU"}
    rows = [
        {"part": "size", "world": 1200, "other": 1100},
        {"part": "test", "field": "intitule", "auc": 0.9, "auc_low": 0.88, "auc_high": 0.92},
        {"part": "summary", "measure": "distinct titles", "world": 0.6, "other": 0.7},
    ]
    result = {"bench": "realism", "environment": environment, "reference": {}, "rows": rows}
    tests, summary = TABLES["realism"][1](result), TABLES["realism-summary"][1](result)
    assert "0.900 [0.880, 0.920]" in tests
    assert "1,200 offers of the world against 1,100 real ones" in tests
    assert "distinct titles" in summary
    assert "intitule" not in summary


def test_real_offers_must_be_named() -> None:
    with pytest.raises(InputError, match="--option real=PATH"):
        run_realism_bench()
