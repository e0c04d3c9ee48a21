"""The calibration bench: the same test days played again, all outcomes known, judged by stage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jobmatch_ml.bench import calibration
from jobmatch_ml.bench.calibration import run_calibration_bench
from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.calibration_stages import AT_POSITION, LOOKED_AT, judge_stages
from jobmatch_ml.evaluation.simulated_logs import simulate_known_log, true_propensities
from jobmatch_ml.ranking.calibration import Calibrators, StageCalibrator
from jobmatch_ml.ranking.score_table import ScoreTable
from jobmatch_ml.training.calibration_data import CalibrationSplit
from tests.hidden_world import CONFIG, MARKET


def test_the_test_days_are_of_test_people_with_all_outcomes_known() -> None:
    log = simulate_known_log(CONFIG, impressions=5_000, seed=1, market=MARKET).table
    names = sorted(pc.unique(log["user"]).to_pylist())
    start = datetime.combine(CONFIG.start_date, datetime.min.time(), UTC) + timedelta(
        days=CONFIG.days - 2
    )
    split = CalibrationSplit(pa.array(names[:5]), pa.array(names[5:]), start)
    table, examined = calibration._test_logs(CONFIG, MARKET, split, 2)
    assert len(table) == len(examined) > 0
    assert pc.min(table["shown_at"]).as_py() >= start
    assert not set(table["user"].to_pylist()) & set(names[:5])
    assert table["got_hired"].null_count == 0
    fitted_on = calibration._calibration_logs(CONFIG, MARKET, split, 2)
    assert pc.max(fitted_on["shown_at"]).as_py() < start
    assert set(fitted_on["user"].to_pylist()) <= set(names[:5])

    offers = np.array(sorted(pc.unique(table["offer_external_id"]).to_pylist()))
    flat = np.zeros((len(names), len(offers)), dtype=np.float32)
    views = np.asarray(table["viewed"].to_numpy(), dtype=float)
    looked = true_propensities(CONFIG)
    rate = views.sum() / looked.propensities_of(table).sum()
    odds = float(np.log(rate / (1 - rate)))
    curve = StageCalibrator(
        method="platt", intercept=odds, support=((-1, 1),), base_rate=rate, n_rows=1, n_events=1
    )
    calibrators = Calibrators(score="flat", stages={"view": curve})
    scores = ScoreTable(np.array(names), offers, flat)
    judged = judge_stages(
        calibrators, table, scores.of(table), looked, examined=examined, n_bootstrap=50
    )
    rows = [item.as_row() for item in judged]
    assert [row["given"] for row in rows] == [AT_POSITION, LOOKED_AT]
    assert rows[0]["rows"] == len(table)
    assert rows[1]["rows"] == examined.sum()
    assert rows[0]["coverage"] == 1.0
    # A flat score adds nothing to the position, and is right on average.
    assert abs(rows[0]["skill_over_position"]) < 0.01
    assert abs(rows[1]["brier_skill"]) < 0.02


def test_a_data_set_must_be_named() -> None:
    with pytest.raises(InputError, match="dataset"):
        run_calibration_bench()
