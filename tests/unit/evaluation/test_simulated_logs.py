"""Logs with their truth: simulated to size, read back row by row, and a ranker that is unlike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError
from jobmatch_ml.evaluation.counterfactual_slates import read_slates
from jobmatch_ml.evaluation.simulated_logs import (
    read_known_log,
    reversed_scores,
    simulate_known_log,
    true_propensities,
)
from jobmatch_ml.world.behaviour import propensity_rows
from jobmatch_ml.world.files import write_propensities
from tests.hidden_world import CONFIG, MARKET


def test_a_log_has_about_the_length_asked_for_and_is_seeded() -> None:
    log = simulate_known_log(CONFIG, impressions=3_000, seed=1, market=MARKET)
    again = simulate_known_log(CONFIG, impressions=3_000, seed=1)
    assert 2_000 < len(log.table) < 4_000
    assert log.table.equals(again.table)
    assert (log.attraction == again.attraction).all()
    other = simulate_known_log(CONFIG, impressions=3_000, seed=2, market=MARKET)
    assert not log.table.equals(other.table)


def test_a_log_read_later_has_the_same_rows_and_knows_more() -> None:
    log = simulate_known_log(CONFIG, impressions=3_000, seed=1, market=MARKET).table
    later = simulate_known_log(
        CONFIG, impressions=3_000, seed=1, market=MARKET, follow_up_days=120
    ).table
    for column in ("impression_id", "offer_external_id", "position", "viewed"):
        assert later[column].equals(log[column])
    assert log["got_hired"].null_count > 0
    assert later["got_hired"].null_count == 0
    assert later["got_interview"].null_count == 0


def test_views_follow_the_position_based_model() -> None:
    log = simulate_known_log(CONFIG, impressions=20_000, seed=3, market=MARKET)
    expected = log.attraction * log.propensities.propensities_of(log.table)
    views = np.asarray(log.table["viewed"].to_numpy())
    error = np.sqrt((expected * (1 - expected)).sum())
    assert abs(views.sum() - expected.sum()) < 4 * error
    assert true_propensities(CONFIG).of("search", 1) == 1


def test_the_reversed_ranker_puts_the_loggers_last_first() -> None:
    log = simulate_known_log(CONFIG, impressions=2_000, seed=1, market=MARKET)
    slates = read_slates(log.table)
    scores = reversed_scores(slates)
    ranked = ~slates.positions.is_random
    assert (scores[ranked] == slates.positions.home[ranked]).all()
    assert np.corrcoef(scores[~ranked], slates.positions.position[~ranked])[0, 1] < 0.2


def write_world(folder: Path) -> None:
    log = simulate_known_log(CONFIG, impressions=1_000, seed=1, market=MARKET)
    n_rows = len(log.table)
    truth = {
        "impression_id": log.table["impression_id"],
        "attraction": pa.array(log.attraction.astype(np.float32)),
        "examined": [True] * n_rows,
        "grade": [0] * n_rows,
        "discriminated": [False] * n_rows,
    }
    (folder / "truth").mkdir(parents=True)
    pq.write_table(log.table, folder / "interactions.parquet")
    pq.write_table(pa.table(truth), folder / "truth" / "impressions.parquet")
    rows = propensity_rows(CONFIG.behaviour, CONFIG.slate_size)
    write_propensities(folder / "truth" / "propensities.parquet", rows)


def test_a_built_worlds_log_is_read_with_its_truth(tmp_path: Path) -> None:
    write_world(tmp_path)
    log = read_known_log(tmp_path)
    assert len(log.attraction) == len(log.table)
    assert log.propensities.curves == true_propensities(CONFIG).curves


def test_the_truth_of_another_log_is_refused(tmp_path: Path) -> None:
    write_world(tmp_path)
    path = tmp_path / "truth" / "impressions.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(FormatError, match="truth is not of the log's rows"):
        read_known_log(tmp_path)
