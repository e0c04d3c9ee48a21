"""Stages judged with abstention, positions and delays; tests of the figures: test_calibration."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from jobmatch_ml.evaluation.calibration_stages import AT_POSITION, LOOKED_AT, judge_stages
from jobmatch_ml.interactions.censoring import DelayCurve, fit_delays
from jobmatch_ml.interactions.propensity import known_propensities
from jobmatch_ml.ranking.calibration import Calibrators, StageCalibrator
from tests.log_factory import day, make_log

HALF = StageCalibrator(
    method="isotonic",
    scores=(0.0,),
    probabilities=(0.5,),
    support=((0.0, 0.5),),
    base_rate=0.5,
    n_rows=1,
    n_events=1,
)
CALIBRATORS = Calibrators(score="s", stages={"view": HALF, "apply": HALF})
PROPENSITIES = known_propensities({"top_offers": np.array([1.0, 0.5])})


def rows(count: int, **values: Any) -> list[dict[str, Any]]:
    return [{"user": f"u{k}", "position": 1 + k % 2, **values} for k in range(count)]


def test_unsupported_rows_are_not_judged_and_are_counted() -> None:
    table = make_log(*rows(4, viewed=True), *rows(6))
    scores = [0.2] * 8 + [0.9] * 2
    (view,) = judge_stages(CALIBRATORS, table, scores, PROPENSITIES, n_bins=1, n_bootstrap=20)
    assert view.coverage == 0.8
    assert view.report.n_rows == 8
    assert view.report.bins[0].predicted == 0.375  # half of them at a propensity of 1/2
    assert view.report.bins[0].observed == 0.5
    assert view.given == AT_POSITION


def test_looked_at_leaves_the_position_out() -> None:
    table = make_log(*rows(4, viewed=True), *rows(4))
    examined = [True] * 6 + [False] * 2
    judged = judge_stages(
        CALIBRATORS, table, [0.1] * 8, PROPENSITIES, examined=examined, n_bins=1, n_bootstrap=20
    )
    looked = judged[1]
    assert (looked.given, looked.report.n_rows) == (LOOKED_AT, 6)
    assert looked.report.bins[0].predicted == 0.5
    assert looked.report.skill_over_position is None


def test_outcomes_on_their_way_are_not_expected_yet() -> None:
    applied = {"viewed": True, "applied": True, "applied_at": day(1), "viewed_at": day(0)}
    table = make_log(*rows(4, **applied), *rows(4))
    delays = fit_delays(table, as_of=day(9))
    slow = replace(delays, reached={**delays.reached, "applied": DelayCurve((0.0,) * 999, 1)})
    judged = judge_stages(
        CALIBRATORS, table, [0.1] * 8, PROPENSITIES, delays=slow, n_bins=1, n_bootstrap=20
    )
    by_stage = {item.stage: item.report.bins[0].predicted for item in judged}
    assert by_stage == {"view": 0.375, "apply": 0.0}
