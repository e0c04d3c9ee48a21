"""Nobody who trained or tests calibrates, and no day of the test is seen."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.simulated_logs import simulate_known_log
from jobmatch_ml.training.calibration_data import calibration_split, position_propensities
from tests.hidden_world import CONFIG, MARKET
from tests.log_factory import day, make_log


def dataset(folder: Path) -> Path:
    for split, person in (("train", "a"), ("test", "c")):
        (folder / split).mkdir()
        line = orjson.dumps({"_id": person, "title": "t", "text": ""})
        (folder / split / "queries.jsonl").write_bytes(line + b"\n")
    cutoffs = [day(number).isoformat() for number in (5, 10, 20)]
    body = {"data_hash": "h", "counts": {}, "dropped": {}, "cutoffs": cutoffs}
    (folder / "dataset.json").write_bytes(orjson.dumps(body))
    return folder


def test_people_and_days_are_kept_apart(tmp_path: Path) -> None:
    log = make_log(
        *[{"user": user, "shown_at": day(when)} for user in "abc" for when in (1.0, 7.0, 12.0)]
    )
    split = calibration_split(log, dataset(tmp_path))
    fitted = split.fit_rows(log)
    assert set(fitted["user"].to_pylist()) == {"b"}
    assert fitted["shown_at"].to_pylist() == [day(1), day(7)]
    tested = log.filter(split.test_rows(log))
    assert tested["user"].to_pylist() == ["c"]
    assert tested["shown_at"].to_pylist() == [day(12)]
    assert len(split.before(log)) == 6


def test_a_log_of_trained_and_tested_people_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="everyone"):
        calibration_split(make_log({"user": "a"}, {"user": "c"}), dataset(tmp_path))


def test_a_short_log_pools_its_surfaces_and_says_so() -> None:
    table = simulate_known_log(CONFIG, impressions=6_000, seed=1, market=MARKET).table
    model = position_propensities(table)
    assert "together" in model.method
    assert set(model.curves) == {"search", "top_offers"}
    assert model.curves["search"] == model.curves["top_offers"]
    assert model.of("search", 10) < 0.6
