"""The notebooks on the log, as a data scientist first runs them: on the sample world."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebooks.test_notebooks import run

pytestmark = pytest.mark.notebook


def test_exploring_counts_the_sample_log_the_same_each_time(tmp_path: Path) -> None:
    records = run("07_explore_interactions", tmp_path)
    stages = ("shown", "viewed", "saved", "applied", "interview", "hired")
    counts = {stage: records[f"n_{stage}"] for stage in stages}
    assert counts["shown"] > counts["viewed"] > counts["applied"] > counts["interview"] > 0
    assert counts["interview"] >= counts["hired"]
    assert 0 < records["returning_share"] <= 1
    assert 0.1 < records["top_tenth_share"] < 1
    assert all(Path(path).is_file() for path in records["artifacts"])
    assert run("07_explore_interactions", tmp_path) == records


def test_labels_are_judged_and_the_splits_do_not_leak(tmp_path: Path) -> None:
    records = run("08_labels_and_leakage", tmp_path)
    assert records["leaks"] == {}
    assert {"candidate in two splits", "row outside its split's window"} <= set(
        records["leaks_at_random"]
    )
    assert records["negatives"]["kept"] > 0
    assert set(records["label_error"]) == {"as_known", "weighted"}
    assert records["n_jobs"] > 50
    assert run("08_labels_and_leakage", tmp_path) == records
