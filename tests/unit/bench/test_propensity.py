"""The propensity benchmark at a small size: its rows, and that estimates come near the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.bench.propensity import run_propensity_bench
from jobmatch_ml.errors import MissingFileError


def test_methods_and_estimators_each_have_their_rows(project_root: Path) -> None:
    rows = run_propensity_bench(
        config=str(project_root / "configs" / "world" / "demo.yaml"),
        impressions=120_000,
        seeds=2,
        seed_impressions=80_000,
    )
    worst = {
        (row["method"], row["surface"]): row["worst"]
        for row in rows
        if row["part"] == "propensities" and "worst" in row
    }
    assert worst["em+smooth", "top_offers"] < 0.25
    values = {
        (row["ranker"], row["estimator"], row["propensities"]): row
        for row in rows
        if row["part"] == "value"
    }
    assert {key[0] for key in values} == {"reversed", "newest"}
    for ranker in ("reversed", "newest"):
        known, naive = values[ranker, "snips", "known"], values[ranker, "naive", "known"]
        assert abs(known["value"] - known["truth"]) < 0.05
        assert known["half_width"] < 0.05
        assert naive["errors_off"] > 3
        assert naive["covered"] == 0
        assert known["effective_sample_size"] > 100
        assert values[ranker, "snips", "em"]["half_width"] > known["half_width"]


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="name a world's configuration"):
        run_propensity_bench(config=str(tmp_path / "none.yaml"))
